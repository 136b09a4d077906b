-- Nothing was issued before this migration that would lack what a certificate says was decided.
ALTER TABLE certificate ADD COLUMN decision TEXT NOT NULL DEFAULT 'released'
    CHECK (decision IN ('released', 'concession', 'held', 'rejected'));
ALTER TABLE certificate ADD COLUMN "authorisation" INTEGER;
ALTER TABLE certificate ADD COLUMN withdrawn_at TEXT;
ALTER TABLE certificate ADD COLUMN withdrawn_by INTEGER;
ALTER TABLE certificate ADD COLUMN withdrawn_reason TEXT;
CREATE TABLE certificate_balance (
    certificate INTEGER NOT NULL REFERENCES certificate (number),
    balance INTEGER NOT NULL,
    PRIMARY KEY (certificate, balance)
) WITHOUT ROWID;
CREATE INDEX certificate_balance_balance ON certificate_balance (balance);
CREATE INDEX certificate_disposition ON certificate (disposition);
CREATE TABLE certificate_answer (
    year INTEGER NOT NULL,
    serial INTEGER NOT NULL,
    why TEXT NOT NULL,
    record INTEGER NOT NULL,
    act INTEGER NOT NULL,
    mark TEXT NOT NULL,
    certificate INTEGER NOT NULL,
    at TEXT NOT NULL,
    person INTEGER,
    reason TEXT,
    PRIMARY KEY (year, serial, why, record, act, mark)
) WITHOUT ROWID;
CREATE INDEX certificate_answer_certificate ON certificate_answer (certificate, at);
