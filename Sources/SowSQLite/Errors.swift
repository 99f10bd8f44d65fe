internal import CSQLite
internal import SowDatabase

/// Names as a message has them: `"a", "b"`.
func quoted(_ names: [String]) -> String {
  names.map { "\"\($0)\"" }.joined(separator: ", ")
}

extension DatabaseError {
  /// What SQLite's extended result `code` means in our words.
  ///
  /// Of `text`, SQLite's own message, only names of the schema are taken: other parts may hold
  /// values, or a trigger's words.
  init(code: Int32, text: String) {
    switch code & 0xFF {
    case SQLITE_CONSTRAINT: self.init(constraint: code >> 8, text: text)
    case SQLITE_MISMATCH: self.init(.refused, "the column takes no value of this type")
    case SQLITE_TOOBIG: self.init(.refused, "a value is too large")
    case SQLITE_BUSY, SQLITE_LOCKED: self.init(.locked, "another process is using the database")
    case SQLITE_READONLY: self = .readOnly(reason: code >> 8)
    case SQLITE_FULL: self.init(.diskFull, "the disk is full")
    case SQLITE_IOERR: self.init(.inputOutput, "the database file cannot be read or written")
    case SQLITE_NOTADB: self.init(.unusable, "the file is not a SQLite database")
    case SQLITE_CORRUPT: self.init(.unusable, "the database file is damaged")
    case SQLITE_CANTOPEN: self.init(.unavailable, "the database file cannot be opened")
    case SQLITE_PERM, SQLITE_AUTH: self.init(.unavailable, "access to the database was refused")
    case SQLITE_INTERRUPT: self = .interruption
    case SQLITE_NOMEM: self.init(.other, "the database ran out of memory")
    case SQLITE_SCHEMA: self.init(.other, "the database's structure changed meanwhile")
    case SQLITE_ERROR: self.init(.other, Self.complaint(text))
    default: self.init(.other, "SQLite gave the error \(code)")
    }
  }

  static var interruption: DatabaseError { DatabaseError(.interrupted, "the work was interrupted") }

  static var overtime: DatabaseError {
    DatabaseError(.timedOut, "a statement took longer than it may")
  }

  private init(constraint: Int32, text: String) {
    switch constraint {
    case 1: self.init(check: text)
    case 3: self.init(.foreignKey, "a reference to or from the row does not allow it")
    case 5: self.init(.notNull, "a value must not be null", naming: text)
    case 6, 8, 10: self.init(.unique, "another row has the same values", naming: text)
    case 7: self.init(.refused, "refused by a trigger")
    case 12: self.init(.refused, "the column takes no value of this type")
    default: self.init(.refused, "a constraint refuses the row")
    }
  }

  /// `CHECK constraint failed: name`; without a name SQLite gives the expression, which is the
  /// schema's text and holds nothing of the row.
  private init(check text: String) {
    let name = text.split(separator: ": ", maxSplits: 1).last.map(String.init)
    self.init(.check, "the check \(name ?? "") refuses the row", constraint: name)
  }

  /// `UNIQUE constraint failed: table.a, table.b` or `…: index 'name'`.
  private init(_ kind: Kind, _ message: String, naming text: String) {
    self.init(kind, message)
    guard let names = text.split(separator: ": ", maxSplits: 1).dropFirst().first else { return }
    if names.hasPrefix("index '"), names.hasSuffix("'") {
      constraint = String(names.dropFirst(7).dropLast())
    } else if let dot = names.firstIndex(of: ".") {
      // A name with a dot in it is mended by `named(for:)`, which knows the table.
      table = String(names[..<dot])
      columns = Self.columns(names, of: String(names[..<dot]))
    }
    describeColumns()
  }

  /// The same error where the row was meant for `table`, whose name may hold dots and commas.
  func named(for table: String, text: String) -> DatabaseError {
    guard kind == .notNull || kind == .unique,
      let names = text.split(separator: ": ", maxSplits: 1).dropFirst().first,
      names.hasPrefix(table + ".")
    else { return self }
    var error = self
    error.table = table
    error.columns = Self.columns(names, of: table)
    error.describeColumns()
    return error
  }

  private mutating func describeColumns() {
    guard !columns.isEmpty else { return }
    let names = quoted(columns)
    switch kind {
    case .notNull: message = "\(names) must not be null"
    case .unique: message = "another row has the same \(names)"
    default: break
    }
  }

  private static func columns(_ names: Substring, of table: String) -> [String] {
    let prefix = table + "."
    var columns: [String] = []
    var rest = names.dropFirst(prefix.count)
    while let end = rest.firstRange(of: ", " + prefix) {
      columns.append(String(rest[..<end.lowerBound]))
      rest = rest[end.upperBound...]
    }
    return columns + [String(rest)]
  }

  private static func readOnly(reason: Int32) -> DatabaseError {
    switch reason {
    case 1, 3:
      DatabaseError(
        .readOnly, "an interrupted write must be rolled back first, and that needs write access")
    default: DatabaseError(.readOnly, "the database cannot be written")
    }
  }

  /// Messages about the schema name tables and columns only; others may come from a function in a
  /// trigger and are not shown.
  private static func complaint(_ text: String) -> String {
    for start in ["no such ", "duplicate column name", "near ", "ambiguous column", "table "]
    where text.hasPrefix(start) {
      return "SQLite cannot run the statement: \(text)"
    }
    return "SQLite cannot run the statement"
  }
}
