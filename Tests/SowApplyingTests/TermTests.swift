import SowApplying
import SowModel
import Testing

/// `on_match`, `lifecycle.ignore` and `when`.
struct TermTests {
  static let shop = """
    CREATE TABLE customer (
      customer_id INTEGER PRIMARY KEY AUTOINCREMENT, email TEXT UNIQUE NOT NULL, name TEXT,
      rank INTEGER DEFAULT 0, active BOOLEAN);
    CREATE TABLE invoice (
      invoice_id INTEGER PRIMARY KEY AUTOINCREMENT, number TEXT UNIQUE,
      customer_id INTEGER REFERENCES customer, note TEXT);
    """

  // MARK: on_match

  static let keep = """
    operations:
      jo:
        action: upsert
        entity: customer
        key: [email]
        on_match: keep
        values: { email: jo@x, name: Jo, rank: 3 }
      bill:
        action: create
        entity: invoice
        values: { number: "1", customer_id: $ref:jo.customer_id, note: "for ${ref:jo.name}" }
    """

  @Test func `keep adopts the row that is there and changes nothing of it, in every run`() throws {
    let bench = try Workbench(Self.shop)
    try bench.sql("INSERT INTO customer (email, name, rank) VALUES ('jo@x', 'Joanna', 9)")
    let first = try bench.finish(Self.keep)
    #expect(first.changeset.operations[0].rows.map(\.kind) == [.adopt])
    let row = ["jo@x|Joanna|9"]
    #expect(try bench.sql("SELECT email, name, rank FROM customer") == row)
    #expect(try bench.sql("SELECT note FROM invoice") == ["for Joanna"])
    #expect(try bench.finish(Self.keep).changeset.isEmpty)
    let edited = Self.keep.replacing("name: Jo,", with: "name: Josephine,")
    #expect(try bench.finish(edited).changeset.isEmpty)
    try bench.sql("UPDATE customer SET rank = 11")
    #expect(try bench.finish(edited).changeset.isEmpty)
    #expect(try bench.sql("SELECT rank FROM customer") == ["11"])
  }

  @Test func `a row that keep had to insert is the plan's, as that of a create`() throws {
    let bench = try Workbench(Self.shop)
    #expect(try bench.finish(Self.keep).report.counts.created == 2)
    let edited = Self.keep.replacing("rank: 3", with: "rank: 4")
    #expect(try bench.finish(edited).changeset.counts.update == 1)
    try bench.sql("UPDATE customer SET rank = 11")
    let drift = try bench.finish(edited)
    #expect(drift.changeset.operations[0].rows.map(\.kind) == [.drift])
  }

  @Test func `a kept row is set as asked once on_match says update, and kept again after`() throws {
    let bench = try Workbench(Self.shop)
    try bench.sql("INSERT INTO customer (email, name, rank) VALUES ('jo@x', 'Jo', 9)")
    _ = try bench.finish(Self.keep)
    let update = Self.keep.replacing("on_match: keep", with: "on_match: update")
    #expect(try bench.finish(update).changeset.counts.update == 1)
    #expect(try bench.sql("SELECT rank FROM customer") == ["3"])
    try bench.sql("UPDATE customer SET rank = 5")
    let again = try bench.finish(Self.keep)
    #expect(again.changeset.counts.update == 0)
    #expect(try bench.sql("SELECT rank FROM customer") == ["5"])
    #expect(try bench.finish(Self.keep).changeset.isEmpty)
  }

  @Test func `a kept row that somebody removed is created, and is the plan's from then on`() throws
  {
    let bench = try Workbench(Self.shop)
    try bench.sql("INSERT INTO customer (email, name, rank) VALUES ('jo@x', 'Joanna', 9)")
    let jo = Self.keep.split(separator: "  bill:", maxSplits: 1).map(String.init)[0]
    _ = try bench.finish(jo)
    try bench.sql("DELETE FROM customer")
    #expect(try bench.finish(jo).changeset.operations[0].rows.map(\.kind) == [.recreate])
    #expect(try bench.sql("SELECT name, rank FROM customer") == ["Jo|3"])
    #expect(try bench.finish(jo).changeset.isEmpty)
    #expect(try bench.finish(jo.replacing("rank: 3", with: "rank: 4")).changeset.counts.update == 1)
  }

  @Test func `rows of a file are kept as they are, too`() throws {
    let bench = try Workbench(Self.shop)
    try bench.sql("INSERT INTO customer (email, name, rank) VALUES ('b@x', 'Bea', 9)")
    try bench.write("email,name,rank\na@x,A,1\nb@x,B,2\n", to: "c.csv")
    let plan = """
      operations:
        all:
          action: upsert
          entity: customer
          key: [email]
          on_match: keep
          rows: { file: c.csv }
        bills:
          action: create
          entity: invoice
          key: [number]
          for_each: { file: c.csv, key: email }
          values: { number: $each:email, note: "$ref:all[$each:email].name" }
      """
    _ = try bench.finish(plan)
    #expect(
      try bench.sql("SELECT name, rank FROM customer ORDER BY email") == ["A|1", "Bea|9"])
    #expect(try bench.sql("SELECT note FROM invoice ORDER BY number") == ["A", "Bea"])
    #expect(try bench.finish(plan).changeset.isEmpty)
  }

  // MARK: lifecycle.ignore

  static let ignoring = """
    operations:
      jo:
        action: create
        entity: customer
        lifecycle: { ignore: [rank, name] }
        values: { email: jo@x, name: Jo, rank: 3 }
      bill:
        action: create
        entity: invoice
        values: { number: "1", note: "for ${ref:jo.name}" }
    """

  @Test func `an ignored field is written on insert, and neither compared nor set back`() throws {
    let bench = try Workbench(Self.shop)
    _ = try bench.finish(Self.ignoring)
    #expect(try bench.sql("SELECT email, name, rank FROM customer") == ["jo@x|Jo|3"])
    try bench.sql("UPDATE customer SET rank = 7")
    #expect(try bench.finish(Self.ignoring).changeset.isEmpty)
    let edited = Self.ignoring.replacing("rank: 3", with: "rank: 4")
    #expect(try bench.finish(edited).changeset.isEmpty)
    let moved = edited.replacing("email: jo@x", with: "email: jo@y")
    let update = try bench.finish(moved)
    #expect(update.changeset.counts.update == 1)
    #expect(update.changeset.operations[0].rows[0].fields.map(\.field) == ["email"])
    #expect(try bench.sql("SELECT email, name, rank FROM customer") == ["jo@y|Jo|7"])
  }

  @Test func `a reference to an ignored field gives what the row holds`() throws {
    let bench = try Workbench(Self.shop)
    _ = try bench.finish(Self.ignoring)
    try bench.sql("UPDATE customer SET name = 'Joanna'")
    let next = try bench.finish(Self.ignoring)
    #expect(next.changeset.counts.update == 1)
    #expect(try bench.sql("SELECT note FROM invoice") == ["for Joanna"])
    #expect(try bench.finish(Self.ignoring).changeset.isEmpty)
  }

  @Test func `a field that begins to be ignored keeps the value that it has`() throws {
    let bench = try Workbench(Self.shop)
    let plan = Self.ignoring.replacing("    lifecycle: { ignore: [rank, name] }\n", with: "")
    _ = try bench.finish(plan)
    try bench.sql("UPDATE customer SET rank = 7")
    let next = try bench.finish(Self.ignoring)
    #expect(next.changeset.counts.update == 0)
    #expect(try bench.sql("SELECT rank FROM customer") == ["7"])
    #expect(try bench.finish(Self.ignoring).changeset.isEmpty)
  }

  @Test func `an upsert compares the row that it adopts without the ignored fields`() throws {
    let bench = try Workbench(Self.shop)
    try bench.sql("INSERT INTO customer (email, name, rank) VALUES ('jo@x', 'Joanna', 9)")
    let plan = Self.ignoring.replacing(
      "action: create\n    entity: customer", with: "action: upsert\n    entity: customer")
    let first = try bench.finish(plan)
    #expect(first.changeset.operations[0].rows.map(\.kind) == [.adopt])
    #expect(try bench.sql("SELECT name, rank FROM customer") == ["Joanna|9"])
    #expect(try bench.finish(plan).changeset.isEmpty)
  }

  // MARK: when

  static func when(_ test: String) -> String {
    """
    operations:
      check:
        action: read
        entity: customer
        where: { email: jo@x }
        expect: one
      note:
        action: create
        entity: invoice
        when: \(test)
        values: { number: "1", note: hello }
      second:
        action: create
        entity: invoice
        values: { number: "2", note: "after ${ref:note.number}" }
      third:
        action: create
        entity: invoice
        values: { number: "3" }
        depends_on: [note]
      free:
        action: create
        entity: invoice
        values: { number: "4" }
    """
  }

  @Test func `an operation whose when is false is skipped with all that needs it`() throws {
    let bench = try Workbench(Self.shop)
    try bench.sql("INSERT INTO customer (email, rank) VALUES ('jo@x', 0)")
    let plan = Self.when("{ value: $ref:check.rank, gt: 0 }")
    let first = try bench.finish(plan)
    #expect(
      first.report.lines == [
        "check: completed 200", "note: skipped when-false", "second: skipped dependency-skipped",
        "third: skipped dependency-skipped", "free: completed 201",
      ])
    #expect(first.report.isSuccess)
    #expect(try bench.sql("SELECT number FROM invoice") == ["4"])
    #expect(try bench.finish(plan).changeset.isEmpty)
    try bench.sql("UPDATE customer SET rank = 1")
    _ = try bench.finish(plan)
    #expect(try bench.sql("SELECT number FROM invoice ORDER BY 1") == ["1", "2", "3", "4"])
    try bench.sql("UPDATE customer SET rank = 0")
    let off = try bench.finish(plan)
    #expect(off.changeset.isEmpty)
    #expect(off.changeset.orphans.isEmpty)
    #expect(try bench.sql("SELECT count(*) FROM invoice") == ["4"])
  }

  @Test(arguments: [
    ("{ value: $ref:check.rank, ge: 5, lt: 6 }", true),
    ("{ value: $ref:check.rank, ne: 5 }", false),
    ("{ value: $ref:check.rank, in: [4, 5] }", true),
    ("{ value: $ref:check.rank, not_in: [5] }", false),
    ("{ value: $ref:check.rank, between: [1, 5] }", true),
    ("{ value: $ref:check.rank, eq: 5.0 }", false),
    ("{ value: $ref:check.name, is_null: true }", true),
    ("{ value: $ref:check.name, gt: a }", false),
    ("{ value: $ref:check.email, like: 'jo%' }", true),
    ("{ value: $ref:check.email, like: 'JO%' }", false),
    ("{ value: $ref:check.email, ilike: 'JO%' }", true), ("$ref:check.active", true),
    ("{ value: $ref:check.email, eq: jo@x }", true), ("true", true), ("false", false),
    (
      "{ value: { $lookup: { entity: customer, where: { email: jo@x }, field: rank } }, gt: 4 }",
      true
    ),
  ])
  func `a when tests as where does`(_ test: String, _ holds: Bool) throws {
    let bench = try Workbench(Self.shop)
    try bench.sql("INSERT INTO customer (email, rank, active) VALUES ('jo@x', 5, 1)")
    if test.contains("5.0") {
      #expect(try bench.refusals(Self.when(test)).first == "value-type")
      return
    }
    let status = try bench.finish(Self.when(test)).report.results[1].status
    #expect(status == (holds ? .completed : .skipped))
  }

  @Test func `a when looks only at what is known before the run`() throws {
    let bench = try Workbench(Self.shop)
    let plan = """
      operations:
        jo: { action: create, entity: customer, values: { email: jo@x } }
        note:
          action: create
          entity: invoice
          when: { value: $ref:jo.customer_id, gt: 0 }
          values: { number: "1" }
      """
    #expect(try bench.refusals(plan) == ["when-not-known"])
    #expect(try bench.once(plan).report.counts.created == 2)
  }

  @Test func `each element has its own when`() throws {
    let bench = try Workbench(Self.shop)
    try bench.write("number,send\na,true\nb,false\nc,true\n", to: "i.csv")
    let plan = """
      operations:
        bills:
          action: create
          entity: invoice
          for_each: { file: i.csv, key: number }
          when: $each:send
          values: { number: $each:number }
        others:
          action: create
          entity: invoice
          for_each: { x: { count: 1 }, y: { count: 3 } }
          when: { value: $each:count, gt: 2 }
          values: { number: $each:key }
        last: { action: create, entity: invoice, values: { number: z }, depends_on: [bills] }
      """
    let first = try bench.finish(plan)
    #expect(try bench.sql("SELECT number FROM invoice ORDER BY 1") == ["a", "c", "y", "z"])
    #expect(first.report.isSuccess)
    #expect(first.report.results.map(\.status) == [.completed, .completed, .completed])
    #expect(first.changeset.counts.skipped == 2)
    #expect(try bench.finish(plan).changeset.isEmpty)
  }

  @Test func `a file of rows is skipped as a whole, with those that refer to its rows`() throws {
    let bench = try Workbench(Self.shop)
    try bench.write("email\na@x\nb@x\n", to: "c.csv")
    let plan = """
      variables:
        full: { type: boolean, default: false }
      operations:
        all:
          action: upsert
          entity: customer
          key: [email]
          when: $var:full
          rows: { file: c.csv }
        bills:
          action: create
          entity: invoice
          for_each: { file: c.csv, key: email }
          values: { number: $each:email, customer_id: "$ref:all[$each:email].customer_id" }
        bill:
          action: create
          entity: invoice
          values: { number: "1", customer_id: '$ref:all["a@x"].customer_id' }
      """
    let first = try bench.finish(plan)
    #expect(first.changeset.isEmpty)
    #expect(first.changeset.counts.skipped == 5)
    #expect(first.report.isSuccess)
    #expect(first.report.counts.skipped == 5)
    _ = try bench.finish(plan.replacing("default: false", with: "default: true"))
    #expect(try bench.sql("SELECT count(*) FROM invoice WHERE customer_id > 0") == ["3"])
    #expect(try bench.finish(plan).changeset.orphans.isEmpty)
  }

  @Test(arguments: [
    ("{ value: $ref:check.rank }", "missing-key"), ("{ gt: 0 }", "missing-key"),
    ("{ value: $ref:check.rank, gtt: 0 }", "unknown-key"), ("maybe", "wrong-shape"),
    ("{ value: $ref:check.rank, in: 3 }", "wrong-shape"), ("$ref:check.rank", "link-type"),
    ("{ value: $ref:check.rnk, gt: 0 }", "unknown-reference-field"),
    ("{ value: $ref:chek.rank, gt: 0 }", "unknown-operation"),
    ("{ value: $each:rank, gt: 0 }", "each-outside-for-each"),
    ("{ value: $ref:note.number, gt: a }", "cycle"),
  ])
  func `mistakes in a when are told`(_ test: String, _ code: String) throws {
    let bench = try Workbench(Self.shop)
    let codes: [String]
    do {
      codes = try bench.refusals(Self.when(test))
    } catch let failure as BenchFailure {
      codes = [failure.text]
    }
    switch code {
    case "missing-key": #expect(codes[0].contains("lacks"))
    case "unknown-key": #expect(codes[0].contains("has no key \"gtt\""))
    case "wrong-shape": #expect(codes[0].contains("must be"))
    case "each-outside-for-each": #expect(codes[0].contains("only in an operation"))
    default: #expect(codes.first == code)
    }
  }
}
