internal import CSQLite

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// A database file that this connection made, and the folder where it made that, too.
struct MadeFile {
  let path: String
  let folder: String?
}

extension SQLiteDatabase {
  /// Removes the file where this connection made it and nothing was ever written to it.
  ///
  /// That happens under the lock of the file. Who waits for that lock finds the file gone once it has
  /// it (`isGone`), and writes nothing into the void.
  package func discardIfUnused() {
    guard let made else { return }
    rollback()
    // Not through the statements, which an interruption stops.
    let pointer = connection.handle.pointer
    guard sqlite3_exec(pointer, "BEGIN EXCLUSIVE", nil, nil, nil) == SQLITE_OK else { return }
    var status = stat()
    let isUnused = stat(made.path, &status) == 0 && status.st_size == 0 && !isGone
    if isUnused { unlink(made.path) }
    sqlite3_exec(pointer, "ROLLBACK", nil, nil, nil)
    guard isUnused else { return }
    // The journal went with the lock; a folder in which others put something stays.
    if let folder = made.folder { rmdir(folder) }
    self.made = nil
  }

  /// Whether the file that is open is not the one at its path any more.
  var isGone: Bool {
    var hasMoved: Int32 = 0
    let code = sqlite3_file_control(
      connection.handle.pointer, "main", SQLITE_FCNTL_HAS_MOVED, &hasMoved)
    return code == SQLITE_OK && hasMoved != 0
  }
}
