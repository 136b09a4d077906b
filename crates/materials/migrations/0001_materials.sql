CREATE TABLE material (
  number INTEGER PRIMARY KEY,
  code TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL CHECK (kind IN ('ore', 'concentrate', 'intermediate', 'product', 'tailings', 'residue', 'reagent', 'other')),
  name_en TEXT NOT NULL,
  name_zh TEXT NOT NULL,
  formula TEXT,
  made_at TEXT NOT NULL
);

CREATE TABLE party (
  number INTEGER PRIMARY KEY,
  code TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL CHECK (kind IN ('supplier', 'customer', 'carrier', 'laboratory')),
  name_en TEXT NOT NULL,
  name_zh TEXT NOT NULL,
  address TEXT,
  made_at TEXT NOT NULL
);

CREATE TABLE lot_move (
  number INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('receive', 'split', 'blend', 'process', 'ship', 'adjust', 'lose', 'sample', 'composite', 'sample-receive')),
  at TEXT NOT NULL,
  person INTEGER,
  party INTEGER,
  stage TEXT,
  reason TEXT,
  taken_kg_wet TEXT NOT NULL,
  taken_kg_dry TEXT NOT NULL,
  outside_kg_wet TEXT NOT NULL,
  outside_kg_dry TEXT NOT NULL,
  water_kg TEXT NOT NULL,
  made_kg_wet TEXT NOT NULL,
  made_kg_dry TEXT NOT NULL,
  loss_kg_wet TEXT NOT NULL,
  loss_kg_dry TEXT NOT NULL,
  unaccounted_kg_wet TEXT NOT NULL,
  unaccounted_kg_dry TEXT NOT NULL,
  tolerance_kg TEXT NOT NULL
);

CREATE TABLE lot (
  number INTEGER PRIMARY KEY,
  code TEXT NOT NULL UNIQUE,
  material INTEGER NOT NULL REFERENCES material (number),
  state TEXT NOT NULL CHECK (state IN ('in-stock', 'consumed', 'shipped', 'lost')),
  custody TEXT NOT NULL CHECK (custody IN ('identity-preserved', 'segregated', 'controlled-blending', 'mass-balance', 'book-and-claim')),
  origin_party INTEGER REFERENCES party (number),
  made_by INTEGER NOT NULL REFERENCES lot_move (number),
  made_at TEXT NOT NULL,
  produced_on TEXT,
  packages INTEGER,
  mass_kg_gross TEXT,
  location TEXT,
  first_kg_wet TEXT NOT NULL,
  first_kg_dry TEXT NOT NULL,
  mass_kg_wet TEXT NOT NULL CHECK (mass_kg_wet NOT LIKE '-%'),
  moisture_percent TEXT NOT NULL,
  mass_kg_dry TEXT NOT NULL CHECK (mass_kg_dry NOT LIKE '-%'),
  mass_order REAL NOT NULL,
  shipped_to INTEGER REFERENCES party (number),
  shipped_at TEXT,
  shipped_kg_wet TEXT,
  shipped_kg_dry TEXT,
  CHECK ((state = 'shipped') = (shipped_to IS NOT NULL))
);
CREATE INDEX lot_material ON lot (material, number);
CREATE INDEX lot_state ON lot (state, number);
CREATE INDEX lot_mass ON lot (mass_order);
CREATE INDEX lot_made ON lot (made_at);
CREATE INDEX lot_origin ON lot (origin_party);
CREATE INDEX lot_shipped ON lot (shipped_to);

CREATE TABLE sample (
  number INTEGER PRIMARY KEY,
  code TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL CHECK (kind IN ('taken', 'composite', 'received')),
  purpose TEXT NOT NULL CHECK (purpose IN ('routine', 'duplicate', 'retained', 'umpire')),
  lot INTEGER REFERENCES lot (number),
  material INTEGER REFERENCES material (number),
  name TEXT,
  plan TEXT,
  point TEXT,
  taken_at TEXT NOT NULL,
  sampler INTEGER,
  authorisation INTEGER,
  from_party INTEGER REFERENCES party (number),
  made_by INTEGER,
  made_at TEXT NOT NULL,
  mass_kg_wet TEXT CHECK (mass_kg_wet NOT LIKE '-%'),
  moisture_percent TEXT,
  mass_kg_dry TEXT CHECK (mass_kg_dry NOT LIKE '-%')
);
CREATE INDEX sample_lot ON sample (lot, number);

CREATE TABLE posting (
  move INTEGER NOT NULL REFERENCES lot_move (number),
  line INTEGER NOT NULL,
  lot INTEGER REFERENCES lot (number),
  sample INTEGER REFERENCES sample (number),
  kg_wet TEXT NOT NULL,
  kg_dry TEXT NOT NULL,
  PRIMARY KEY (move, line),
  CHECK ((lot IS NULL) <> (sample IS NULL))
);
CREATE INDEX posting_lot ON posting (lot, move);
CREATE INDEX posting_sample ON posting (sample, move);

CREATE TABLE lot_flow (
  move INTEGER NOT NULL REFERENCES lot_move (number),
  source INTEGER NOT NULL REFERENCES lot (number),
  target INTEGER NOT NULL REFERENCES lot (number),
  mass_kg_dry TEXT NOT NULL,
  share TEXT NOT NULL,
  PRIMARY KEY (move, source, target)
);
CREATE INDEX lot_flow_target ON lot_flow (target);
CREATE INDEX lot_flow_source ON lot_flow (source);

CREATE VIEW v_material AS SELECT number, code, kind, name_en, name_zh, formula FROM material;
CREATE VIEW v_party AS SELECT number, code, name_en, name_zh, kind, address FROM party;
CREATE VIEW v_move AS SELECT number, kind, at, person, party, stage FROM lot_move;
CREATE VIEW v_lot_flow AS SELECT source, target, mass_kg_dry, share, move FROM lot_flow;
CREATE VIEW v_lot AS SELECT
  number, code, material, state, mass_kg_wet, moisture_percent, mass_kg_dry, produced_on, origin_party, made_at,
  made_by, custody, packages, mass_kg_gross, location, first_kg_wet, first_kg_dry, shipped_to, shipped_at,
  CASE WHEN state = 'shipped' THEN shipped_kg_wet ELSE mass_kg_wet END AS net_kg_wet,
  CASE WHEN state = 'shipped' THEN shipped_kg_dry ELSE mass_kg_dry END AS net_kg_dry
FROM lot;
CREATE VIEW v_sample AS SELECT
  number, code, lot, kind, purpose, material, name, plan, point, taken_at, sampler, authorisation, from_party,
  CASE WHEN kind = 'received' THEN 1 ELSE 0 END AS from_outside, mass_kg_wet AS mass_kg, mass_kg_wet,
  moisture_percent, mass_kg_dry, made_at, made_by
FROM sample;
