import SowDatabase
import SowModel
import SowSQLite
import Testing

/// What is known of a row without reading it back is what reading it back would tell.
struct StoredFormTests {
  private let digester = KeyedDigester(secret: [7])
  private let owner = Owner(scope: "", plan: "shop")
  private let columns = ["i", "t", "r", "n", "d", "b", "x", "any", "required"]

  private func start(_ more: String = "") throws -> (Sandbox, SQLiteDatabase, Table) {
    let sandbox = try Sandbox(
      """
      CREATE TABLE t (id INTEGER PRIMARY KEY, i BIGINT, t VARCHAR(9), r REAL, n DECIMAL(10, 2),
        d DATE, b BOOLEAN, x BLOB, any, required INTEGER NOT NULL ON CONFLICT REPLACE DEFAULT 7);
      """ + more)
    let (database, table) = try sandbox.begin("t")
    try database.create(Ledger(lineage: "00", secret: [7]))
    return (sandbox, database, table)
  }

  /// The digests that are known of values in a column, and those that the database answers; nil
  /// for values that it refuses.
  private func digests(
    of values: [Value], in column: String, _ database: SQLiteDatabase, _ table: Table
  ) throws -> [(known: RowDigest?, answered: RowDigest)?] {
    let forms = try #require(try database.storedForms(of: table))
    let position = try #require(table.position(of: column))
    let shape = try database.number(of: LedgerShape(table: "t", columns: [column]))
    let rows = try table.rows(
      ["id", column], values.enumerated().map { [.integer(Int64($0)), $1] })
    let refused = Set(try database.insert(rows, stopsAtFailure: false).map(\.row))
    var encoder = RowEncoder()
    var known: [RowDigest?] = []
    for value in values {
      encoder.reset()
      encoder.append(value)
      let asked = digester.digest(encoder)
      known.append(forms.digest(of: [value], in: [position], asked: asked, digester, &encoder))
    }
    let written = values.indices.filter { !refused.contains($0) }
    try database.record(
      written.map {
        LedgerRow(
          operation: "o", instance: "\($0)", shape: shape, key: .integer(Int64($0)),
          asked: RowDigest(high: 0, low: 0), answered: nil, origin: .created)
      }, of: owner, serial: 1)
    let found = try database.ledgerRows(
      of: owner, operation: "o", instances: values.indices.map { "\($0)" }, digester: digester)
    return zip(known, found).map { known, found in
      guard case .found(let answered)? = found?.presence else { return nil }
      return (known, answered)
    }
  }

  @Test(arguments: ["i", "t", "r", "n", "d", "b", "x", "any", "required"])
  func `a form that is known is the one that is stored`(column: String) throws {
    let (sandbox, database, table) = try start()
    let values: [Value] = [
      .null, .integer(0), .integer(-7), .integer(.max), .integer(1 << 53), .boolean(true),
      .boolean(false), .text(""), .text("x"), .text("12"), .text(" 12 "), .text("1e3"),
      .text("2024-02-29"), .text("nguyễn"), .text("a\u{0}b"), .float(0.5), .float(-0.0),
      .float(3), .float(1e300), .bytes([0, 255]), .bytes([]), try decimal("0"), try decimal("12"),
      try decimal("-12.50"), try decimal("0.1"), try decimal("123456789012.345"),
      try decimal("99999999999999999999"), try decimal("1e-30"),
    ]
    let found = try digests(of: values, in: column, database, table)
    for (value, digests) in zip(values, found) {
      guard let digests, let known = digests.known else { continue }
      #expect(known == digests.answered, "\(value) in \(column)")
    }
    let count = found.filter { $0?.known != nil }.count
    #expect(count >= 5, "\(count) of \(values.count) are known")
    withExtendedLifetime(sandbox) {}
  }

  @Test func `decimals are known but for a few, and those are never guessed`() throws {
    let (sandbox, database, table) = try start()
    var generator = SystemRandomNumberGenerator()
    let values = try (0..<50_000).map { _ in
      let digits = Int64.random(in: 1..<1_000_000_000_000_000, using: &generator)
      return try decimal("\(digits)e-\(Int.random(in: 0...20, using: &generator))")
    }
    for column in ["n", "r"] {
      let found = try digests(of: values, in: column, database, table)
      for (value, digests) in zip(values, found) {
        guard let digests, let known = digests.known else { continue }
        #expect(known == digests.answered, "\(value) in \(column)")
      }
      #expect(found.filter { $0?.known != nil }.count > 49_000)
      try database.delete(
        values.indices.map { .integer(Int64($0)) }, from: table, stopsAtFailure: true
      ).forEach { Issue.record("\($0)") }
    }
    withExtendedLifetime(sandbox) {}
  }

  @Test(arguments: [
    "CREATE TRIGGER g AFTER INSERT ON t BEGIN UPDATE t SET i = 1 WHERE id = new.id; END;",
    "CREATE TABLE u (id INTEGER PRIMARY KEY, t REFERENCES t (id) ON DELETE CASCADE);",
  ])
  func `nothing is known where rows may change by themselves`(more: String) throws {
    let (sandbox, database, table) = try start(more)
    #expect(try database.storedForms(of: table) == nil)
    withExtendedLifetime(sandbox) {}
  }
}
