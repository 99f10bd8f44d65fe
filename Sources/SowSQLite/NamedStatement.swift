internal import CSQLite
internal import SowDatabase
internal import SowModel

/// A prepared statement of the project's files, held to be one that only reads.
struct NamedStatement {
  let statement: Statement
  let shape: StatementShape
  /// For each parameter of the file, its position in the prepared statement; 0 for one that SQLite
  /// takes for part of a name.
  let positions: [Int]
}

extension Connection {
  /// The prepared statement, reset, or why it is refused.
  func prepare(_ source: QueryStatement) throws(DatabaseError)
    -> Result<NamedStatement, QueryRefusal>
  {
    if let known = named[source.text] {
      known.statement.reset()
      return .success(known)
    }
    let watch = ReadingWatch()
    let prepared: Result<NamedStatement, QueryRefusal>
    do throws(QueryRefusal) {
      prepared = .success(try handle.prepare(source, watch))
    } catch {
      if handle.isInterrupted { throw .interruption }
      prepared = .failure(error)
    }
    if case .success(let statement) = prepared { named[source.text] = statement }
    return prepared
  }
}

extension Handle {
  fileprivate func prepare(
    _ source: QueryStatement, _ watch: ReadingWatch
  ) throws(QueryRefusal) -> NamedStatement {
    var text = source.text
    guard !text.utf8.contains(0) else {
      throw QueryRefusal("it contains U+0000", vi: "nó chứa U+0000")
    }
    var prepared: OpaquePointer?
    var read = 0
    watch.start(on: self)
    let code = text.withUTF8 { utf8 in
      utf8.withMemoryRebound(to: CChar.self) { bytes in
        var end: UnsafePointer<CChar>?
        let code = sqlite3_prepare_v3(
          pointer, bytes.baseAddress, Int32(bytes.count), UInt32(SQLITE_PREPARE_PERSISTENT),
          &prepared, &end)
        if let start = bytes.baseAddress, let end { read = end - start }
        return code
      }
    }
    let failure = (text: message, offset: sqlite3_error_offset(pointer))
    watch.stop(on: self)
    if let refusal = watch.refusal { throw refusal }
    guard code == SQLITE_OK else { throw QueryRefusal(failure.text, at: failure.offset) }
    guard let prepared else {
      throw QueryRefusal("it holds no statement", vi: "nó không chứa câu lệnh nào")
    }
    let statement = Statement(prepared, on: self)
    guard try isEmpty(source.text, from: read) else {
      throw QueryRefusal(
        "it holds more than one statement", vi: "nó chứa nhiều hơn một câu lệnh", offset: read)
    }
    guard sqlite3_stmt_readonly(prepared) != 0, sqlite3_stmt_isexplain(prepared) == 0,
      sqlite3_column_count(prepared) > 0
    else { throw QueryRefusal(ReadingWatch.reason) }
    let columns = (0..<sqlite3_column_count(prepared)).map { column in
      sqlite3_column_name(prepared, column).map { String(cString: $0) } ?? ""
    }
    return NamedStatement(
      statement: statement, shape: StatementShape(columns: columns, tables: watch.tables),
      positions: try positions(of: source, in: prepared))
  }

  /// Whether nothing but white space and comments follows.
  private func isEmpty(_ text: String, from offset: Int) throws(QueryRefusal) -> Bool {
    let rest = String(decoding: text.utf8.dropFirst(offset), as: UTF8.self)
    var next: OpaquePointer?
    let code = sqlite3_prepare_v3(pointer, rest, -1, 0, &next, nil)
    defer { sqlite3_finalize(next) }
    return code == SQLITE_OK && next == nil
  }

  private func positions(
    of source: QueryStatement, in prepared: OpaquePointer
  ) throws(QueryRefusal) -> [Int] {
    for index in stride(from: 1, through: sqlite3_bind_parameter_count(prepared), by: 1) {
      let name = sqlite3_bind_parameter_name(prepared, index).map { String(cString: $0) } ?? "?"
      guard name.hasPrefix(":"), source.parameters.contains(String(name.dropFirst())) else {
        throw QueryRefusal(
          "a parameter is written :name, not \(name)",
          vi: "tham số được viết là :name, không phải \(name)")
      }
    }
    return source.parameters.map { Int(sqlite3_bind_parameter_index(prepared, ":" + $0)) }
  }
}

extension QueryRefusal {
  /// SQLite's message about the text of a statement, which holds nothing of a row.
  fileprivate init(_ text: String, at offset: Int32) {
    self.init(
      .quoted(text, of: "SQLite"), offset: offset >= 0 ? Int(offset) : nil,
      lacksName: text.hasPrefix("no such table") || text.hasPrefix("no such column"))
  }
}

/// Notes what a statement would do while SQLite prepares it, and lets it read alone
/// (sqlite.org/c3ref/set_authorizer.html).
private final class ReadingWatch {
  private(set) var tables: Set<String> = []
  private(set) var refusal: QueryRefusal?

  static let reason = Phrase(
    "it must be one SELECT, and do nothing but read",
    vi: "nó phải là một câu SELECT, và không làm gì ngoài đọc")

  func start(on handle: Handle) {
    sqlite3_set_authorizer(
      handle.pointer,
      { context, action, first, second, _, _ in
        guard let context else { return SQLITE_DENY }
        let watch = Unmanaged<ReadingWatch>.fromOpaque(context).takeUnretainedValue()
        return watch.allows(
          action, first.map { String(cString: $0) } ?? "", second.map { String(cString: $0) } ?? "")
          ? SQLITE_OK : SQLITE_DENY
      }, Unmanaged.passUnretained(self).toOpaque())
  }

  func stop(on handle: Handle) { sqlite3_set_authorizer(handle.pointer, nil, nil) }

  private func allows(_ action: Int32, _ first: String, _ second: String) -> Bool {
    switch action {
    case SQLITE_SELECT, SQLITE_RECURSIVE: return true
    // So a table-valued function comes to be; the statement itself is held to be read-only.
    case SQLITE_UPDATE where first == "sqlite_master": return true
    case SQLITE_READ where SQL.ledgerTables.contains(first.lowercased()):
      refusal = QueryRefusal(
        "it reads \(first), which is the ledger's", vi: "nó đọc \(first), vốn là của sổ cái")
    case SQLITE_READ:
      tables.insert(first)
      return true
    case SQLITE_FUNCTION where second.lowercased().hasPrefix("sow_"):
      refusal = QueryRefusal(
        "it calls \(second), which is sow's own", vi: "nó gọi \(second), vốn là của riêng sow")
    case SQLITE_FUNCTION: return true
    default: refusal = QueryRefusal(Self.reason)
    }
    return false
  }
}
