ALTER TABLE specification_version ADD COLUMN requires_balance INTEGER NOT NULL DEFAULT 0;
