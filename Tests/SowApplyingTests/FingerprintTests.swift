import SowApplying
import SowModel
import SowPlanning
import Testing

/// What a saved plan is held to: each operation's digest covers what was read and decided for it.
struct FingerprintTests {
  private static let plan = """
    operations:
      found: { action: read, entity: item, where: { code: r } }
      rest: { action: update, entity: item, where: { other: loose }, values: { label: Tight } }
      made: { action: create, entity: item, values: { code: a, label: A } }
      taken: { action: upsert, entity: item, key: [code], values: { code: t, label: New } }
      user:
        action: create
        entity: item
        values: { code: u, label: "of ${ref:found.label}" }
    """

  private static func bench() throws -> Workbench {
    let bench = try Workbench(
      """
      CREATE TABLE item (code TEXT PRIMARY KEY, label TEXT, other TEXT);
      INSERT INTO item VALUES ('t', 'Old', NULL), ('l1', 'A', 'loose'), ('l2', 'B', 'loose'),
        ('r', 'Read', NULL), ('z', 'Zero', NULL);
      """)
    try bench.finish("operations: { made: { action: create, entity: item, values: { code: a } } }")
    bench.isFingerprinted = true
    return bench
  }

  private func fingerprint(_ bench: Workbench, _ plan: String = plan) throws -> Fingerprint {
    switch try bench.preview(plan) {
    case .changes(_, _, _, let basis): return try #require(basis.fingerprint)
    case .invalid(let diagnostics), .refused(let diagnostics, _):
      throw BenchFailure(text: diagnostics.all.map(\.message).joined(separator: "; "))
    }
  }

  @Test func `nothing changed, and so the same digests`() throws {
    let bench = try Self.bench()
    let first = try fingerprint(bench)
    #expect(try fingerprint(bench) == first)
    try bench.sql("UPDATE item SET label = 'Nought' WHERE code = 'z'")
    try bench.sql("INSERT INTO item VALUES ('more', 'More', NULL)")
    #expect(try fingerprint(bench) == first)
  }

  @Test(arguments: [
    ("UPDATE item SET label = 'x' WHERE code = 't'", ["taken"]),
    ("DELETE FROM item WHERE code = 't'", ["taken"]),
    ("UPDATE item SET code = 'b' WHERE code = 'a'", ["made"]),
    ("UPDATE item SET label = 'x' WHERE code = 'l2'", ["rest"]),
    ("INSERT INTO item VALUES ('l3', 'C', 'loose')", ["rest"]),
    ("UPDATE item SET label = 'x' WHERE code = 'r'", ["found", "user"]),
  ])
  func `a row that was read names its operation`(sql: String, names: [String]) throws {
    let bench = try Self.bench()
    let before = try fingerprint(bench)
    try bench.sql(sql)
    let after = try fingerprint(bench)
    #expect(after.changes != before.changes)
    let changed = zip(before.operations, after.operations).filter { $0 != $1 }.map(\.0.operation)
    #expect(changed == names)
  }

  @Test func `a value of the plan names its operation`() throws {
    let bench = try Self.bench()
    let before = try fingerprint(bench)
    let after = try fingerprint(bench, Self.plan.replacing("label: New", with: "label: Newer"))
    let changed = zip(before.operations, after.operations).filter { $0 != $1 }.map(\.0.operation)
    #expect(changed == ["taken"])
  }

  @Test func `a row that left the plan is covered, touched or not`() throws {
    let bench = try Self.bench()
    let other = "operations: { none: { action: read, entity: item, where: { code: x } } }"
    let before = try fingerprint(bench, other)
    #expect(before.operations.map(\.operation) == ["none", "made"])
    bench.extent = .operations(prunes: true)
    #expect(try fingerprint(bench, other).operations.last != before.operations.last)
    bench.extent = .plan
    try bench.sql("UPDATE item SET code = 'b' WHERE code = 'a'")
    #expect(try fingerprint(bench, other).operations.last != before.operations.last)
  }
}
