CREATE TABLE person (
    number INTEGER PRIMARY KEY NOT NULL,
    code TEXT NOT NULL UNIQUE,
    name_en TEXT NOT NULL,
    name_zh TEXT NOT NULL,
    registered_at TEXT NOT NULL,
    erased_at TEXT
);
CREATE TABLE account (
    person INTEGER PRIMARY KEY NOT NULL,
    login TEXT NOT NULL UNIQUE,
    password_hash TEXT NOT NULL,
    lang TEXT CHECK (lang IS NULL OR lang IN ('en', 'zh')),
    opened_at TEXT NOT NULL,
    closed_at TEXT,
    failures INTEGER NOT NULL CHECK (failures >= 0 AND failures < 5),
    locked_until TEXT
);
CREATE TABLE person_role (
    person INTEGER NOT NULL,
    role TEXT NOT NULL,
    since TEXT NOT NULL,
    PRIMARY KEY (person, role)
);
CREATE TABLE authorisation (
    number INTEGER PRIMARY KEY NOT NULL,
    person INTEGER NOT NULL,
    activity TEXT NOT NULL CHECK (activity IN ('test', 'check', 'approve', 'sample', 'release', 'certify', 'close')),
    scope TEXT NOT NULL,
    valid_from TEXT NOT NULL,
    valid_until TEXT NOT NULL CHECK (valid_until > valid_from),
    basis TEXT NOT NULL,
    granted_by INTEGER,
    granted_at TEXT NOT NULL,
    withdrawn_at TEXT,
    withdrawn_why TEXT,
    CHECK (granted_by IS NULL OR granted_by <> person),
    CHECK ((withdrawn_at IS NULL) = (withdrawn_why IS NULL))
);
CREATE INDEX authorisation_act ON authorisation (person, activity, scope);
CREATE INDEX authorisation_until ON authorisation (valid_until);
CREATE TABLE token (
    number INTEGER PRIMARY KEY NOT NULL,
    person INTEGER NOT NULL,
    name TEXT NOT NULL,
    secret_sha256 TEXT NOT NULL UNIQUE,
    commands TEXT NOT NULL,
    issued_at TEXT NOT NULL,
    expires_at TEXT NOT NULL CHECK (expires_at > issued_at),
    revoked_at TEXT
);
CREATE INDEX token_person ON token (person);
CREATE TABLE session (
    number INTEGER PRIMARY KEY NOT NULL,
    person INTEGER NOT NULL,
    secret_sha256 TEXT NOT NULL UNIQUE,
    via TEXT NOT NULL,
    opened_at TEXT NOT NULL,
    expires_at TEXT NOT NULL CHECK (expires_at > opened_at),
    closed_at TEXT
);
CREATE INDEX session_person ON session (person);
CREATE TABLE attempt (
    seq INTEGER PRIMARY KEY NOT NULL,
    at TEXT NOT NULL,
    person INTEGER,
    via TEXT NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('wrong', 'locking', 'locked'))
);
CREATE TABLE institute (
    number INTEGER PRIMARY KEY NOT NULL,
    name_en TEXT NOT NULL,
    name_zh TEXT NOT NULL,
    address_en TEXT NOT NULL,
    address_zh TEXT NOT NULL,
    contact TEXT,
    accreditation TEXT,
    licence TEXT,
    time_zone TEXT NOT NULL,
    origin_url TEXT
);
CREATE VIEW v_person AS
    SELECT number, name_en, name_zh, CASE WHEN erased_at IS NULL THEN 0 ELSE 1 END AS erased FROM person;
CREATE VIEW v_authorisation AS
    SELECT number, person, activity, scope, valid_from, valid_until, withdrawn_at FROM authorisation;
