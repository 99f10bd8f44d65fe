import SowDatabase
import SowModel
import SowPostgres
import Testing

struct LedgerTests {
  private static let count = 20_000
  private let digester = KeyedDigester(secret: [1])
  private let owner = Owner(scope: "", plan: "shop")

  /// What the server knows of tables by itself.
  enum Statistics: CaseIterable { case none, ofEmptyTables, ofFullTables }

  /// A ledger of many operations, a row each.
  private func sandbox(_ statistics: Statistics) throws -> Sandbox {
    let sandbox = try Sandbox(
      "CREATE TABLE line (id bigint PRIMARY KEY, product text) WITH (autovacuum_enabled = off)")
    let database = try sandbox.begin()
    try database.create(Ledger(lineage: "00", secret: [1]))
    try database.commit()
    for table in ["sow_policy", "sow_row"] {
      try sandbox.run("ALTER TABLE \(table) SET (autovacuum_enabled = off)")
    }
    if statistics == .ofEmptyTables { try sandbox.run("ANALYZE") }
    try sandbox.run("INSERT INTO line SELECT n, 'x' FROM generate_series(1, \(Self.count)) AS n")
    try database.begin(.write, patience: 1)
    let shape = try database.number(of: LedgerShape(table: "line", columns: ["product"]))
    let asked = digester.digest(RowEncoder())
    try database.record(
      (1...Self.count).map {
        LedgerRow(
          operation: "line_\($0)", instance: "", shape: shape, key: .integer(Int64($0)),
          asked: asked, answered: nil, origin: .created)
      }, of: owner, serial: 1)
    try database.answer(serial: 1, digester: digester)
    try database.commit()
    if statistics == .ofFullTables { try sandbox.run("ANALYZE") }
    return sandbox
  }

  /// A look through all of one table for each row of another would take far longer.
  @Test(arguments: Statistics.allCases)
  func `what the server knows of its tables does not decide how long a ledger takes to read`(
    statistics: Statistics
  ) throws {
    var settings = PostgresDatabase.Settings()
    settings.statementLimit = .seconds(4)
    let database = try sandbox(statistics).open(settings)
    try database.begin(.read, patience: 0)
    var found = 0
    try database.ledgerRows(of: owner, except: [], digester: digester) { row, presence in
      if presence == row.answered.map(Presence.found) { found += 1 }
    }
    #expect(found == Self.count)
    var listed = 0
    try database.listRows(ownedBy: owner) { _, _ in listed += 1 }
    #expect(listed == Self.count)
  }

  @Test func `operations among those of others, and those that are not asked for, are left out`()
    throws
  {
    let database = try Sandbox("CREATE TABLE t (id int PRIMARY KEY, v int)").begin()
    try database.create(Ledger(lineage: "00", secret: [1]))
    let shape = try database.number(of: LedgerShape(table: "t", columns: ["v"]))
    let asked = digester.digest(RowEncoder())
    // The numbers of both owners lie between each other.
    for key in 1...6 {
      try database.record(
        [
          LedgerRow(
            operation: "o\(key)", instance: "", shape: shape, key: .integer(Int64(key)),
            asked: asked, answered: nil, origin: .created)
        ], of: Owner(scope: key % 2 == 0 ? "" : "other", plan: "shop"), serial: 1)
    }
    var found: [String] = []
    try database.ledgerRows(of: owner, except: ["o4"], digester: digester) { row, _ in
      found.append(row.operation)
    }
    #expect(found.sorted() == ["o2", "o6"])
  }

  @Test func `rows of an operation that is new are replaced when they come again`() throws {
    let database = try Sandbox("CREATE TABLE t (id int PRIMARY KEY, v int)").begin()
    try database.create(Ledger(lineage: "00", secret: [1]))
    let shape = try database.number(of: LedgerShape(table: "t", columns: ["v"]))
    for key in [1, 2] as [Int64] {
      try database.record(
        ["a", "b"].map {
          LedgerRow(
            operation: "rows", instance: $0, shape: shape,
            key: .integer($0 == "a" ? key : key + 10), asked: digester.digest(RowEncoder()),
            answered: nil, origin: .created)
        }, of: owner, serial: 1)
    }
    var keys: [RowKey] = []
    try database.listLedger(of: owner, operation: nil) { row, _ in keys.append(row.key) }
    #expect(keys == [.integer(2), .integer(12)])
  }

  @Test func `what cannot be recorded is told of before anything else is done`() throws {
    let database = try Sandbox("CREATE TABLE t (id int PRIMARY KEY, v int)").begin()
    try database.create(Ledger(lineage: "00", secret: [1]))
    let shape = try database.number(of: LedgerShape(table: "t", columns: ["v"]))
    func record(_ operation: String) throws {
      try database.record(
        [
          LedgerRow(
            operation: operation, instance: "", shape: shape, key: .integer(1),
            asked: digester.digest(RowEncoder()), answered: nil, origin: .created)
        ], of: owner, serial: 1)
    }
    try record("first")
    try database.settle()
    try record("second")
    let error = #expect(throws: DatabaseError.self) { try database.savepoint() }
    #expect(error?.kind == .unique)
    #expect(error?.table == "t")
    // It was taken back alone, and is told of once.
    try database.settle()
    #expect(try database.ledgerCounts(of: owner) == ["first": 1])
  }
}
