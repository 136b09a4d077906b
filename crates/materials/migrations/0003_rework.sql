-- Toll treaters are a kind of party, and rework is a kind of move. Both databases drop a column with its own CHECK.
DROP VIEW v_party;
ALTER TABLE party ADD COLUMN what TEXT NOT NULL DEFAULT 'customer'
  CHECK (what IN ('supplier', 'customer', 'carrier', 'treater', 'laboratory'));
UPDATE party SET what = kind;
ALTER TABLE party DROP COLUMN kind;
ALTER TABLE party RENAME COLUMN what TO kind;
CREATE VIEW v_party AS SELECT number, code, name_en, name_zh, kind, address FROM party;

DROP VIEW v_move;
ALTER TABLE lot_move ADD COLUMN what TEXT NOT NULL DEFAULT 'process'
  CHECK (what IN ('receive', 'split', 'blend', 'process', 'rework', 'ship', 'adjust', 'lose', 'sample', 'composite',
    'sample-receive'));
UPDATE lot_move SET what = kind;
ALTER TABLE lot_move DROP COLUMN kind;
ALTER TABLE lot_move RENAME COLUMN what TO kind;
CREATE VIEW v_move AS SELECT number, kind, at, person, party, stage FROM lot_move;
