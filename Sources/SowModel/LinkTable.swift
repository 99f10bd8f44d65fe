/// Where the members of a set-valued column lie: a table of its own with one row a member.
///
/// Its rows belong to the row that has the column. A value of such a column is a list that stands
/// for a set: neither order nor doubles matter, null is no member, and the whole is never null.
package struct LinkTable: Hashable, Sendable {
  package var table: Table
  /// The position of the column that holds the key of the row that the members belong to.
  package var own: Int
  /// The position of the column that holds the members.
  package var other: Int

  package init(table: Table, own: Int, other: Int) {
    self.table = table
    self.own = own
    self.other = other
  }

  /// The same by names, as the ledger remembers it.
  package var names: LinkNames {
    LinkNames(
      table: table.name, own: table.columns[own].name, other: table.columns[other].name)
  }
}

/// A table of links and its two columns, by name.
package struct LinkNames: Hashable, Sendable {
  package var table: String
  package var own: String
  package var other: String

  package init(table: String, own: String, other: String) {
    self.table = table
    self.own = own
    self.other = other
  }

  /// The links in a live table; nil where it lacks one of the columns.
  package func links(in table: Table) -> LinkTable? {
    guard let own = table.position(of: own), let other = table.position(of: other) else {
      return nil
    }
    return LinkTable(table: table, own: own, other: other)
  }
}

extension Table {
  /// The positions of the set-valued columns.
  package var links: [Int] { columns.indices.filter { columns[$0].link != nil } }
}

extension Value {
  /// The members of a set, each once and in an order of their own: numbers, then texts by their
  /// bytes, then all else as it came. Of a value that is no list it is the only member.
  package var members: [Value] {
    guard case .list(let items) = self else { return [self] }
    // As most lists are.
    let isSorted = zip(items, items.dropFirst()).allSatisfy { $0.order(to: $1) < 0 }
    if isSorted { return items }
    var members: [Value] = []
    for item in items.enumerated().sorted(by: {
      let order = $0.element.order(to: $1.element)
      return order == 0 ? $0.offset < $1.offset : order < 0
    }) where members.last?.order(to: item.element) != 0 {
      members.append(item.element)
    }
    return members
  }

  /// Whether two lists are the same set.
  package func isSameSet(as other: Value) -> Bool {
    let (own, others) = (members, other.members)
    return own.count == others.count && zip(own, others).allSatisfy { $0.order(to: $1) == 0 }
  }

  /// Below zero before `other`, zero for the same member, else above. Texts are compared by their
  /// bytes, since an accent that is composed otherwise makes another key.
  private func order(to other: Value) -> Int {
    switch (self, other) {
    case (.integer(let left), .integer(let right)): left < right ? -1 : left > right ? 1 : 0
    case (.text(let left), .text(let right)):
      left.utf8.elementsEqual(right.utf8)
        ? 0 : left.utf8.lexicographicallyPrecedes(right.utf8) ? -1 : 1
    default:
      rank != other.rank ? rank - other.rank : self == other ? 0 : text < other.text ? -1 : 1
    }
  }

  private var rank: Int {
    switch self {
    case .integer: 0
    case .text: 1
    default: 2
    }
  }
}
