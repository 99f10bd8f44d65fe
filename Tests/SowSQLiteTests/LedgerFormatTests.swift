import SowDatabase
import SowModel
import SowSQLite
import Testing

struct LedgerFormatTests {
  private let owner = Owner(scope: "", plan: "shop")

  /// A ledger as the first format had it, with one policy.
  private func sandbox() throws -> Sandbox {
    try Sandbox(
      """
      CREATE TABLE sow_meta (format INTEGER NOT NULL, lineage TEXT NOT NULL, secret BLOB NOT NULL);
      INSERT INTO sow_meta VALUES (1, 'aa', x'00');
      CREATE TABLE sow_run (serial INTEGER PRIMARY KEY);
      CREATE TABLE sow_policy (
        number INTEGER PRIMARY KEY, scope TEXT NOT NULL, plan TEXT NOT NULL,
        operation TEXT NOT NULL, action TEXT, entity TEXT, done BLOB,
        UNIQUE (scope, plan, operation));
      INSERT INTO sow_policy VALUES (1, '', 'shop', 'old', 'update', 'status', NULL);
      """)
  }

  @Test func `a ledger of the first format is read as it is`() throws {
    let sandbox = try sandbox()
    let database = try sandbox.open(.read(standsIn: false))
    try database.begin(.read, patience: 1)
    #expect(try database.ledger()?.format == 1)
    #expect(
      try database.policies(of: owner)
        == ["old": LedgerPolicy(action: .update, entity: "status", done: nil)])
  }

  @Test func `the first policy that is written brings it to the second`() throws {
    let sandbox = try sandbox()
    let database = try sandbox.open()
    try database.begin(.write, patience: 1)
    let policy = LedgerPolicy(
      action: .create, entity: "status", done: nil, lifecycle: Lifecycle(protects: true))
    try database.record(policy, operation: "new", of: owner)
    try database.commit()
    try database.begin(.read, patience: 1)
    #expect(try database.ledger()?.format == 2)
    #expect(
      try database.policies(of: owner)
        == [
          "old": LedgerPolicy(action: .update, entity: "status", done: nil), "new": policy,
        ])
  }
}
