import CSQLite
import SowDatabase
import SowModel
import SowSQLite
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A temporary folder with one database file, which others than sow may use too; removed at the
/// end.
final class Sandbox {
  let folder: String
  var path: String { folder + "/test.db" }

  init(_ sql: String = "") throws {
    var template = Array("/tmp/sow-sqlite-XXXXXX".utf8CString)
    try #require(mkdtemp(&template) != nil)
    folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    if !sql.isEmpty { _ = try run(sql) }
  }

  deinit {
    chmod(folder, 0o700)
    if let listing = opendir(folder) {
      while let entry = readdir(listing) {
        let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
          String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        unlink(folder + "/" + name)
        rmdir(folder + "/" + name)
      }
      closedir(listing)
    }
    rmdir(folder)
  }

  /// Runs SQL as another program would, and gives the rows of the last statement: text, or nil.
  func run(_ sql: String, path: String? = nil) throws -> [[String?]] {
    var pointer: OpaquePointer?
    try #require(sqlite3_open(path ?? self.path, &pointer) == SQLITE_OK)
    defer { sqlite3_close(pointer) }
    return try Self.run(sql, on: pointer)
  }

  static func run(_ sql: String, on pointer: OpaquePointer?) throws -> [[String?]] {
    var rows: [[String?]] = []
    var rest = sql
    while !rest.allSatisfy(\.isWhitespace) {
      var statement: OpaquePointer?
      rows = []
      rest = try rest.withCString { start in
        var tail: UnsafePointer<CChar>?
        let code = sqlite3_prepare_v2(pointer, start, -1, &statement, &tail)
        try #require(code == SQLITE_OK, "\(String(cString: sqlite3_errmsg(pointer)))")
        return tail.map { String(cString: $0) } ?? ""
      }
      guard let statement else { break }
      defer { sqlite3_finalize(statement) }
      while true {
        let code = sqlite3_step(statement)
        if code == SQLITE_DONE { break }
        try #require(code == SQLITE_ROW, "\(String(cString: sqlite3_errmsg(pointer)))")
        rows.append(
          (0..<sqlite3_column_count(statement)).map { column in
            sqlite3_column_text(statement, column).map { String(cString: $0) }
          })
      }
    }
    return rows
  }

  func open(_ mode: SQLiteDatabase.Mode = .write) throws -> SQLiteDatabase {
    try SQLiteDatabase.open(path: path, mode: mode)
  }

  /// Opened and within a transaction of a run.
  func begin() throws -> SQLiteDatabase {
    let database = try open()
    try database.begin(.write, patience: 1)
    return database
  }

  /// Opened for writing, with the table of that name.
  func begin(_ table: String) throws -> (SQLiteDatabase, Table) {
    let database = try begin()
    return (database, try #require(try database.catalogue()[table]))
  }

  func write(_ bytes: [UInt8], to name: String = "test.db", at offset: Int = 0) {
    let descriptor = Self.descriptor(folder + "/" + name, O_WRONLY | O_CREAT)
    #expect(pwrite(descriptor, bytes, bytes.count, off_t(offset)) == bytes.count)
    close(descriptor)
  }

  func read(_ name: String) -> [UInt8] {
    let descriptor = Self.descriptor(folder + "/" + name, O_RDONLY)
    defer { close(descriptor) }
    var bytes = Array(repeating: UInt8(0), count: Int(lseek(descriptor, 0, SEEK_END)))
    #expect(pread(descriptor, &bytes, bytes.count, 0) == bytes.count)
    return bytes
  }

  private static func descriptor(_ path: String, _ flags: Int32) -> Int32 {
    #if canImport(Glibc)
      Glibc.open(path, flags, 0o600)
    #else
      Darwin.open(path, flags, 0o600)
    #endif
  }

  func exists(_ name: String) -> Bool { access(folder + "/" + name, F_OK) == 0 }
}

extension Table {
  func rows(_ columns: [String], _ rows: [[Value]]) throws -> RowSet {
    var set = RowSet(table: self, columns: try columns.map { try #require(position(of: $0)) })
    for row in rows { set.append(row) }
    return set
  }
}

func decimal(_ text: String) throws -> Value { .decimal(try #require(ExactDecimal(text))) }
