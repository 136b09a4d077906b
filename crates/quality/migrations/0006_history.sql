CREATE INDEX disposition_result_of ON disposition_result (disposition);
