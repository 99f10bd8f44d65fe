package import SowDatabase
package import SowModel

extension SQLiteDatabase {
  package func storedForms(of table: Table) throws(DatabaseError) -> (any StoredForms)? {
    try digesterOfStableRows() == nil ? nil : ColumnForms(table)
  }
}

/// What the columns of a table make of values, by their affinities
/// (sqlite.org/datatype3.html, chapter 3), as far as no version of SQLite can differ.
private struct ColumnForms: StoredForms {
  private let columns: [Form]

  private enum Form {
    case column(Affinity, isNullable: Bool)
    /// A set whose members have this affinity.
    case links(Affinity)
  }

  init(_ table: Table) {
    columns = table.columns.map { column in
      if let link = column.link { return .links(Affinity(of: link.table.columns[link.other])) }
      return .column(Affinity(of: column), isNullable: column.isNullable)
    }
  }

  func form(of value: Value, in column: Int) -> StoredForm {
    switch columns[column] {
    case .links(let affinity): Self.list(value.members, affinity)
    // Null where it may not be can have a conflict clause that makes it the default.
    case .column(_, let isNullable) where value.isNull: isNullable ? .asWritten : .unknown
    case .column(let affinity, _): Self.form(of: value, affinity)
    }
  }

  private static func form(of value: Value, _ affinity: Affinity) -> StoredForm {
    switch (value, affinity) {
    case (.text, .text), (.text, .blob): .asWritten
    case (.text(let text), _): Value.isNumber(text) ? .unknown : .asWritten
    case (.integer, .integer), (.integer, .numeric), (.integer, .blob): .asWritten
    case (.integer(let number), .text): .other(.text(String(number)))
    case (.integer(let number), .real): .other(.float(Double(number)))
    case (.boolean(let flag), .integer), (.boolean(let flag), .numeric),
      (.boolean(let flag), .blob):
      .other(.integer(flag ? 1 : 0))
    case (.decimal(let number), .text): .other(.text(number.canonical))
    case (.decimal(let number), _): form(of: number, affinity)
    case (.bytes, .blob): .asWritten
    default: .unknown
    }
  }

  private static func form(of number: ExactDecimal, _ affinity: Affinity) -> StoredForm {
    if affinity != .real, let integer = Int64(number.canonical) {
      return .other(.integer(integer))
    }
    guard affinity != .blob, let float = number.certainDouble else { return .unknown }
    return .other(.float(float))
  }

  /// Numbers alone: they need no escapes.
  private static func list(_ members: [Value], _ affinity: Affinity) -> StoredForm {
    guard affinity == .integer || affinity == .numeric else { return .unknown }
    var text = "["
    for member in members {
      guard case .integer(let number) = member else { return .unknown }
      if text.utf8.count > 1 { text += "," }
      text += String(number)
    }
    return .other(.text(text + "]"))
  }
}

extension ExactDecimal {
  /// The nearest double, where every way to compute it with a few bits to spare comes to the same:
  /// SQLite's rounds twice, and differs between its versions. Nil where that is not certain.
  fileprivate var certainDouble: Double? {
    var (digits, scale, isFraction) = (0.0, 1.0, false)
    for byte in canonical.utf8 {
      switch byte {
      case UInt8(ascii: "-"): continue
      case UInt8(ascii: "."): isFraction = true
      default:
        digits = digits * 10 + Double(byte - 0x30)
        if isFraction { scale *= 10 }
      }
    }
    // Both are exact up to here, and so is the remainder of their quotient.
    guard digits <= 0x1p53, scale <= 1e22 else { return nil }
    guard digits > 0 else { return 0 }
    let quotient = digits / scale
    let remainder = digits.addingProduct(-quotient, scale)
    let distance = abs(remainder / scale) / quotient.ulp
    guard distance < 0.5 - 0x1p-9 else { return nil }
    return canonical.utf8.first == UInt8(ascii: "-") ? -quotient : quotient
  }
}
