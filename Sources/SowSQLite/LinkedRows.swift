internal import SowDatabase
internal import SowModel

extension SQLiteDatabase {
  /// Inserts rows whose keys are known table by table, first the rows, then their links; false, and
  /// nothing of them is left, where one of them is to blame for a failure or that is not possible.
  func insertWithLinks(_ rows: RowSet) throws(DatabaseError) -> Bool {
    let table = rows.table
    guard !table.hasTriggers, !table.linksHaveTriggers, let links = rows.linkSets else {
      return false
    }
    try savepoint()
    var areWritten = try insert(rows.withoutLinks, stopsAtFailure: true).isEmpty
    for set in links where areWritten {
      areWritten = try insert(set, stopsAtFailure: true).isEmpty
    }
    if areWritten { try release() } else { try takeBack() }
    return areWritten
  }
}

extension RowSet {
  /// The rows as far as they lie in the table itself.
  fileprivate var withoutLinks: RowSet {
    let offsets = stored
    var set = RowSet(table: table, columns: offsets.map { columns[$0] })
    set.reserve(count)
    for row in 0..<count { set.append(self[row], at: offsets) }
    return set
  }

  /// The rows of the tables of links; nil where there are none, where a row's key is not known, or
  /// where a member is no value to be linked to.
  fileprivate var linkSets: [RowSet]? {
    guard table.primaryKey.count == 1, let key = columns.firstIndex(of: table.primaryKey[0]) else {
      return nil
    }
    var sets: [RowSet] = []
    for (offset, position) in columns.enumerated() {
      guard let link = table.columns[position].link else { continue }
      var set = RowSet(table: link.table, columns: [link.own, link.other])
      set.reserve(count)
      for row in 0..<count {
        let values = self[row]
        let (owner, members) = (values[values.startIndex + key], values[values.startIndex + offset])
        guard !owner.isNull, case .list = members else { return nil }
        for member in members.members {
          switch member {
          case .null, .list, .object: return nil
          default: set.append(owner, member)
          }
        }
      }
      sets.append(set)
    }
    return sets.isEmpty ? nil : sets
  }
}
