import SowApplying
import SowModel
import Testing

/// The projection of the ledger, and what a lockfile says against it.
struct LockTests {
  private func lock(_ bench: Workbench, _ plan: String) throws -> Lock {
    var lock: Lock?
    try bench.finish(
      plan,
      ApplyOptions(stageLock: {
        lock = $0
        return nil
      }))
    return try #require(lock)
  }

  @Test func `addresses are sorted by their bytes, and large operations are one line`() throws {
    let bench = try Workbench(StreamTests.tables)
    try bench.write(StreamTests.rows(1...1_001), to: "items.csv")
    let plan = """
      operations:
        zeta: { action: create, entity: color, values: { color_id: 40, name: z } }
        Beta: { action: create, entity: part, rows: [{ name: b }, { name: B }, { name: a }] }
        items: { action: create, entity: item, key: [code], rows: { file: items.csv } }
      """
    let lock = try lock(bench, plan)
    #expect(
      lock.entries.map(\.address)
        == [#"Beta["B"]"#, #"Beta["a"]"#, #"Beta["b"]"#, "items", "zeta"])
    guard case .summary(_, let entity, let count, let first, let last, let digest) = lock.entries[3]
    else { throw BenchFailure(text: "no summary") }
    #expect((entity, count, first, last) == ("item", 1_001, "1", "1001"))
    #expect(digest.count == 32)
    #expect(try self.lock(bench, plan) == lock)
  }

  @Test func `a lockfile is behind, ahead, of other keys or of another database`() throws {
    let bench = try Workbench(ApplyTests.shop)
    let ledger = try lock(bench, ApplyTests.plan)
    func codes(_ lock: Lock) -> [String] {
      lock.compared(with: ledger, at: nil).diagnostics.all.map(\.code.id)
    }
    #expect(codes(ledger) == [])
    #expect(ledger.compared(with: ledger, at: nil).isEqual)
    var behind = ledger
    behind.entries.removeLast()
    #expect(codes(behind) == ["lock-behind"])
    #expect(!behind.compared(with: ledger, at: nil).isEqual)
    var ahead = ledger
    ahead.entries.append(.row(address: "z", entity: "customer", key: "9"))
    #expect(codes(ahead) == ["lock-behind"])
    var other = ledger
    other.entries[0] = .row(address: "invoice_1", entity: "invoice", key: "77")
    #expect(codes(other) == ["lock-key"])
    var stranger = ledger
    stranger.lineage = "0"
    #expect(codes(stranger) == ["lock-lineage"])
    #expect(
      ledger.compared(with: nil, at: nil).diagnostics.all.map(\.code.id) == ["lock-without-ledger"])
  }

  @Test func `a summary that differs is said`() {
    func lock(count: Int, digest: String) -> Lock {
      Lock(
        plan: "p", lineage: "l", scope: "",
        entries: [
          .summary(
            operation: "items", entity: "item", count: count, first: "1", last: "9",
            digest: digest)
        ])
    }
    let ledger = lock(count: 2_000, digest: "a")
    for other in [lock(count: 1_990, digest: "b"), lock(count: 2_000, digest: "b")] {
      let compared = other.compared(with: ledger, at: nil)
      #expect(compared.diagnostics.all.map(\.code.id) == ["lock-behind"])
      #expect(!compared.isEqual)
    }
  }

  @Test func `a failed run writes no lockfile, and a dry run none`() throws {
    let bench = try Workbench(MatrixTests.tables)
    var staged = 0
    let plan = MatrixTests.plan(
      atomic: true, onError: "stop", bad: MatrixTests.BadRow.all[0].values)
    let counting: (Lock) throws -> StagedLock? = { _ in
      staged += 1
      return nil
    }
    try bench.finish(plan, ApplyOptions(stageLock: counting))
    try bench.finish(
      plan.replacing("-1", with: "1"), ApplyOptions(isDryRun: true, stageLock: counting))
    #expect(staged == 0)
  }
}
