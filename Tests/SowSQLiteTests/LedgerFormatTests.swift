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
      CREATE TABLE sow_run (
        serial INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, scope TEXT NOT NULL,
        plan TEXT NOT NULL, actor TEXT NOT NULL, "commit" TEXT NOT NULL, started TEXT NOT NULL,
        finished TEXT NOT NULL, created INTEGER NOT NULL, updated INTEGER NOT NULL,
        deleted INTEGER NOT NULL, message TEXT NOT NULL);
      INSERT INTO sow_run VALUES (1, 'r1', '', 'shop', 'luís', '', 't0', 't1', 1, 2, 3, 'done');
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

  @Test func `the first policy that is written brings it to the newest`() throws {
    let sandbox = try sandbox()
    let database = try sandbox.open()
    try database.begin(.write, patience: 1)
    let policy = LedgerPolicy(
      action: .create, entity: "status", done: nil, lifecycle: Lifecycle(protects: true))
    try database.record(policy, operation: "new", of: owner)
    try database.commit()
    try database.begin(.read, patience: 1)
    #expect(try database.ledger()?.format == Ledger.currentFormat)
    #expect(
      try database.policies(of: owner)
        == [
          "old": LedgerPolicy(action: .update, entity: "status", done: nil), "new": policy,
        ])
  }

  @Test func `the first run that is recorded keeps those before it`() throws {
    let sandbox = try sandbox()
    let database = try sandbox.open()
    try database.begin(.write, patience: 1)
    let old = LedgerRun(
      id: "r1", serial: 1, scope: "", plan: "shop", actor: "luís", commit: "", started: "t0",
      finished: "t1", created: 1, updated: 2, deleted: 3, message: Phrase(same: "done"))
    #expect(try database.runs() == [old])
    let new = LedgerRun(
      id: "r2", serial: 2, scope: "", plan: "shop", actor: "luís", commit: "", tenant: "acme",
      started: "t2", finished: "t3", created: 0, updated: 0, deleted: 0,
      changeset: RowDigest(high: 1, low: 2), message: Phrase("done", vi: "xong"))
    try database.record(new)
    try database.commit()
    try database.begin(.read, patience: 1)
    #expect(try database.runs() == [new, old])
    #expect(try database.ledger()?.format == Ledger.currentFormat)
  }
}
