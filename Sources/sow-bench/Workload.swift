/// A project of some size: its files for sow, and its rows for the floor.
protocol Workload {
  /// The word for it on the command line.
  static var kind: String { get }
  /// What it is a number of.
  static var unit: String { get }
  init(size: Int)
  /// The number of operations, or of rows.
  var size: Int { get }
  var title: String { get }
  /// The tables in an order that foreign keys allow, with the columns that the floor writes.
  var tables: [(name: String, columns: [String])] { get }
  /// Rows in each table of `tables`.
  var counts: [Int] { get }

  /// Its large file of rows, where it has one, relative to the project.
  var dataPath: String? { get }

  /// What can be measured of it.
  var steps: [Step] { get }

  /// Writes `plans/` and `schemas/` into `folder`, the customer or contact with the number
  /// `changed` with another e-mail than without.
  func write(to folder: String, changing changed: Int?) throws
  /// Appends the rows with numbers in `range`, of all tables together, keys included.
  func fill(_ block: inout RowBlock, rows range: Range<Int>)
}

extension Workload {
  /// The plan file, relative to the project.
  var planPath: String { "plans/bench.yaml" }
  var rowCount: Int { counts.reduce(0, +) }
  var steps: [Step] { Step.allCases }
  var dataPath: String? { nil }
}

/// The workload of a kind, as the floor's command line names it.
func workload(kind: String, size: Int) -> (any Workload)? {
  let kinds: [any Workload.Type] = [NamedWorkload.self, BulkWorkload.self, LinkedWorkload.self]
  return kinds.first { $0.kind == kind }?.init(size: size)
}

/// Rows flat in memory, so that binding them costs nothing but SQLite's own work.
struct RowBlock {
  enum Cell {
    case integer(Int64)
    case real(Double)
    case text(offset: Int, count: Int)
  }

  private(set) var bytes: [UInt8] = []
  private(set) var cells: [Cell] = []
  /// For each row its table, and where its cells start.
  private(set) var rows: [(table: Int, start: Int)] = []

  mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    cells.removeAll(keepingCapacity: true)
    rows.removeAll(keepingCapacity: true)
  }

  mutating func startRow(of table: Int) { rows.append((table, cells.count)) }
  mutating func append(_ number: Int) { cells.append(.integer(Int64(number))) }
  mutating func append(_ number: Double) { cells.append(.real(number)) }
  mutating func append(_ text: String) {
    let offset = bytes.count
    bytes.append(contentsOf: text.utf8)
    cells.append(.text(offset: offset, count: bytes.count - offset))
  }
}
