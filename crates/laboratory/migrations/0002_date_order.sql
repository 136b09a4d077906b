ALTER TABLE intake_import ADD COLUMN date_order TEXT;
ALTER TABLE intake_import ADD COLUMN date_question TEXT;
