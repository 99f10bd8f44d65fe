import SowApplying
import SowModel
import Testing

/// Random batches in which rows fail for all kinds of reasons, against what their links must be.
struct RandomLinkTests {
  /// What becomes of a row by itself.
  private enum Flaw: CaseIterable {
    case none, wrongBasis, longName, noCategory, refused
  }

  private struct Row {
    var name: String
    var flaw: Flaw
    var links: [Int]

    var isValid: Bool { flaw == .none }
    var basis: String { flaw == .wrongBasis ? "law" : "contract" }
    var note: String { flaw == .refused ? "bad" : "good" }
    var members: String { links.map(String.init).joined(separator: ", ") }
    /// `name|category` for each category, once.
    var written: Set<String> { Set(links.map { "\(name)|\($0)" }) }
  }

  private static let tables = """
    CREATE TABLE category (category_id INTEGER PRIMARY KEY AUTOINCREMENT, code TEXT NOT NULL UNIQUE);
    CREATE TABLE activity (
      activity_id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE,
      basis TEXT NOT NULL, note TEXT NOT NULL CHECK (note <> 'bad'));
    CREATE TABLE tagging (
      activity_id INTEGER NOT NULL REFERENCES activity, category_id INTEGER NOT NULL
        REFERENCES category, PRIMARY KEY (activity_id, category_id));
    INSERT INTO category (code) VALUES ('a'), ('b'), ('c'), ('d'), ('e'), ('f');
    """
  private static let schema = """
    type: object
    properties:
      activity_id: { type: integer, readOnly: true }
      name: { type: string, maxLength: 12 }
      basis: { enum: [consent, contract] }
      note: { type: string }
      category_ids: { type: array, items: { type: integer } }
    required: [name, basis, note]
    x-sow:
      unique: [[name]]
      links: { category_ids: { table: tagging, own: activity_id, other: category_id } }
    """

  private func row(_ name: String, _ numbers: inout SeededNumbers) -> Row {
    let isFlawed = Int.random(in: 0..<3, using: &numbers) == 0
    let flaw = isFlawed ? Flaw.allCases.randomElement(using: &numbers) ?? .none : .none
    var links = (0..<Int.random(in: 0...4, using: &numbers)).map { _ in
      Int.random(in: 1...6, using: &numbers)
    }
    if flaw == .noCategory {
      links.insert(99, at: Int.random(in: 0...links.count, using: &numbers))
    }
    return Row(name: name + (flaw == .longName ? "-much-too-long" : ""), flaw: flaw, links: links)
  }

  /// The rows of a batch in the plan itself, or in a file beside it.
  private func plan(_ rows: [Row], isFile: Bool, on bench: Workbench) throws -> String {
    let operation = "acts: { action: create, entity: activity, rows: "
    guard isFile else {
      let items = rows.map {
        "{ name: \($0.name), basis: \($0.basis), note: \($0.note), category_ids: [\($0.members)] }"
      }
      return "operations: { " + operation + "[" + items.joined(separator: ", ") + "] } }"
    }
    let lines = rows.map { "\($0.name),\($0.basis),\($0.note),\"[\($0.members)]\"\n" }
    try bench.write("name,basis,note,category_ids\n" + lines.joined(), to: "acts.csv")
    return "operations: { " + operation + "{ file: acts.csv } } }"
  }

  @Test(arguments: 0..<10)
  func `D3 no link ever belongs to another row, whatever fails (100 batches)`(part: Int) throws {
    let bench = try Workbench(Self.tables)
    try bench.schema("activity", Self.schema)
    var expected: Set<String> = []
    for number in 0..<100 {
      let seed = part * 100 + number
      var numbers = SeededNumbers(seed: UInt64(seed))
      let rows = (0..<Int.random(in: 1...8, using: &numbers)).map { index in
        row("r\(seed)-\(index)", &numbers)
      }
      let isAtomic = Int.random(in: 0..<4, using: &numbers) == 0
      let isFile = Bool.random(using: &numbers)
      let options = isAtomic ? "" : "options: { atomic: false, on_error: continue }\n"
      let text = try plan(rows, isFile: isFile, on: bench)
      let outcome = try bench.apply("plan: p\(seed)\n" + options + text)
      let written = rows.filter { $0.isValid && (!isAtomic || rows.allSatisfy(\.isValid)) }
      if case .finished(let finish) = outcome {
        #expect(finish.report.counts.created == written.count, "seed \(seed)")
      } else {
        #expect(isAtomic && written.isEmpty, "seed \(seed): \(outcome)")
      }
      for row in written { expected.formUnion(row.written) }
      let found = try bench.sql(
        "SELECT name, category_id FROM tagging LEFT JOIN activity USING (activity_id)")
      #expect(Set(found) == expected, "seed \(seed)")
      #expect(found.count == expected.count, "seed \(seed)")
      if Set(found) != expected { break }
    }
  }
}
