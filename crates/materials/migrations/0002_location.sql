CREATE TABLE lot_location (
    lot INTEGER NOT NULL REFERENCES lot (number),
    entry INTEGER NOT NULL,
    at TEXT NOT NULL,
    person INTEGER,
    came_from TEXT,
    location TEXT NOT NULL,
    reason TEXT,
    PRIMARY KEY (lot, entry)
) WITHOUT ROWID;
