internal import SowModel

/// The filters of one table, found by the value that they ask for where they ask for one.
struct LateMatches {
  struct Filter {
    let instance: Int
    let conditions: [ResolvedCondition]
    private let entity: Entity
    private let keys: Set<RowKey>

    init(_ instance: Int, _ result: QueryResult, _ entity: Entity) {
      self.instance = instance
      self.entity = entity
      conditions = result.conditions
      keys = Set(result.keys)
    }

    /// Whether a row may pass that did not before.
    func matches(_ row: WrittenRow) -> Bool {
      if row.isWithin(keys) { return false }
      if !row.isNew, !conditions.contains(where: { row.writes($0.column) }) { return false }
      return conditions.allSatisfy { condition in
        condition.mayHold(row.known(condition.column), entity.fields[condition.column].type)
      }
    }

    /// The values of which a row must hold one in a column, where they can be told apart.
    fileprivate var asked: (column: Int, texts: [String])? {
      for condition in conditions where [.equal, .in].contains(condition.comparison) {
        let type = entity.fields[condition.column].type
        let texts = condition.operands.compactMap { $0.comparable(as: type) }
        if texts.count == condition.operands.count { return (condition.column, texts) }
      }
      return nil
    }

    fileprivate var types: [FieldType] { entity.fields.map(\.type) }
  }

  private var filters: [Int: Filter] = [:]
  private var byText: [Int: [String: Set<Int>]] = [:]
  private var others: Set<Int> = []
  private var types: [FieldType] = []
  private var tested: Set<Int> = []

  mutating func add(_ filter: Filter) {
    filters[filter.instance] = filter
    tested.formUnion(filter.conditions.map(\.column))
    types = filter.types
    guard let (column, texts) = filter.asked else {
      others.insert(filter.instance)
      return
    }
    for text in texts { byText[column, default: [:]][text, default: []].insert(filter.instance) }
  }

  mutating func remove(_ filter: Filter) { filters[filter.instance] = nil }

  /// The filters that the row may pass from now on, by the plan's order.
  func matching(_ row: WrittenRow) -> [Filter] {
    if !row.isNew, !tested.contains(where: row.writes) { return [] }
    var candidates = others
    for (column, texts) in byText {
      switch row.known(column) {
      case .value(let value):
        if let text = value.comparable(as: types[column]) {
          candidates.formUnion(texts[text] ?? [])
        } else if !value.isNull {
          for found in texts.values { candidates.formUnion(found) }
        }
      case .pending: continue
      case .unknown: for found in texts.values { candidates.formUnion(found) }
      }
    }
    return candidates.sorted().compactMap { filters[$0] }.filter { $0.matches(row) }
  }
}

extension ResolvedCondition {
  /// Whether the database might say yes; a no is certain.
  fileprivate func mayHold(_ known: WrittenRow.Known, _ type: FieldType) -> Bool {
    switch known {
    case .unknown: return true
    case .pending: return comparison != .equal && comparison != .in
    case .value(let value): return mayHold(value, type)
    }
  }

  private func mayHold(_ value: Value, _ type: FieldType) -> Bool {
    switch comparison {
    case .equal, .in: return operands.contains { value.mayEqual($0, type) }
    case .notEqual: return value.isNull ? operands != [.null] : true
    case .notIn: return true
    case .isNull: return operands == [.boolean(value.isNull)]
    case .like, .ilike: return !value.isNull
    case .greater: return value.mayCompare(with: operands[0], >)
    case .greaterOrEqual: return value.mayCompare(with: operands[0], >=)
    case .less: return value.mayCompare(with: operands[0], <)
    case .lessOrEqual: return value.mayCompare(with: operands[0], <=)
    case .between:
      return value.mayCompare(with: operands[0], >=) && value.mayCompare(with: operands[1], <=)
    }
  }
}

extension Value {
  fileprivate func mayEqual(_ other: Value, _ type: FieldType) -> Bool {
    if isNull || other.isNull { return isNull && other.isNull }
    guard let own = comparable(as: type), let others = other.comparable(as: type) else {
      return true
    }
    return own == others
  }

  fileprivate func mayCompare(with other: Value, _ holds: (Int64, Int64) -> Bool) -> Bool {
    if isNull || other.isNull { return false }
    guard case .integer(let own) = self, case .integer(let others) = other else { return true }
    return holds(own, others)
  }

  /// Text that differs where the values differ in every collation; nil where nobody can say.
  fileprivate func comparable(as type: FieldType) -> String? {
    switch (self, type) {
    case (.integer(let number), .integer): return String(number)
    case (.boolean(let flag), .boolean): return String(flag)
    case (.text(let text), .string), (.text(let text), .date), (.text(let text), .uuid):
      guard text.utf8.allSatisfy({ $0 < 0x80 }) else { return nil }
      let end = text.lastIndex { $0 != " " }.map { text.index(after: $0) } ?? text.startIndex
      return text[..<end].lowercased()
    default: return nil
    }
  }
}
