#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A new folder that is removed with all it holds when the last reference goes.
package final class TemporaryFolder: Sendable {
  /// Absolute, without links.
  package let path: String

  package init() throws {
    var template = Array("/tmp/sow-test-XXXXXX".utf8CString)
    guard let made = mkdtemp(&template), let resolved = realpath(made, nil) else {
      throw CannotWrite(path: "/tmp")
    }
    path = String(cString: resolved)
    free(resolved)
  }

  deinit { Self.remove(path) }

  private static func remove(_ path: String) {
    guard unlink(path) != 0 else { return }
    chmod(path, 0o700)
    guard let folder = opendir(path) else { return }
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { remove(path + "/" + name) }
    }
    closedir(folder)
    rmdir(path)
  }

  /// Writes a file below the folder, with the folders on its way; gives its path.
  @discardableResult
  package func write(_ contents: String, to name: String) throws -> String {
    try write(Array(contents.utf8), to: name)
  }

  @discardableResult
  package func write(_ contents: [UInt8], to name: String) throws -> String {
    let steps = name.split(separator: "/")
    var folder = path
    for step in steps.dropLast() {
      folder += "/" + step
      mkdir(folder, 0o755)
    }
    let path = path + "/" + name
    guard let file = fopen(path, "w") else { throw CannotWrite(path: path) }
    defer { fclose(file) }
    guard fwrite(contents, 1, contents.count, file) == contents.count else {
      throw CannotWrite(path: path)
    }
    return path
  }

  /// The bytes of a file below the folder; nil where there is none.
  package func read(_ name: String) -> [UInt8]? {
    guard let file = fopen(path + "/" + name, "r") else { return nil }
    defer { fclose(file) }
    var contents: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = fread(&buffer, 1, buffer.count, file)
      guard count > 0 else { return contents }
      contents += buffer[..<count]
    }
  }
}
