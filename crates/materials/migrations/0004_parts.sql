-- What a composite was made of: the samples that its move took from.
CREATE VIEW v_sample_part AS SELECT s.number AS composite, p.sample AS part
  FROM sample s JOIN posting p ON p.move = s.made_by
  WHERE s.kind = 'composite' AND p.sample IS NOT NULL AND p.sample <> s.number;
