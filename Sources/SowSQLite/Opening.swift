internal import CSQLite
package import SowDatabase

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

extension SQLiteDatabase {
  package enum Mode: Hashable, Sendable {
    /// Never writes and never makes a file. With `standsIn` a file that does not exist is read as
    /// an empty database; else it is an error of kind `unavailable`.
    case read(standsIn: Bool)
    /// Makes the file and the folder it is in where they do not exist.
    case write
  }

  /// Opens the file at `path`; `:memory:` is a new database that lives as long as the object.
  ///
  /// Foreign keys are enforced and double quotes never make a string. The journal mode stays the
  /// file's own; every commit is on the disk when it returns. With a `statementLimit` a statement that
  /// takes longer ends with an error of kind `timedOut`.
  package static func open(
    path: String, mode: Mode, statementLimit: Duration? = nil
  ) throws(DatabaseError) -> SQLiteDatabase {
    let database = try open(path: path, mode)
    if let statementLimit { database.connection.handle.limitStatements(to: statementLimit) }
    return database
  }

  private static func open(path: String, _ mode: Mode) throws(DatabaseError) -> SQLiteDatabase {
    guard !path.isEmpty else {
      throw DatabaseError(
        .unavailable, "the database has no path", vi: "cơ sở dữ liệu không có đường dẫn")
    }
    if path == ":memory:" { return try open(":memory:", SQLITE_OPEN_READWRITE) }
    // SQLite may be built to read `file:` as a URI, whose parameters could do anything.
    let file = path.hasPrefix("/") ? path : "./" + path
    switch mode {
    case .read(let standsIn):
      guard exists(file) else {
        guard standsIn else {
          throw DatabaseError(.unavailable, "there is no such file", vi: "không có tệp như vậy")
        }
        return try open(":memory:", SQLITE_OPEN_READWRITE, isStandIn: true)
      }
      return try openForReading(file)
    case .write:
      let isNew = !exists(file)
      let madeFolder = try makeFolder(of: file)
      let database = try open(file, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE)
      if isNew { database.made = MadeFile(path: file, folder: madeFolder) }
      try database.probe(file)
      return database
    }
  }

  private static func openForReading(_ file: String) throws(DatabaseError) -> SQLiteDatabase {
    let database = try open(file, SQLITE_OPEN_READONLY)
    do throws(DatabaseError) {
      try database.probe(file)
    } catch {
      // A run was killed and its journal must be rolled back: any writer does that on opening.
      guard error.kind == .readOnly || error.kind == .unavailable else { throw error }
      try open(file, SQLITE_OPEN_READWRITE).probe(file)
      try database.probe(file)
    }
    return database
  }

  private static func open(_ file: String, _ access: Int32, isStandIn: Bool = false)
    throws(DatabaseError) -> SQLiteDatabase
  {
    _ = Self.memoryIsUncounted
    var pointer: OpaquePointer?
    // One thread uses a connection; only sqlite3_interrupt comes from another, which is allowed.
    let flags = access | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_NOMUTEX
    let code = sqlite3_open_v2(file, &pointer, flags, nil)
    guard let pointer else { throw DatabaseError(code: SQLITE_NOMEM, text: "") }
    let handle = Handle(pointer)
    guard code == SQLITE_OK else { throw handle.failure(code) }
    for (option, value) in [
      (SQLITE_DBCONFIG_ENABLE_FKEY, 1), (SQLITE_DBCONFIG_DQS_DML, 0),
      (SQLITE_DBCONFIG_DQS_DDL, 0), (SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0),
      (SQLITE_DBCONFIG_DEFENSIVE, 1),
    ] {
      var result: Int32 = -1
      guard csqlite_config(pointer, option, Int32(value), &result) == SQLITE_OK, result == value
      else {
        throw DatabaseError(
          .other, "this SQLite lacks an option that sow relies on",
          vi: "bản SQLite này thiếu một tùy chọn mà sow cần")
      }
    }
    let digests = DigestFunction()
    try Functions.add(to: handle, digests: digests)
    return SQLiteDatabase(Connection(handle), digests: digests, isStandIn: isStandIn)
  }

  /// False where this process used SQLite before: then it only is a little slower.
  private static let memoryIsUncounted = csqlite_stop_counting_memory() == SQLITE_OK

  /// Sets what is of the connection; SQLite reads the file for that, so it may be locked.
  func configure() throws(DatabaseError) {
    for setting in ["temp_store = MEMORY", "cache_size = -24576", "synchronous = FULL"] {
      try connection.execute("PRAGMA " + setting)
    }
  }

  /// Reads the first page, so that a file that is no database is refused here; a lock is not.
  private func probe(_ file: String) throws(DatabaseError) {
    do throws(DatabaseError) {
      try connection.execute("SELECT count(*) FROM main.sqlite_schema")
    } catch {
      switch error.kind {
      case .locked: return
      case .unavailable where Self.usesWriteAheadLog(file),
        .readOnly where Self.usesWriteAheadLog(file):
        throw DatabaseError(
          .unavailable, "a database in WAL mode can only be opened in a folder that can be written",
          vi: "cơ sở dữ liệu ở chế độ WAL chỉ mở được trong thư mục ghi được")
      default: throw error
      }
    }
  }

  /// Only a clear no is one: a file that cannot be looked at is for SQLite to refuse.
  private static func exists(_ file: String) -> Bool {
    var status = stat()
    return stat(file, &status) == 0 || (errno != ENOENT && errno != ENOTDIR)
  }

  /// Makes the last folder of the path, as in `.sow/local.db`, and no folder above it; nil where it
  /// is there.
  private static func makeFolder(of file: String) throws(DatabaseError) -> String? {
    guard let slash = file.utf8.lastIndex(of: UInt8(ascii: "/")), slash > file.startIndex else {
      return nil
    }
    let folder = String(file[..<slash])
    guard !exists(folder) else { return nil }
    if mkdir(folder, 0o777) == 0 { return folder }
    if errno == EEXIST { return nil }
    switch errno {
    case EROFS, EACCES, EPERM:
      throw DatabaseError(
        .readOnly, "the folder of the database cannot be made",
        vi: "không tạo được thư mục của cơ sở dữ liệu")
    case ENOSPC: throw DatabaseError(.diskFull, "the disk is full", vi: "đĩa đã đầy")
    default:
      throw DatabaseError(
        .unavailable, "the folder of the database cannot be made",
        vi: "không tạo được thư mục của cơ sở dữ liệu")
    }
  }

  /// Whether the file's header says so (sqlite.org/fileformat2.html, offset 18).
  private static func usesWriteAheadLog(_ file: String) -> Bool {
    let descriptor = Self.descriptor(of: file)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var version: UInt8 = 0
    return pread(descriptor, &version, 1, 18) == 1 && version == 2
  }

  private static func descriptor(of file: String) -> Int32 {
    #if canImport(Glibc)
      Glibc.open(file, O_RDONLY | O_CLOEXEC)
    #else
      Darwin.open(file, O_RDONLY | O_CLOEXEC)
    #endif
  }
}
