CREATE TABLE wrong (
  id INTEGER PRIMARY KEY, day DATE, count INTEGER, price DECIMAL(10,2), body TEXT, a INTEGER
);
INSERT INTO wrong VALUES
  (1, 'soon', 'many', 0.30000000000000004, x'00', 1), (2, '2026-01-31', 2, 0.3, 'x', 1),
  (3, 'later', 3, 0.3, 'x', 1);
CREATE TABLE dangling (id INTEGER PRIMARY KEY, country_id INTEGER REFERENCES country);
INSERT INTO dangling VALUES (1, 99);
