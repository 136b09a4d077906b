-- A hold that the system placed says what happened to which record, in the place of a reason.
ALTER TABLE hold ADD COLUMN because TEXT;
ALTER TABLE hold ADD COLUMN event TEXT;
CREATE INDEX hold_because ON hold (because, number);
DROP VIEW v_hold;
CREATE VIEW v_hold AS
    SELECT l.lot, h.number AS hold, h.lot AS root, l.via, h.reason, h.because, h.event, h.placed_at, h.placed_by,
        h.lifted_at
    FROM hold_lot l JOIN hold h ON h.number = l.hold;
