-- What was known not to conform when somebody consented: figures, as JSON. A concession and an exception answer
-- for that, and for nothing found later.
ALTER TABLE disposition ADD COLUMN covers TEXT;
ALTER TABLE gate_override ADD COLUMN knew TEXT;
-- The lines of a certificate that gives no leave to use the lot, as they were when it was issued, as JSON; of any
-- other those of its release.
ALTER TABLE certificate ADD COLUMN told TEXT;
