//! Materials in the database.

store::statements! {
    MATERIAL_CODE = "SELECT number FROM material WHERE code = ?1";
    PUT_MATERIAL = "INSERT INTO material (number, code, kind, name_en, name_zh, formula, made_at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    MATERIAL_SHOWN = "SELECT code, kind, name_en, name_zh, formula,
        (SELECT COUNT(*) FROM lot WHERE lot.material = material.number),
        (SELECT COUNT(*) FROM lot WHERE lot.material = material.number AND lot.state = 'in-stock')
        FROM material WHERE number = ?1";
}
