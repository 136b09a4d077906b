CREATE TABLE method (
    number INTEGER PRIMARY KEY NOT NULL,
    code TEXT NOT NULL UNIQUE,
    name_en TEXT NOT NULL,
    name_zh TEXT NOT NULL,
    defined_at TEXT NOT NULL
);
CREATE TABLE method_version (
    number INTEGER PRIMARY KEY NOT NULL,
    method INTEGER NOT NULL REFERENCES method (number),
    edition TEXT NOT NULL,
    in_force_from TEXT NOT NULL,
    document TEXT,
    preparation TEXT,
    reviewer_differs INTEGER NOT NULL CHECK (reviewer_differs IN (0, 1)),
    releaser_differs INTEGER NOT NULL CHECK (releaser_differs IN (0, 1)),
    issued_at TEXT NOT NULL,
    issued_by INTEGER,
    UNIQUE (method, edition)
);
CREATE TABLE method_analyte (
    version INTEGER NOT NULL REFERENCES method_version (number),
    analyte TEXT NOT NULL,
    position INTEGER NOT NULL,
    unit TEXT NOT NULL,
    basis TEXT NOT NULL,
    reporting_limit TEXT,
    range_low TEXT,
    range_high TEXT,
    spec TEXT NOT NULL,
    PRIMARY KEY (version, analyte)
) WITHOUT ROWID;
CREATE TABLE instrument (
    number INTEGER PRIMARY KEY NOT NULL,
    code TEXT NOT NULL UNIQUE,
    name_en TEXT NOT NULL,
    name_zh TEXT NOT NULL,
    serial TEXT,
    registered_at TEXT NOT NULL
);
CREATE TABLE calibration (
    number INTEGER PRIMARY KEY NOT NULL,
    instrument INTEGER NOT NULL REFERENCES instrument (number),
    certificate TEXT NOT NULL,
    valid_from TEXT NOT NULL,
    valid_until TEXT NOT NULL,
    recorded_at TEXT NOT NULL,
    recorded_by INTEGER,
    voided_from TEXT,
    voided_at TEXT,
    void_reason TEXT,
    CHECK (valid_from < valid_until),
    CHECK ((voided_at IS NULL) = (voided_from IS NULL))
);
CREATE INDEX calibration_instrument ON calibration (instrument, valid_from);
CREATE TABLE reference_material (
    number INTEGER PRIMARY KEY NOT NULL,
    code TEXT NOT NULL UNIQUE,
    name_en TEXT NOT NULL,
    name_zh TEXT NOT NULL,
    producer TEXT,
    defined_at TEXT NOT NULL
);
CREATE TABLE reference_lot (
    number INTEGER PRIMARY KEY NOT NULL,
    material INTEGER NOT NULL REFERENCES reference_material (number),
    code TEXT NOT NULL UNIQUE,
    expires TEXT NOT NULL,
    certificate TEXT,
    added_at TEXT NOT NULL
);
CREATE TABLE reference_value (
    lot INTEGER NOT NULL REFERENCES reference_lot (number),
    analyte TEXT NOT NULL,
    value TEXT NOT NULL,
    uncertainty TEXT,
    coverage TEXT,
    unit TEXT NOT NULL,
    PRIMARY KEY (lot, analyte)
) WITHOUT ROWID;
CREATE TABLE lab_request (
    number INTEGER PRIMARY KEY NOT NULL,
    code TEXT NOT NULL UNIQUE,
    party INTEGER,
    due TEXT,
    note TEXT,
    registered_at TEXT NOT NULL,
    registered_by INTEGER
);
CREATE TABLE lab_request_item (
    request INTEGER NOT NULL REFERENCES lab_request (number),
    sample INTEGER NOT NULL,
    method INTEGER NOT NULL REFERENCES method (number),
    analyte TEXT NOT NULL,
    PRIMARY KEY (request, sample, method, analyte)
) WITHOUT ROWID;
CREATE INDEX lab_request_sample ON lab_request_item (sample, method);
CREATE TABLE worksheet (
    number INTEGER PRIMARY KEY NOT NULL,
    code TEXT NOT NULL UNIQUE,
    method INTEGER NOT NULL REFERENCES method (number),
    method_version INTEGER NOT NULL REFERENCES method_version (number),
    instrument INTEGER REFERENCES instrument (number),
    opened_at TEXT NOT NULL,
    opened_by INTEGER
);
CREATE TABLE worksheet_position (
    worksheet INTEGER NOT NULL REFERENCES worksheet (number),
    position INTEGER NOT NULL CHECK (position > 0),
    kind TEXT NOT NULL CHECK (kind IN ('sample', 'blank', 'reference', 'duplicate')),
    sample INTEGER,
    reference_lot INTEGER REFERENCES reference_lot (number),
    PRIMARY KEY (worksheet, position)
) WITHOUT ROWID;
CREATE TABLE intake_mapping (
    number INTEGER PRIMARY KEY NOT NULL,
    name TEXT NOT NULL,
    version TEXT NOT NULL,
    sha256 TEXT NOT NULL UNIQUE,
    toml TEXT NOT NULL,
    added_at TEXT NOT NULL,
    added_by INTEGER
);
CREATE TABLE intake_import (
    number INTEGER PRIMARY KEY NOT NULL,
    file_sha256 TEXT NOT NULL,
    file_name TEXT NOT NULL,
    mapping TEXT NOT NULL,
    mapping_version TEXT NOT NULL,
    method INTEGER NOT NULL REFERENCES method (number),
    method_version INTEGER NOT NULL REFERENCES method_version (number),
    instrument INTEGER REFERENCES instrument (number),
    person INTEGER,
    authorisation INTEGER,
    zone TEXT NOT NULL,
    begun_at TEXT NOT NULL,
    readings INTEGER NOT NULL,
    recorded INTEGER NOT NULL,
    chunks INTEGER NOT NULL,
    finished_at TEXT,
    account TEXT,
    CHECK (recorded <= readings),
    CHECK ((finished_at IS NULL) = (account IS NULL))
);
CREATE INDEX intake_import_file ON intake_import (file_sha256, mapping, mapping_version);
CREATE TABLE intake_note (
    import INTEGER NOT NULL REFERENCES intake_import (number),
    line INTEGER NOT NULL,
    place TEXT NOT NULL,
    outcome TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (import, line)
) WITHOUT ROWID;
CREATE TABLE reading (
    number INTEGER PRIMARY KEY NOT NULL,
    import INTEGER NOT NULL REFERENCES intake_import (number),
    position INTEGER NOT NULL,
    place TEXT NOT NULL,
    col INTEGER NOT NULL,
    sample_id TEXT NOT NULL,
    class TEXT NOT NULL,
    analyte TEXT NOT NULL,
    channel TEXT NOT NULL,
    raw TEXT NOT NULL,
    qualifier TEXT NOT NULL,
    value TEXT,
    unit TEXT NOT NULL,
    basis TEXT NOT NULL,
    measured_at TEXT,
    detail TEXT,
    outcome TEXT NOT NULL CHECK (outcome IN ('result', 'control', 'asks', 'refused', 'kept', 'ignored')),
    why TEXT,
    became INTEGER,
    CHECK ((became IS NOT NULL) = (outcome IN ('result', 'control')))
);
CREATE INDEX reading_import ON reading (import, outcome, position);
CREATE INDEX reading_asks ON reading (number) WHERE outcome = 'asks';
CREATE TABLE result (
    number INTEGER PRIMARY KEY NOT NULL,
    sample INTEGER NOT NULL,
    lot INTEGER,
    run INTEGER,
    position INTEGER NOT NULL,
    reading INTEGER REFERENCES reading (number),
    method INTEGER NOT NULL,
    method_version INTEGER NOT NULL,
    analyte TEXT NOT NULL,
    qualifier TEXT NOT NULL,
    value TEXT,
    unit TEXT NOT NULL,
    basis TEXT NOT NULL,
    uncertainty TEXT,
    coverage TEXT,
    in_range INTEGER CHECK (in_range IN (0, 1)),
    below_lod INTEGER NOT NULL CHECK (below_lod IN (0, 1)),
    instrument INTEGER,
    calibration INTEGER,
    suspect TEXT,
    workflow TEXT NOT NULL CHECK (workflow IN ('assigned', 'measured', 'reviewed', 'released',
        'listed_not_received', 'insufficient_sample', 'not_analysed', 'no_result', 'cancelled')),
    qc TEXT NOT NULL CHECK (qc IN ('not_required', 'not_tested', 'pass', 'warning', 'failure',
        'failure_overridden')),
    validity TEXT NOT NULL CHECK (validity IN ('valid', 'retracted', 'invalidated')),
    hand_typed INTEGER NOT NULL CHECK (hand_typed IN (0, 1)),
    changed INTEGER NOT NULL CHECK (changed IN (0, 1)),
    replicate INTEGER NOT NULL CHECK (replicate > 0),
    replaces INTEGER,
    why TEXT,
    tested_by INTEGER,
    tested_at TEXT NOT NULL,
    tested_authorisation INTEGER,
    reviewed_by INTEGER,
    reviewed_at TEXT,
    reviewed_authorisation INTEGER,
    released_by INTEGER,
    released_at TEXT,
    released_authorisation INTEGER,
    recorded_at TEXT NOT NULL,
    CHECK ((reviewed_at IS NULL) = (reviewed_by IS NULL)),
    CHECK ((released_at IS NULL) = (released_by IS NULL)),
    CHECK (workflow <> 'released' OR reviewed_at IS NOT NULL)
);
CREATE INDEX result_sample ON result (sample, analyte);
CREATE INDEX result_run ON result (run, analyte, position);
CREATE INDEX result_workflow ON result (workflow, validity, number);
CREATE INDEX result_qc ON result (qc, validity, workflow);
CREATE TABLE qc_event (
    number INTEGER PRIMARY KEY NOT NULL,
    run INTEGER NOT NULL,
    position INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('blank', 'reference', 'duplicate')),
    analyte TEXT NOT NULL,
    method_version INTEGER NOT NULL,
    reading INTEGER REFERENCES reading (number),
    reference_lot INTEGER REFERENCES reference_lot (number),
    against INTEGER,
    measured TEXT NOT NULL,
    value TEXT,
    target TEXT,
    tolerance TEXT,
    unit TEXT NOT NULL,
    rule TEXT NOT NULL,
    verdict TEXT NOT NULL CHECK (verdict IN ('pass', 'warning', 'failure', 'undecidable')),
    measured_at TEXT NOT NULL,
    hand_typed INTEGER NOT NULL CHECK (hand_typed IN (0, 1)),
    recorded_at TEXT NOT NULL
);
CREATE INDEX qc_event_run ON qc_event (run, analyte, position);
CREATE INDEX qc_event_reference ON qc_event (reference_lot, analyte, number);
CREATE TABLE qc_override (
    number INTEGER PRIMARY KEY NOT NULL,
    result INTEGER NOT NULL REFERENCES result (number),
    person INTEGER NOT NULL,
    authorisation INTEGER,
    reason TEXT NOT NULL,
    valid_until TEXT NOT NULL,
    at TEXT NOT NULL,
    CHECK (at < valid_until)
);
CREATE INDEX qc_override_result ON qc_override (result);
CREATE VIEW v_laboratory_result AS SELECT
    r.number, r.sample, r.lot, r.analyte, r.qualifier, r.value, r.unit, r.basis, r.uncertainty, r.coverage,
    r.method, r.method_version, m.code AS method_code, v.edition AS method_edition, a.reporting_limit,
    r.instrument, r.calibration, r.workflow, r.qc, r.hand_typed, r.changed, r.reading,
    r.tested_by, r.tested_at, r.tested_authorisation, r.reviewed_by, r.reviewed_at, r.reviewed_authorisation,
    r.released_by, r.released_at, r.released_authorisation, r.validity, a.range_low, a.range_high, r.in_range,
    s.from_outside, r.below_lod, r.suspect, r.run, r.position, r.replicate, r.replaces, r.recorded_at,
    m.name_en AS method_name_en, m.name_zh AS method_name_zh, s.code AS sample_code
FROM result r
JOIN method m ON m.number = r.method
JOIN method_version v ON v.number = r.method_version
LEFT JOIN method_analyte a ON a.version = r.method_version AND a.analyte = r.analyte
LEFT JOIN v_sample s ON s.number = r.sample;
CREATE VIEW v_laboratory_calibration AS SELECT
    c.number, c.instrument, i.code AS instrument_code, c.certificate, c.valid_from, c.valid_until,
    c.voided_from,
    c.voided_at, c.void_reason
FROM calibration c JOIN instrument i ON i.number = c.instrument;
CREATE VIEW v_laboratory_reading AS SELECT
    d.number, i.file_sha256, i.file_name, d.place AS "row", d.col, d.raw, d.import, d.sample_id, d.analyte,
    d.channel, d.outcome, d.became
FROM reading d JOIN intake_import i ON i.number = d.import;
CREATE VIEW v_laboratory_qc AS SELECT
    r.number AS result, q.number, q.kind, q.analyte, q.run, q.position, q.reference_lot, q.verdict,
    q.measured,
    q.target, q.tolerance, q.unit, q.rule, q.measured_at
FROM qc_event q JOIN result r ON r.run = q.run AND r.analyte = q.analyte
WHERE q.verdict <> 'undecidable' AND (
    (q.position <= r.position AND NOT EXISTS (
        SELECT 1 FROM qc_event n WHERE n.run = q.run AND n.analyte = q.analyte AND n.kind = q.kind
        AND n.verdict <> 'undecidable' AND n.position > q.position AND n.position <= r.position))
    OR (q.position > r.position AND NOT EXISTS (
        SELECT 1 FROM qc_event n WHERE n.run = q.run AND n.analyte = q.analyte AND n.kind = q.kind
        AND n.verdict <> 'undecidable' AND n.position < q.position AND n.position > r.position)));
CREATE VIEW v_laboratory_override AS SELECT number, result, person, authorisation, reason, valid_until, at
FROM qc_override;
