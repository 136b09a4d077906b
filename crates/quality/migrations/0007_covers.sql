-- What an exception to a check of the gate answers for: the records that failed it, as JSON.
ALTER TABLE gate_override ADD COLUMN covers TEXT;

-- The lots that contained material of a lot when that was rejected, by anything but rework.
CREATE TABLE rejection_contained (
    disposition INTEGER NOT NULL REFERENCES disposition (number),
    lot INTEGER NOT NULL,
    PRIMARY KEY (disposition, lot)
) WITHOUT ROWID;
CREATE INDEX rejection_contained_lot ON rejection_contained (lot, disposition);
