import SowApplying
import SowModel
import Testing

/// Runs without a ledger.
struct OnceTests {
  static let plan = """
    operations:
      eve: { action: create, entity: person, values: { name: Eve, rank: 7 } }
      promote:
        action: update
        entity: person
        where: { rank: 7 }
        values: { rank: 8 }
        depends_on: [eve]
      seen: { action: read, entity: person, where: { rank: 8 }, depends_on: [promote] }
      noted:
        action: create
        entity: log
        values: { text: "${ref:seen.name} ${ref:seen.rank}", person: $ref:seen.person_id }
      drop: { action: delete, entity: person, ids: [$ref:seen.person_id], depends_on: [noted] }
    """

  @Test func `each set sees what earlier ones wrote, and nothing is owned`() throws {
    let bench = try Workbench(QueryTests.tables)
    let finish = try bench.once(Self.plan)
    #expect(finish.report.isSuccess)
    #expect(finish.isCommitted)
    #expect(finish.report.counts.created == 2)
    #expect(finish.report.counts.updated == 1)
    #expect(finish.report.counts.deleted == 1)
    #expect(try bench.sql("SELECT text, person FROM log") == ["Eve 8|5"])
    #expect(try bench.sql("SELECT count(*) FROM person") == ["4"])
    #expect(try bench.sql("SELECT count(*) FROM sqlite_schema WHERE name LIKE 'sow%'") == ["0"])
    try bench.once(Self.plan)
    #expect(try bench.sql("SELECT count(*) FROM log") == ["2"])
  }

  @Test func `a dry run keeps nothing and says what would happen`() throws {
    let bench = try Workbench(QueryTests.tables)
    let dry = try bench.once(Self.plan, ApplyOptions(isDryRun: true))
    #expect(!dry.isCommitted)
    #expect(dry.report.counts.created == 2)
    #expect(try bench.sql("SELECT count(*) FROM log") == ["0"])
    #expect(try bench.once(Self.plan).report.lines == dry.report.lines)
  }

  @Test(arguments: ["true", "false"], [true, false])
  func `more deletes than allowed end the run`(atomic: String, isDryRun: Bool) throws {
    let bench = try Workbench(QueryTests.tables)
    let plan = """
      options: { atomic: \(atomic) }
      operations: { drop: { action: delete, entity: person, where: { name: { ne: x } } } }
      """
    let options = ApplyOptions(isDryRun: isDryRun, allowedDeletes: 3)
    switch Result(catching: { try bench.once(plan, options) }) {
    case .success: Issue.record("it was done")
    case .failure(let error): #expect("\(error)".contains("4 rows would be deleted"))
    }
    #expect(try bench.sql("SELECT count(*) FROM person") == ["4"])
    try bench.once(plan, ApplyOptions(allowedDeletes: 4))
    #expect(try bench.sql("SELECT count(*) FROM person") == ["0"])
  }

  @Test(arguments: ["stop", "continue"])
  func `deletes that only the second operation comes to are seen before the first commit`(
    onError: String
  ) throws {
    let bench = try Workbench(QueryTests.tables)
    let plan = """
      options: { atomic: false, on_error: \(onError) }
      operations:
        eve: { action: create, entity: person, values: { name: Eve, rank: 7 } }
        drop:
          action: delete
          entity: person
          where: { name: { ne: x } }
          depends_on: [eve]
      """
    let refused = Result { try bench.once(plan, ApplyOptions(allowedDeletes: 4)) }
    #expect(throws: BenchFailure.self) { try refused.get() }
    #expect(try bench.sql("SELECT count(*) FROM person") == ["4"])
    let finish = try bench.once(plan, ApplyOptions(allowedDeletes: 5))
    #expect(finish.report.counts.deleted == 5)
    #expect(try bench.sql("SELECT count(*) FROM person") == ["0"])
  }

  struct Cell: CustomTestStringConvertible {
    let atomic: Bool
    let onError: String
    let kept: [String]
    let lines: [String]
    var testDescription: String { "atomic \(atomic), \(onError)" }
  }

  @Test(arguments: [
    Cell(
      atomic: true, onError: "stop", kept: [],
      lines: [
        "a: rolled_back", "b: failed 400 database-check", "c: not_run", "d: not_run",
      ]),
    Cell(
      atomic: true, onError: "continue", kept: [],
      lines: [
        "a: rolled_back", "b: failed 400 database-check", "c: skipped 424 dependency-failed",
        "d: failed 404 row-to-write-not-found",
      ]),
    Cell(
      atomic: false, onError: "stop", kept: ["a"],
      lines: [
        "a: completed 201", "b: failed 400 database-check", "c: not_run", "d: not_run",
      ]),
    Cell(
      atomic: false, onError: "continue", kept: ["a"],
      lines: [
        "a: completed 201", "b: failed 400 database-check", "c: skipped 424 dependency-failed",
        "d: failed 404 row-to-write-not-found",
      ]),
  ])
  func `the matrix holds without a ledger`(cell: Cell) throws {
    let bench = try Workbench(MatrixTests.tables)
    let finish = try bench.once(
      """
      options: { atomic: \(cell.atomic), on_error: \(cell.onError) }
      operations:
        a: { action: create, entity: item, values: { code: a, name: A } }
        b: { action: create, entity: item, values: { code: b, name: B, quantity: -1 } }
        c: { action: create, entity: note, values: { item_id: $ref:b.item_id } }
        d: { action: update, entity: item, ids: [99], values: { name: D }, depends_on: [a] }
      """)
    #expect(finish.report.lines == cell.lines)
    #expect(finish.isCommitted == !cell.kept.isEmpty)
    #expect(try bench.sql("SELECT code FROM item") == cell.kept)
  }

  @Test func `a file of rows is written in sets`() throws {
    let bench = try Workbench(StreamTests.tables)
    try bench.write(StreamTests.rows(1...10_001), to: "items.csv")
    let finish = try bench.once(
      StreamTests.plan.dropLast(2)
        + "  , last: { action: create, entity: part, values: { item_id: '$ref:items[\"c10001\"].item_id' } } }"
    )
    #expect(finish.report.counts.created == 10_002)
    #expect(try bench.sql("SELECT item_id FROM part") == ["10001"])
  }
}
