-- Whether a linked lot went in as a feed is kept with the link, as the flowsheet's rule says it; until now it was read
-- from the text of the definition, which this does for the last time.
ALTER TABLE balance_lot ADD COLUMN feed INTEGER NOT NULL DEFAULT 0;
UPDATE balance_lot SET feed = 1 WHERE EXISTS (SELECT 1 FROM v_engineering_lot_balance v
    WHERE v.balance = balance_lot.balance AND v.stream = balance_lot.stream AND v.lot = balance_lot.lot AND v.feed = 1);
DROP VIEW v_engineering_lot_balance;
CREATE VIEW v_engineering_lot_balance AS
    SELECT l.lot, l.stream, b.number AS balance, b.code, b.state, b.stale, b.closes, b.excepted, b.from_at,
    b.until_at, b.reconciliation, l.feed
    FROM balance_lot l JOIN v_engineering_balance b ON b.number = l.balance;
