ALTER TABLE intake_import ADD COLUMN worksheet INTEGER;
ALTER TABLE reading ADD COLUMN rack INTEGER;
CREATE INDEX intake_import_worksheet ON intake_import (worksheet);
