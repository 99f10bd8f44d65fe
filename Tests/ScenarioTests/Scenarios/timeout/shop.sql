CREATE TABLE customer (customer_id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE purchase (
  purchase_id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customer, rank INTEGER);
CREATE TABLE number (n INTEGER PRIMARY KEY);
WITH RECURSIVE counter (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counter WHERE n < 1000)
INSERT INTO number SELECT n FROM counter;
-- Looks through 10^15 rows.
CREATE TRIGGER slow AFTER INSERT ON purchase BEGIN
  UPDATE purchase SET rank = (SELECT sum(a.n % b.n) FROM number a, number b, number c, number d, number e);
END;
