-- The method's limits on the basis of a result that was stated on another one than the method's.
ALTER TABLE result ADD COLUMN lod TEXT;
ALTER TABLE result ADD COLUMN loq TEXT;
DROP VIEW v_laboratory_result;
CREATE VIEW v_laboratory_result AS SELECT
    r.number, r.sample, r.lot, r.analyte, r.qualifier, r.value, r.unit, r.basis, r.uncertainty, r.coverage,
    r.method, r.method_version, m.code AS method_code, v.edition AS method_edition,
    COALESCE(r.loq, r.lod, a.reporting_limit) AS reporting_limit,
    r.instrument, r.calibration, r.workflow, r.qc, r.hand_typed, r.changed, r.reading,
    r.tested_by, r.tested_at, r.tested_authorisation, r.reviewed_by, r.reviewed_at, r.reviewed_authorisation,
    r.released_by, r.released_at, r.released_authorisation, r.validity, a.range_low, a.range_high, r.in_range,
    s.from_outside, r.below_lod, r.suspect, r.run, r.position, r.replicate, r.replaces, r.recorded_at,
    m.name_en AS method_name_en, m.name_zh AS method_name_zh, s.code AS sample_code,
    COALESCE(r.lod, a.lod) AS lod, COALESCE(r.loq, a.loq) AS loq, a.reporting_rule, r.digits
FROM result r
JOIN method m ON m.number = r.method
JOIN method_version v ON v.number = r.method_version
LEFT JOIN method_analyte a ON a.version = r.method_version AND a.analyte = r.analyte
LEFT JOIN v_sample s ON s.number = r.sample;
