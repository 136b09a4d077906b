-- Whether the stream a lot is linked to is a feed: a stream that leaves no node, as its definition is written.
DROP VIEW v_engineering_lot_balance;
CREATE VIEW v_engineering_lot_balance AS
    SELECT l.lot, l.stream, b.number AS balance, b.code, b.state, b.stale, b.closes, b.excepted, b.from_at,
    b.until_at, b.reconciliation,
    CASE WHEN REPLACE(v.definition, '{"name":"' || l.stream || '","to":', '') <> v.definition
        THEN 1 ELSE 0 END AS feed
    FROM balance_lot l JOIN v_engineering_balance b ON b.number = l.balance
    JOIN flowsheet_version v ON v.number = b.flowsheet_version;
