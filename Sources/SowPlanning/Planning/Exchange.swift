package import SowModel

/// How unique values go from row to row within one run.
struct Exchange: Sendable {
  /// Rows that will have given their values up when others take them.
  var freed: [UniqueFields: Set<RowKey>] = [:]
  /// Rows that are set to null before a set, by the position of the set: they stand in a circle
  /// with those that take their values.
  var parked: [Int: [Parking]] = [:]

  /// Circles that cannot be broken.
  var diagnostics = Diagnostics()

  func frees(_ key: RowKey, _ fields: UniqueFields) -> Bool {
    freed[fields]?.contains(key) ?? false
  }

  func parks(_ key: RowKey, in table: String) -> Bool {
    parked.values.contains { $0.contains { $0.key == key && $0.table.name == table } }
  }
}

/// The fields of a unique index, in ascending order.
struct UniqueFields: Hashable, Sendable {
  let table: String
  let columns: [Int]

  init(_ table: String, _ columns: [Int]) {
    self.table = table
    self.columns = columns.sorted()
  }

  /// Those of an entity's table, its primary key among them, each once.
  static func all(of entity: Entity) -> [UniqueFields] {
    var all: [UniqueFields] = []
    for columns in entity.takenKeys {
      let fields = UniqueFields(entity.table.name, columns)
      if !all.contains(fields) { all.append(fields) }
    }
    return all
  }
}

/// A row whose unique fields are null for a while.
package struct Parking: Sendable {
  package let table: Table
  package let key: RowKey
  /// Those that may be null.
  package let columns: [Int]
  /// The position of the operation that the row belongs to, and its address there.
  package let operation: Int
  package let address: String
}

/// A row that another one takes a unique value from, or that takes it.
struct ExchangeRow {
  let operation: Int
  /// Nil in a stream, where `row` says which one it is.
  let instance: Int?
  let row: Int
  let address: String
  let range: SourceRange
  /// The row that it is now.
  var key: RowKey?
  /// Whether its old values are gone with its first write: it is replaced.
  var isReplaced = false
}

/// One row takes what another one has in the database.
struct UniqueTake {
  let taker: ExchangeRow
  let fields: UniqueFields
  let key: RowKey
}
