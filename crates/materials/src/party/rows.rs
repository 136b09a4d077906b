//! Parties in the database.

store::statements! {
    PARTY_CODE = "SELECT number FROM party WHERE code = ?1";
    PUT_PARTY = "INSERT INTO party (number, code, kind, name_en, name_zh, address, made_at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    PARTY_SHOWN = "SELECT code, kind, name_en, name_zh, address,
        (SELECT COUNT(*) FROM lot WHERE lot.origin_party = party.number),
        (SELECT COUNT(*) FROM lot WHERE lot.shipped_to = party.number)
        FROM party WHERE number = ?1";
    PARTY_SHIPPED = "SELECT number, code, shipped_at, shipped_kg_wet, shipped_kg_dry FROM lot WHERE
        shipped_to = ?1
        ORDER BY number DESC LIMIT 100";
}
