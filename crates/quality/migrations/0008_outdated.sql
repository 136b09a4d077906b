-- Releases of which a later result, or a mass that was adjusted, says that the lot does not conform.
CREATE TABLE release_outdated (
    disposition INTEGER PRIMARY KEY NOT NULL REFERENCES disposition (number),
    because TEXT NOT NULL,
    at TEXT NOT NULL
);
