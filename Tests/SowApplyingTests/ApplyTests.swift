import SowApplying
import SowModel
import Testing

struct ApplyTests {
  static let shop = """
    CREATE TABLE customer (
      customer_id INTEGER PRIMARY KEY AUTOINCREMENT, first_name TEXT NOT NULL, email TEXT UNIQUE,
      rank INTEGER);
    CREATE TABLE invoice (
      invoice_id INTEGER PRIMARY KEY AUTOINCREMENT,
      customer_id INTEGER NOT NULL REFERENCES customer, total DECIMAL(10,2), note TEXT);
    """

  static let plan = """
    operations:
      invoice_1:
        action: create
        entity: invoice
        values: { customer_id: $ref:luis.customer_id, total: 3.98, note: "for ${ref:luis.first_name}" }
      luis:
        action: create
        entity: customer
        values: { first_name: Luís, email: luis@example.com }
    """

  @Test func `a plan creates its rows, and a rerun changes nothing`() throws {
    let bench = try Workbench(Self.shop)
    let first = try bench.finish(Self.plan)
    #expect(first.isCommitted)
    #expect(first.report.counts.created == 2)
    #expect(
      try bench.sql(
        "SELECT i.total, i.note, c.first_name FROM invoice i JOIN customer c USING (customer_id)")
        == ["3.98|for Luís|Luís"])
    let before = try bench.sql("SELECT count(*) FROM sow_run")
    let second = try bench.finish(Self.plan)
    #expect(!second.isCommitted)
    #expect(second.changeset.isEmpty)
    #expect(second.changeset.counts.unchanged == 2)
    #expect(try bench.sql("SELECT count(*) FROM sow_run") == before)
  }

  @Test func `a changed value is one update, and drift is set back`() throws {
    let bench = try Workbench(Self.shop)
    _ = try bench.finish(Self.plan)
    let changed = Self.plan.replacing("3.98", with: "4.98")
    let update = try bench.finish(changed)
    #expect(update.changeset.counts.update == 1)
    #expect(update.changeset.counts.unchanged == 1)
    #expect(try bench.sql("SELECT total FROM invoice") == ["4.98"])
    try bench.sql("UPDATE customer SET first_name = 'Lui'")
    let drift = try bench.finish(changed)
    #expect(drift.changeset.operations.flatMap(\.rows).map(\.kind) == [.drift])
    #expect(try bench.sql("SELECT first_name FROM customer") == ["Luís"])
    #expect(try bench.finish(changed).changeset.isEmpty)
  }

  @Test func `a row that holds already what is asked for now is noted, and not written`() throws {
    let bench = try Workbench(Self.shop)
    _ = try bench.finish(Self.plan)
    try bench.sql("UPDATE invoice SET total = 4.98; CREATE TABLE log (n)")
    try bench.sql("CREATE TRIGGER t AFTER UPDATE ON invoice BEGIN INSERT INTO log VALUES (1); END")
    let changed = Self.plan.replacing("3.98", with: "4.98")
    let finish = try bench.finish(changed)
    #expect(finish.changeset.counts.update == 0)
    #expect(finish.changeset.counts.ledgerOnly == 1)
    #expect(finish.isCommitted)
    #expect(try bench.sql("SELECT count(*) FROM log") == ["0"])
    #expect(try bench.finish(changed).changeset.isEmpty)
    try bench.sql("UPDATE invoice SET total = 5")
    #expect(
      try bench.finish(changed).changeset.operations.flatMap(\.rows).map(\.kind) == [.drift])
  }

  @Test func `texts that differ in bytes alone are a change, and shown as one`() throws {
    let bench = try Workbench(Self.shop)
    let plan =
      "operations: { a: { action: create, entity: customer, values: { first_name: NAME } } }"
    try bench.finish(plan.replacing("NAME", with: "\"e\\u0301\""))
    let finish = try bench.finish(plan.replacing("NAME", with: "\"\\u00e9\""))
    #expect(finish.changeset.operations[0].rows.map { $0.fields.map(\.field) } == [["first_name"]])
    #expect(try bench.sql("SELECT hex(first_name) FROM customer") == ["C3A9"])
  }

  @Test func `rows of a file refer to rows of another file`() throws {
    let bench = try Workbench(
      """
      CREATE TABLE artist (artist_id INTEGER PRIMARY KEY, name TEXT);
      CREATE TABLE album (album_id INTEGER PRIMARY KEY, title TEXT NOT NULL,
        artist_id INTEGER NOT NULL REFERENCES artist);
      INSERT INTO artist VALUES (70, 'old');
      """)
    try bench.write("artist_id,name\n1,AC/DC\n2,Accept\n", to: "artist.csv")
    try bench.write(
      "album_id,title,artist_id\n1,For Those,1\n2,Balls,2\n3,Restless,2\n", to: "album.csv")
    let plan = """
      operations:
        albums:
          action: create
          entity: album
          for_each: { file: album.csv, key: album_id }
          values: { title: $each:title, artist_id: "$ref:artists[$each:artist_id].artist_id" }
        artists:
          action: create
          entity: artist
          for_each: { file: artist.csv, key: artist_id }
          values: { name: $each:name }
      """
    let first = try bench.finish(plan)
    #expect(first.report.counts.created == 5)
    #expect(
      try bench.sql("SELECT title, name FROM album JOIN artist USING (artist_id) ORDER BY album_id")
        == ["For Those|AC/DC", "Balls|Accept", "Restless|Accept"])
    let again = try bench.finish(plan)
    #expect(again.changeset.isEmpty)
    #expect(again.changeset.counts.unchanged == 5)
  }

  @Test func `rows of one file refer to each other`() throws {
    let bench = try Workbench(
      """
      CREATE TABLE employee (employee_id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT,
        reports_to INTEGER REFERENCES employee);
      """)
    try bench.write("id,name,boss\n1,Ann,2\n2,Bob,\n3,Cy,1\n", to: "e.csv")
    let plan = """
      operations:
        staff:
          action: create
          entity: employee
          for_each: { file: e.csv, key: id }
          values: { name: $each:name, reports_to: "$ref:staff[$each:boss].employee_id" }
      """
    _ = try bench.finish(plan)
    #expect(
      try bench.sql(
        "SELECT a.name, b.name FROM employee a LEFT JOIN employee b ON b.employee_id = a.reports_to ORDER BY a.name"
      )
        == ["Ann|Bob", "Bob|NULL", "Cy|Ann"])
    #expect(try bench.finish(plan).changeset.isEmpty)
  }

  @Test func `upsert adopts and updates rows by their natural key`() throws {
    let bench = try Workbench(Self.shop)
    try bench.sql("INSERT INTO customer (first_name, email) VALUES ('Jo', 'jo@x'), ('Al', 'al@x')")
    let plan = """
      operations:
        people:
          action: upsert
          entity: customer
          rows:
            - { first_name: Joe, email: jo@x }
            - { first_name: Al, email: al@x }
            - { first_name: New, email: new@x }
      """
    let finish = try bench.finish(plan)
    #expect(finish.changeset.counts.update == 1)
    #expect(finish.changeset.counts.ledgerOnly == 1)
    #expect(finish.changeset.counts.create == 1)
    #expect(
      try bench.sql("SELECT first_name FROM customer ORDER BY email") == ["Al", "Joe", "New"])
    #expect(try bench.finish(plan).changeset.isEmpty)
  }

  @Test func `update and delete match rows once and are unchanged afterwards`() throws {
    let bench = try Workbench(Self.shop)
    try bench.sql(
      "INSERT INTO customer (first_name, email, rank) VALUES ('Jo', 'jo@x', 1), ('Al', 'al@x', 2)")
    let plan = """
      operations:
        promote: { action: update, entity: customer, where: { rank: 1 }, values: { rank: 5 } }
        drop: { action: delete, entity: customer, where: { email: al@x } }
      """
    let finish = try bench.finish(plan)
    #expect(finish.changeset.counts.update == 1)
    #expect(finish.changeset.counts.delete == 1)
    #expect(try bench.sql("SELECT first_name, rank FROM customer") == ["Jo|5"])
    #expect(try bench.finish(plan).changeset.isEmpty)
  }
}
