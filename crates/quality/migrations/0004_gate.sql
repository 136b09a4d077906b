-- A rejection is on the lot it was decided on and on every lot split off it, before or after.
CREATE TABLE rejection_lot (
    disposition INTEGER NOT NULL REFERENCES disposition (number),
    lot INTEGER NOT NULL,
    via INTEGER,
    at TEXT NOT NULL,
    PRIMARY KEY (disposition, lot)
) WITHOUT ROWID;
CREATE INDEX rejection_lot_lot ON rejection_lot (lot, disposition);
INSERT INTO rejection_lot (disposition, lot, via, at)
    SELECT number, lot, NULL, at FROM disposition WHERE decision = 'rejected';

-- What somebody lets a lot pass a door for: to whom, how much, and the reasons that are answered for.
ALTER TABLE gate_override ADD COLUMN party INTEGER;
ALTER TABLE gate_override ADD COLUMN mass_kg TEXT;
ALTER TABLE gate_override ADD COLUMN taken_kg TEXT;
ALTER TABLE gate_override ADD COLUMN answers TEXT;

DROP VIEW v_lot_decision;
CREATE VIEW v_lot_decision AS
    SELECT d.lot, d.disposition, d.decision, p.at, p.person, p.specification_version
    FROM lot_decision d JOIN disposition p ON p.number = d.disposition
    WHERE NOT EXISTS (SELECT 1 FROM rejection_lot r WHERE r.lot = d.lot)
    UNION ALL
    SELECT r.lot, r.disposition, 'rejected', p.at, p.person, NULL
    FROM rejection_lot r JOIN disposition p ON p.number = r.disposition
    WHERE r.disposition = (SELECT MIN(o.disposition) FROM rejection_lot o WHERE o.lot = r.lot);
