CREATE VIEW v_engineering_balance_standing AS
    SELECT number, code, state, stale_at, reconciliation, finalised_at FROM metal_balance;
