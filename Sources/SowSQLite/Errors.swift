internal import CSQLite
internal import SowDatabase
internal import SowModel

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
    case SQLITE_MISMATCH:
      self.init(
        .refused, "the column takes no value of this type", vi: "cột không nhận giá trị kiểu này")
    case SQLITE_TOOBIG: self.init(.refused, "a value is too large", vi: "một giá trị quá lớn")
    case SQLITE_BUSY, SQLITE_LOCKED:
      self.init(
        .locked, "another process is using the database",
        vi: "một tiến trình khác đang dùng cơ sở dữ liệu")
    case SQLITE_READONLY: self = .readOnly(reason: code >> 8)
    case SQLITE_FULL: self.init(.diskFull, "the disk is full", vi: "đĩa đã đầy")
    case SQLITE_IOERR:
      self.init(
        .inputOutput, "the database file cannot be read or written",
        vi: "không đọc hoặc ghi được tệp cơ sở dữ liệu")
    case SQLITE_NOTADB:
      self.init(
        .unusable, "the file is not a SQLite database", vi: "tệp không phải là cơ sở dữ liệu SQLite"
      )
    case SQLITE_CORRUPT:
      self.init(.unusable, "the database file is damaged", vi: "tệp cơ sở dữ liệu bị hỏng")
    case SQLITE_CANTOPEN:
      self.init(
        .unavailable, "the database file cannot be opened", vi: "không mở được tệp cơ sở dữ liệu")
    case SQLITE_PERM, SQLITE_AUTH:
      self.init(
        .unavailable, "access to the database was refused",
        vi: "quyền truy cập cơ sở dữ liệu bị từ chối")
    case SQLITE_INTERRUPT: self = .interruption
    case SQLITE_NOMEM:
      self.init(.other, "the database ran out of memory", vi: "cơ sở dữ liệu hết bộ nhớ")
    case SQLITE_SCHEMA:
      self.init(
        .other, "the database's structure changed meanwhile",
        vi: "cấu trúc cơ sở dữ liệu đã thay đổi trong lúc đó")
    case SQLITE_ERROR: self.init(.other, Self.complaint(text))
    default: self.init(.other, "SQLite gave the error \(code)", vi: "SQLite báo lỗi \(code)")
    }
  }

  static var interruption: DatabaseError {
    DatabaseError(.interrupted, "the work was interrupted", vi: "công việc bị ngắt")
  }

  static var overtime: DatabaseError {
    DatabaseError(
      .timedOut, "a statement took longer than it may", vi: "một câu lệnh chạy lâu hơn mức cho phép"
    )
  }

  private init(constraint: Int32, text: String) {
    switch constraint {
    case 1: self.init(check: text)
    case 3:
      self.init(
        .foreignKey, "a reference to or from the row does not allow it",
        vi: "một tham chiếu đến hoặc từ bản ghi không cho phép điều đó")
    case 5:
      self.init(
        .notNull, Phrase("a value must not be null", vi: "một giá trị không được là null"),
        naming: text)
    case 6, 8, 10:
      self.init(
        .unique,
        Phrase("another row has the same values", vi: "một bản ghi khác đã có cùng các giá trị"),
        naming: text)
    case 7: self.init(.refused, "refused by a trigger", vi: "bị một trigger từ chối")
    case 12:
      self.init(
        .refused, "the column takes no value of this type", vi: "cột không nhận giá trị kiểu này")
    default:
      self.init(.refused, "a constraint refuses the row", vi: "một ràng buộc từ chối bản ghi")
    }
  }

  /// `CHECK constraint failed: name`; without a name SQLite gives the expression, which is the
  /// schema's text and holds nothing of the row.
  private init(check text: String) {
    let name = text.split(separator: ": ", maxSplits: 1).last.map(String.init)
    self.init(
      .check,
      Phrase(
        "the check \(name ?? "") refuses the row",
        vi: "ràng buộc kiểm tra \(name ?? "") từ chối bản ghi"), constraint: name)
  }

  /// `UNIQUE constraint failed: table.a, table.b` or `…: index 'name'`.
  private init(_ kind: Kind, _ message: Phrase, naming text: String) {
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
    case .notNull: message = Phrase("\(names) must not be null", vi: "\(names) không được là null")
    case .unique:
      message = Phrase(
        "another row has the same \(names)", vi: "một bản ghi khác đã có cùng \(names)")
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
        .readOnly, "an interrupted write must be rolled back first, and that needs write access",
        vi: "trước hết phải hoàn tác một lần ghi dở dang, mà việc đó cần quyền ghi")
    default:
      DatabaseError(.readOnly, "the database cannot be written", vi: "không ghi được cơ sở dữ liệu")
    }
  }

  /// Messages about the schema name tables and columns only; others may come from a function in a
  /// trigger and are not shown.
  private static func complaint(_ text: String) -> Phrase {
    let unsafe = "unsafe use of "
    if text.hasPrefix(unsafe) {
      let function = String(text.dropFirst(unsafe.count))
      return Phrase(
        "a default, check, index or trigger of the database calls {function}, which sow does not let a database's own text call",
        vi:
          "một giá trị mặc định, ràng buộc, chỉ mục hoặc trigger của cơ sở dữ liệu gọi {function}, mà sow không cho văn bản của cơ sở dữ liệu gọi",
        ["function": function])
    }
    for start in ["no such ", "duplicate column name", "near ", "ambiguous column", "table "]
    where text.hasPrefix(start) {
      return Phrase(
        "SQLite cannot run the statement: {text}",
        vi: "SQLite không chạy được câu lệnh: \"{text}\"",
        ["text": text])
    }
    return Phrase(
      "SQLite cannot run the statement", vi: "SQLite không chạy được câu lệnh")
  }
}
