CREATE TABLE country (country_id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE, name TEXT);
CREATE TABLE city (city_id INTEGER PRIMARY KEY, country_id INTEGER NOT NULL REFERENCES country, name TEXT NOT NULL, twin INTEGER REFERENCES city, UNIQUE (country_id, name));
CREATE TABLE town (town_id INTEGER PRIMARY KEY, country_id INTEGER NOT NULL REFERENCES country, name TEXT NOT NULL, UNIQUE (country_id, name));
CREATE TABLE profile (code TEXT PRIMARY KEY REFERENCES country (code), note TEXT);
CREATE TABLE remark (id INTEGER PRIMARY KEY, profile TEXT REFERENCES profile, body TEXT, extra, raw BLOB, doc JSON, price DECIMAL(10,2), ratio REAL, ok BOOLEAN, at TIMESTAMP);
CREATE TABLE two (a INTEGER, b TEXT, PRIMARY KEY (b, a)) WITHOUT ROWID;
CREATE TABLE "odd table" (id INTEGER PRIMARY KEY, "a b" TEXT, "c.d" INTEGER REFERENCES country);
CREATE TABLE empty (id INTEGER PRIMARY KEY, country_id INTEGER REFERENCES country);
CREATE TABLE after_empty (id INTEGER PRIMARY KEY, e INTEGER REFERENCES empty);
CREATE TABLE lonely (only TEXT PRIMARY KEY);
INSERT INTO country VALUES
  (7,'VN','Việt Nam'),
  (3,'BR',NULL),
  (9,'NO','Norway');
INSERT INTO city VALUES
  (10,7,'Hà Nội',NULL),
  (4,7,'Huế',10),
  (22,3,'Rio',4);
INSERT INTO town SELECT city_id,country_id,name FROM city;
INSERT INTO profile VALUES
  ('VN','x'),
  ('NO',NULL);
INSERT INTO remark VALUES
  (5,'VN','','1',x'00ff',NULL,1.50,0.1,1,'2026-01-31T10:00:00Z'),
  (8,NULL,'a "q", ,
line2 $ref:x.y $$ref:z $HOME ${var:q}',1,x'',json('{"a":[1,2.5,"$ref:q.r"]}'),NULL,1e300,0,NULL),
  (9,'NO',NULL,1.5,NULL,NULL,-3,-0.5,NULL,NULL),
(11,'NO',' null','null',NULL,NULL,0,0,NULL,NULL),
  (12,'NO','null',NULL,NULL,NULL,0,0,NULL,NULL),
  (13,NULL,'NO',NULL,NULL,NULL,0,0,NULL,NULL),
  (14,NULL,'~',NULL,NULL,NULL,0,0,NULL,NULL),
  (15,NULL,'01234',NULL,NULL,NULL,0,0,NULL,NULL),
  (16,NULL,char(9,27,133,8232,65279,65534),NULL,NULL,NULL,0,0,NULL,NULL);
INSERT INTO two VALUES
  (1,'x'),
  (2,'y');
INSERT INTO "odd table" VALUES
  (1,'v',7);
INSERT INTO after_empty VALUES
  (1,NULL);
INSERT INTO lonely VALUES
  ('a'),
  ('b,c');
CREATE TABLE person (id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT);
INSERT INTO person VALUES (1, 'Ann', 'ann@example.com');
CREATE TABLE log (line TEXT);
