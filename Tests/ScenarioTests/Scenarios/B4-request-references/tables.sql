CREATE TABLE source (id INTEGER PRIMARY KEY, flag BOOLEAN, ratio REAL, suffix TEXT, address JSON, items JSON);
INSERT INTO source VALUES (7, 1, 0.5, 'xyz', '{"street": "Main St", "geo": {"lat": 1}}', '[{"id": 11}, {"id": 12}]');
CREATE TABLE target (id INTEGER PRIMARY KEY, ref INTEGER, flag BOOLEAN, ratio REAL, note TEXT, data JSON);
