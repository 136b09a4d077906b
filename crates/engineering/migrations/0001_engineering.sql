CREATE TABLE flowsheet (
    number INTEGER PRIMARY KEY NOT NULL,
    code TEXT NOT NULL UNIQUE,
    name_en TEXT NOT NULL,
    name_zh TEXT NOT NULL,
    defined_at TEXT NOT NULL
);
CREATE TABLE flowsheet_version (
    number INTEGER PRIMARY KEY NOT NULL,
    flowsheet INTEGER NOT NULL REFERENCES flowsheet (number),
    edition TEXT NOT NULL,
    definition TEXT NOT NULL,
    issued_at TEXT NOT NULL,
    issued_by INTEGER,
    UNIQUE (flowsheet, edition)
);
CREATE TABLE metal_balance (
    number INTEGER PRIMARY KEY NOT NULL,
    code TEXT NOT NULL UNIQUE,
    flowsheet INTEGER NOT NULL REFERENCES flowsheet (number),
    flowsheet_version INTEGER NOT NULL REFERENCES flowsheet_version (number),
    scope TEXT NOT NULL CHECK (scope IN ('test', 'campaign', 'shift', 'day', 'month', 'other')),
    from_at TEXT NOT NULL,
    until_at TEXT NOT NULL,
    custody TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('provisional', 'final')),
    revision INTEGER NOT NULL CHECK (revision > 0),
    reconciliation INTEGER,
    stale_at TEXT,
    stale_because TEXT,
    opened_at TEXT NOT NULL,
    opened_by INTEGER,
    finalised_at TEXT,
    finalised_by INTEGER,
    CHECK (from_at < until_at),
    CHECK ((state = 'final') = (finalised_at IS NOT NULL)),
    CHECK (state <> 'final' OR reconciliation IS NOT NULL),
    CHECK ((stale_at IS NULL) = (stale_because IS NULL))
);
CREATE INDEX metal_balance_flowsheet ON metal_balance (flowsheet, until_at);
CREATE TABLE balance_lot (
    balance INTEGER NOT NULL REFERENCES metal_balance (number),
    stream TEXT NOT NULL,
    lot INTEGER NOT NULL,
    PRIMARY KEY (balance, stream, lot)
) WITHOUT ROWID;
CREATE INDEX balance_lot_lot ON balance_lot (lot, balance);
CREATE TABLE balance_measurement (
    number INTEGER PRIMARY KEY NOT NULL,
    balance INTEGER NOT NULL REFERENCES metal_balance (number),
    place TEXT NOT NULL,
    quantity TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('stream', 'stock')),
    result INTEGER,
    lot INTEGER,
    typed INTEGER NOT NULL,
    detail TEXT NOT NULL,
    at TEXT NOT NULL,
    person INTEGER,
    replaced_by INTEGER
);
CREATE UNIQUE INDEX balance_measurement_current ON balance_measurement (balance, kind, place, quantity)
    WHERE replaced_by IS NULL;
CREATE INDEX balance_measurement_result ON balance_measurement (result);
CREATE INDEX balance_measurement_lot ON balance_measurement (lot);
CREATE TABLE balance_reconciliation (
    number INTEGER PRIMARY KEY NOT NULL,
    balance INTEGER NOT NULL REFERENCES metal_balance (number),
    revision INTEGER NOT NULL,
    closes INTEGER NOT NULL,
    detail TEXT NOT NULL,
    at TEXT NOT NULL,
    person INTEGER
);
CREATE INDEX balance_reconciliation_balance ON balance_reconciliation (balance, number);
CREATE TABLE balance_figure (
    number INTEGER PRIMARY KEY NOT NULL,
    reconciliation INTEGER NOT NULL REFERENCES balance_reconciliation (number),
    stream TEXT NOT NULL,
    quantity TEXT NOT NULL,
    measurement INTEGER,
    raw TEXT,
    accounting TEXT,
    reconciled TEXT,
    sd TEXT,
    unit TEXT NOT NULL,
    UNIQUE (reconciliation, stream, quantity)
);
CREATE TABLE balance_loss (
    reconciliation INTEGER NOT NULL REFERENCES balance_reconciliation (number),
    quantity TEXT NOT NULL,
    entered TEXT NOT NULL,
    lost TEXT NOT NULL,
    sd TEXT NOT NULL,
    unit TEXT NOT NULL,
    PRIMARY KEY (reconciliation, quantity)
) WITHOUT ROWID;
CREATE TABLE balance_origin (
    reconciliation INTEGER NOT NULL REFERENCES balance_reconciliation (number),
    stream TEXT NOT NULL,
    feed TEXT NOT NULL,
    share TEXT NOT NULL,
    PRIMARY KEY (reconciliation, stream, feed)
) WITHOUT ROWID;
CREATE TABLE balance_exception (
    number INTEGER PRIMARY KEY NOT NULL,
    balance INTEGER NOT NULL REFERENCES metal_balance (number),
    reconciliation INTEGER NOT NULL REFERENCES balance_reconciliation (number),
    what TEXT NOT NULL CHECK (what IN ('closure', 'adjustments')),
    reason TEXT NOT NULL,
    at TEXT NOT NULL,
    person INTEGER NOT NULL,
    UNIQUE (reconciliation, what)
);
CREATE VIEW v_engineering_balance AS
    SELECT b.number, b.code, b.flowsheet, b.flowsheet_version, b.scope, b.from_at, b.until_at, b.custody, b.state,
    CASE WHEN b.stale_at IS NULL THEN 0 ELSE 1 END AS stale, b.reconciliation, b.finalised_at, b.finalised_by,
    COALESCE(r.closes, 0) AS closes,
    CASE WHEN EXISTS (SELECT 1 FROM balance_exception x
        WHERE x.reconciliation = b.reconciliation AND x.what = 'closure') THEN 1 ELSE 0 END AS excepted
    FROM metal_balance b LEFT JOIN balance_reconciliation r ON r.number = b.reconciliation;
CREATE VIEW v_engineering_lot_balance AS
    SELECT l.lot, l.stream, b.number AS balance, b.code, b.state, b.stale, b.closes, b.excepted, b.from_at,
    b.until_at, b.reconciliation
    FROM balance_lot l JOIN v_engineering_balance b ON b.number = l.balance;
CREATE VIEW v_engineering_lot_origin AS
    SELECT l.lot, l.stream, b.number AS balance, b.code, b.custody, o.feed, o.share
    FROM balance_lot l JOIN metal_balance b ON b.number = l.balance
    JOIN balance_origin o ON o.reconciliation = b.reconciliation AND o.stream = l.stream
    WHERE b.state = 'final' AND b.stale_at IS NULL;
CREATE VIEW v_engineering_feed_lot AS SELECT balance, stream, lot FROM balance_lot;
