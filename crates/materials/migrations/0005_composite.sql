-- A composite is found from the samples that went into it by the move that made it.
CREATE INDEX sample_made_by ON sample (made_by);
