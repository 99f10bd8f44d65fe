CREATE TABLE customer (
  customer_id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT, age INTEGER, code TEXT NOT NULL
);
CREATE TABLE invoice (
  number TEXT PRIMARY KEY, customer_id INTEGER REFERENCES customer, line_of INTEGER,
  paid BOOLEAN NOT NULL
);
