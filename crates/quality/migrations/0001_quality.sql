CREATE TABLE specification (
    number INTEGER PRIMARY KEY NOT NULL,
    code TEXT NOT NULL UNIQUE,
    name_en TEXT NOT NULL,
    name_zh TEXT NOT NULL,
    material INTEGER NOT NULL,
    grade TEXT NOT NULL,
    defined_at TEXT NOT NULL
);
CREATE TABLE specification_version (
    number INTEGER PRIMARY KEY NOT NULL,
    specification INTEGER NOT NULL REFERENCES specification (number),
    edition TEXT NOT NULL,
    material INTEGER NOT NULL,
    party INTEGER,
    in_force_from TEXT NOT NULL,
    in_force_until TEXT,
    items TEXT NOT NULL,
    issued_at TEXT NOT NULL,
    issued_by INTEGER,
    UNIQUE (specification, edition),
    CHECK (in_force_until IS NULL OR in_force_from < in_force_until)
);
CREATE INDEX specification_version_material ON specification_version (material, party, in_force_from);
CREATE TABLE hold (
    number INTEGER PRIMARY KEY NOT NULL,
    lot INTEGER NOT NULL,
    scope TEXT,
    reason TEXT NOT NULL,
    placed_at TEXT NOT NULL,
    placed_by INTEGER,
    lifted_at TEXT,
    lifted_by INTEGER,
    lift_reason TEXT,
    CHECK ((lifted_at IS NULL) = (lift_reason IS NULL)),
    CHECK (lifted_by IS NULL OR placed_by IS NULL OR lifted_by <> placed_by)
);
CREATE INDEX hold_open ON hold (lifted_at, number);
CREATE TABLE hold_lot (
    hold INTEGER NOT NULL REFERENCES hold (number),
    lot INTEGER NOT NULL,
    via INTEGER,
    at TEXT NOT NULL,
    PRIMARY KEY (hold, lot)
) WITHOUT ROWID;
CREATE INDEX hold_lot_lot ON hold_lot (lot, hold);
CREATE TABLE disposition (
    number INTEGER PRIMARY KEY NOT NULL,
    lot INTEGER NOT NULL,
    decision TEXT NOT NULL CHECK (decision IN ('released', 'rejected', 'concession')),
    specification_version INTEGER,
    party INTEGER,
    at TEXT NOT NULL,
    person INTEGER,
    "authorisation" INTEGER,
    reason TEXT,
    consent TEXT,
    valid_until TEXT,
    detail TEXT NOT NULL,
    CHECK (decision = 'rejected' OR specification_version IS NOT NULL),
    CHECK (decision <> 'concession' OR (consent IS NOT NULL AND party IS NOT NULL AND at < valid_until))
);
CREATE INDEX disposition_lot ON disposition (lot, number);
CREATE TABLE disposition_result (
    result INTEGER NOT NULL,
    disposition INTEGER NOT NULL REFERENCES disposition (number),
    PRIMARY KEY (result, disposition)
) WITHOUT ROWID;
CREATE TABLE lot_decision (
    lot INTEGER PRIMARY KEY NOT NULL,
    disposition INTEGER NOT NULL REFERENCES disposition (number),
    decision TEXT NOT NULL CHECK (decision IN ('released', 'rejected'))
);
CREATE TABLE gate_override (
    number INTEGER PRIMARY KEY NOT NULL,
    lot INTEGER NOT NULL,
    gate TEXT NOT NULL,
    reason TEXT NOT NULL,
    valid_until TEXT NOT NULL,
    at TEXT NOT NULL,
    person INTEGER NOT NULL,
    "authorisation" INTEGER NOT NULL,
    used INTEGER NOT NULL CHECK (used >= 0),
    CHECK (at < valid_until)
);
CREATE INDEX gate_override_lot ON gate_override (lot, gate);
CREATE INDEX gate_override_until ON gate_override (valid_until);
CREATE TABLE certificate (
    number INTEGER PRIMARY KEY NOT NULL,
    code TEXT NOT NULL,
    year INTEGER NOT NULL,
    serial INTEGER NOT NULL CHECK (serial > 0),
    revision INTEGER NOT NULL CHECK (revision >= 0),
    lot INTEGER NOT NULL,
    party INTEGER NOT NULL,
    specification_version INTEGER NOT NULL,
    disposition INTEGER NOT NULL REFERENCES disposition (number),
    check_code TEXT NOT NULL UNIQUE,
    given TEXT NOT NULL,
    document TEXT NOT NULL,
    json_sha256 TEXT NOT NULL,
    pdf_sha256 TEXT,
    issued_at TEXT NOT NULL,
    issued_by INTEGER,
    superseded_by INTEGER,
    superseded_at TEXT,
    superseded_reason TEXT,
    UNIQUE (year, serial, revision),
    CHECK ((superseded_at IS NULL) = (superseded_by IS NULL)),
    CHECK ((superseded_at IS NULL) = (superseded_reason IS NULL))
);
CREATE INDEX certificate_lot ON certificate (lot, number);
CREATE VIEW v_hold AS
    SELECT l.lot, h.number AS hold, h.lot AS root, l.via, h.reason, h.placed_at, h.placed_by, h.lifted_at
    FROM hold_lot l JOIN hold h ON h.number = l.hold;
CREATE VIEW v_lot_decision AS
    SELECT d.lot, d.disposition, d.decision, p.at, p.person, p.specification_version
    FROM lot_decision d JOIN disposition p ON p.number = d.disposition;
CREATE VIEW v_certificate AS
    SELECT number, code, revision, lot, party, specification_version, issued_at, superseded_by, superseded_at
    FROM certificate;
