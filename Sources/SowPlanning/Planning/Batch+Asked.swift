package import SowModel

extension Batch {
  /// What the ledger remembers of the columns: those that are compared, none of a row that is
  /// kept as it is.
  package func shape(isKept: Bool) -> LedgerShape {
    var shape = LedgerShape(table: entity.table.name, columns: [])
    for offset in isKept ? [] : asked {
      let column = entity.table.columns[columns[offset]]
      shape.columns.append(column.name)
      if let link = column.link { shape.links[column.name] = link.names }
    }
    return shape
  }

  /// What the plan asks of a row: nothing, where it is kept as it is.
  package func encodeAsked(_ row: Int, isKept: Bool, into encoder: inout RowEncoder) {
    encoder.reset()
    if isKept { return }
    let first = row * columns.count
    if hasLinks {
      for offset in asked {
        let value = values[first + offset]
        let isLink = entity.fields[columns[offset]].isLink
        encoder.append(isLink ? .list(value.members) : value)
      }
    } else if asked.count == columns.count {
      for value in values[first..<first + columns.count] { encoder.append(value) }
    } else {
      for offset in asked { encoder.append(values[first + offset]) }
    }
  }
}
