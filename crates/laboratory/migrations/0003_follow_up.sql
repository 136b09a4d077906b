CREATE TABLE follow_up (
    number INTEGER PRIMARY KEY NOT NULL,
    result INTEGER NOT NULL REFERENCES result (number),
    sample INTEGER NOT NULL,
    analyte TEXT NOT NULL,
    why TEXT NOT NULL CHECK (why IN ('over_range', 'above_range')),
    upper TEXT,
    unit TEXT NOT NULL,
    asked INTEGER REFERENCES result (number),
    raised_at TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'answered', 'closed')),
    answer INTEGER REFERENCES result (number),
    ended_at TEXT,
    ended_by INTEGER,
    reason TEXT,
    CHECK ((state = 'open') = (ended_at IS NULL)),
    CHECK ((state = 'answered') = (answer IS NOT NULL)),
    CHECK ((state = 'closed') = (reason IS NOT NULL))
);
CREATE UNIQUE INDEX follow_up_result ON follow_up (result);
CREATE INDEX follow_up_open ON follow_up (sample, analyte, state);
CREATE INDEX follow_up_asked ON follow_up (asked);
CREATE INDEX follow_up_answer ON follow_up (answer);
