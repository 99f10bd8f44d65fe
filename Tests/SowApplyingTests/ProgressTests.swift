import SowApplying
import SowModel
import Testing

/// What a run tells of itself while it goes on.
struct ProgressTests {
  private static let tables = """
    CREATE TABLE item (
      item_id INTEGER PRIMARY KEY AUTOINCREMENT, code TEXT NOT NULL UNIQUE, name TEXT);
    """

  /// The events of all that `body` runs, one line each.
  private func events(
    _ bench: Workbench, _ body: (Workbench) throws -> Void
  ) throws -> [ProgressEvent] {
    var events: [ProgressEvent] = []
    bench.watch = { events.append($0) }
    defer { bench.watch = nil }
    try body(bench)
    return events
  }

  private func lines(_ events: [ProgressEvent]) -> [String] {
    events.map { event in
      let total = event.total.map { "/\($0)" } ?? ""
      return "\(event.phase) \(event.kind) \(event.rows)\(total)"
        + (event.operation.map { " \($0)" } ?? "")
    }
  }

  private func named(_ count: Int) -> String {
    (1...count).reduce(into: "operations:\n") { text, number in
      text += "  i\(number): { action: create, entity: item, values: { code: c\(number) } }\n"
    }
  }

  @Test func `each phase of an apply is told of, with all of its rows`() throws {
    let bench = try Workbench(Self.tables)
    let events = try events(bench) { try $0.finish(named(2_100)) }
    #expect(
      lines(events) == [
        "check started 0/2100", "check progress 1000/2100 i1000", "check progress 2000/2100 i2000",
        "check finished 2100/2100",
        "plan started 0/2100", "plan progress 1000/2100 i1000", "plan progress 2000/2100 i2000",
        "plan finished 2100/2100",
        "apply started 0/2100", "apply progress 1000/2100 i1000", "apply progress 2000/2100 i2000",
        "apply finished 2100/2100",
        "commit started 0", "commit finished 0",
      ])
    #expect(events.allSatisfy { $0.plan == "plan" })
  }

  @Test func `rows of a file are counted as they come, and known in number when written`() throws {
    let bench = try Workbench(Self.tables)
    bench.reportsRows = false
    try bench.write(StreamTests.rows(1...23_400), to: "items.csv")
    let events = try events(bench) { try $0.finish(StreamTests.plan) }
    for phase in [ProgressEvent.Phase.plan, .apply] {
      let own = events.filter { $0.phase == phase }
      #expect(own.map(\.total).allSatisfy { $0 == (phase == .plan ? nil : 23_400) })
      #expect(own.map(\.rows) == [0] + (1...23).map { $0 * 1_000 } + [23_400])
      #expect(own.dropFirst().dropLast().allSatisfy { $0.operation == "items" })
    }
    // Rows that stay as they are count, too.
    try bench.write(StreamTests.rows(1...23_500), to: "items.csv")
    let again = try self.events(bench) { try $0.finish(StreamTests.plan) }
    #expect(again.last { $0.phase == .apply }?.rows == 23_500)
  }

  @Test func `a preview plans, and a rerun without changes applies nothing`() throws {
    let bench = try Workbench(Self.tables)
    let preview = try events(bench) { _ = try $0.preview(named(3)) }
    #expect(
      lines(preview) == [
        "check started 0/3", "check finished 3/3", "plan started 0/3", "plan finished 3/3",
      ])
    try bench.finish(named(3))
    let rerun = try events(bench) { try $0.finish(named(3)) }
    #expect(rerun.allSatisfy { $0.phase == .check || $0.phase == .plan })
  }

  @Test func `a rehearsal commits nothing`() throws {
    let bench = try Workbench(Self.tables)
    let events = try events(bench) { try $0.finish(named(3), ApplyOptions(isDryRun: true)) }
    #expect(lines(events).suffix(2) == ["apply started 0/3", "apply finished 3/3"])
  }

  @Test func `rows that go are counted with those that stay`() throws {
    let bench = try Workbench(Self.tables)
    let sync = """
      operations:
        items: { action: sync, entity: item, key: [code], rows: { file: items.csv } }
      """
    try bench.write(StreamTests.rows(1...3_000), to: "items.csv")
    try bench.finish(sync)
    try bench.write(StreamTests.rows(1...1_500), to: "items.csv")
    let events = try events(bench) { try $0.finish(sync, ApplyOptions(allowedDeletes: 1_500)) }
    let own = events.filter { $0.phase == .apply }
    #expect(own.map(\.rows) == [0, 1_000, 2_000, 3_000, 3_000])
    #expect(own.allSatisfy { $0.total == 3_000 })
  }

  @Test func `a batch request is applied as it is planned`() throws {
    let bench = try Workbench(Self.tables)
    let events = try events(bench) { try $0.once(named(1_200)) }
    #expect(
      lines(events).filter { !$0.hasPrefix("check") } == [
        "apply started 0/1200", "apply progress 1000/1200 i1000", "apply finished 1200/1200",
        "commit started 0", "commit finished 0",
      ])
  }

  @Test func `rows that wait for each other are counted once`() throws {
    let bench = try Workbench(
      """
      CREATE TABLE person (person_id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE,
        friend_id INTEGER REFERENCES person);
      """)
    let plan = """
      operations:
        ann: { action: create, entity: person, values: { name: a, friend_id: $ref:bob.person_id } }
        bob: { action: create, entity: person, values: { name: b, friend_id: $ref:ann.person_id } }
      """
    let events = try events(bench) { try $0.finish(plan) }
    for phase in [ProgressEvent.Phase.plan, .apply] {
      let last = try #require(events.last { $0.phase == phase })
      #expect(last.kind == .finished)
      #expect(last.rows == 2)
      #expect(last.total == 2)
    }
  }

  @Test func `a run that fails ends its phase and does not commit`() throws {
    let bench = try Workbench(Self.tables + "INSERT INTO item (code) VALUES ('c1');")
    try bench.sql(
      "CREATE TRIGGER no BEFORE INSERT ON item WHEN new.code = 'c2' BEGIN SELECT raise(ABORT, 'no'); END"
    )
    let plan =
      "operations: { a: { action: create, entity: item, values: { code: c3 } }, "
      + "b: { action: create, entity: item, values: { code: c2 } } }"
    let events = try events(bench) { _ = try $0.apply(plan) }
    #expect(events.last?.phase == .apply)
    #expect(events.last?.kind == .finished)
  }
}
