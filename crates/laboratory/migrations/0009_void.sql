ALTER TABLE method_version ADD COLUMN voided_from TEXT;
ALTER TABLE method_version ADD COLUMN voided_at TEXT;
ALTER TABLE method_version ADD COLUMN void_reason TEXT;
ALTER TABLE reference_lot ADD COLUMN voided_from TEXT;
ALTER TABLE reference_lot ADD COLUMN voided_at TEXT;
ALTER TABLE reference_lot ADD COLUMN void_reason TEXT;
CREATE INDEX result_version ON result (method_version);
CREATE VIEW v_laboratory_method_version AS SELECT
    v.number, v.method, m.code AS method_code, v.edition, v.in_force_from, v.voided_from, v.voided_at,
    v.void_reason
FROM method_version v JOIN method m ON m.number = v.method;
CREATE VIEW v_laboratory_reference_lot AS SELECT
    l.number, l.material, l.code, l.expires, l.voided_from, l.voided_at, l.void_reason
FROM reference_lot l;
