CREATE TABLE ledger_entry (
    seq INTEGER PRIMARY KEY NOT NULL CHECK (seq >= 0),
    record TEXT NOT NULL,
    leaf BLOB NOT NULL,
    kind TEXT NOT NULL,
    salt BLOB,
    payload TEXT,
    CHECK ((salt IS NULL) = (payload IS NULL))
);
CREATE TABLE ledger_subject (
    number INTEGER NOT NULL,
    seq INTEGER NOT NULL REFERENCES ledger_entry (seq),
    PRIMARY KEY (number, seq)
) WITHOUT ROWID;
CREATE TABLE edge (
    seq INTEGER PRIMARY KEY NOT NULL REFERENCES ledger_entry (seq),
    drawn BLOB NOT NULL
);
CREATE TABLE counter (
    name TEXT PRIMARY KEY NOT NULL,
    value INTEGER NOT NULL
);
CREATE TABLE idempotency (
    person TEXT NOT NULL,
    key TEXT NOT NULL,
    command TEXT NOT NULL,
    receipt TEXT NOT NULL,
    PRIMARY KEY (person, key)
);
CREATE TABLE refusal (
    seq INTEGER PRIMARY KEY NOT NULL,
    at TEXT NOT NULL,
    person INTEGER,
    command TEXT NOT NULL,
    code TEXT NOT NULL,
    clause TEXT NOT NULL,
    subject TEXT
);
CREATE INDEX refusal_code ON refusal (code, seq);
CREATE TABLE job (
    number INTEGER PRIMARY KEY NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'done', 'failed')),
    attempts INTEGER NOT NULL,
    due TEXT NOT NULL,
    trouble TEXT
);
CREATE INDEX job_waiting ON job (state, due);
CREATE TABLE file (
    sha256 TEXT PRIMARY KEY NOT NULL,
    bytes INTEGER NOT NULL,
    first_name TEXT NOT NULL
);
