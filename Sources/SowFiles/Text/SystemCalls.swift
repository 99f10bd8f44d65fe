import SowModel

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Reads up to `count` bytes, again where a signal interrupts; nil where it fails, with `errno`.
func readBytes(_ descriptor: Int32, into target: UnsafeMutableRawPointer, count: Int) -> Int? {
  while true {
    let got = read(descriptor, target, count)
    if got >= 0 { return got }
    guard errno == EINTR else { return nil }
  }
}

/// The path with every link resolved; nil where it does not exist.
func resolvedPath(_ path: String) -> String? {
  guard let text = realpath(path, nil) else { return nil }
  defer { free(text) }
  return String(cString: text)
}

/// What a path leads to, links followed.
enum FileKind {
  case regular(bytes: Int)
  case folder
  /// A device, FIFO or socket, by name.
  case other(Phrase)

  init?(atPath path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    self.init(status)
  }

  init?(descriptor: Int32) {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { return nil }
    self.init(status)
  }

  private init(_ status: stat) {
    switch status.st_mode & S_IFMT {
    case S_IFREG: self = .regular(bytes: Int(status.st_size))
    case S_IFDIR: self = .folder
    case S_IFIFO: self = .other(Phrase("a FIFO", vi: "một FIFO"))
    case S_IFSOCK: self = .other(Phrase("a socket", vi: "một socket"))
    default: self = .other(Phrase("a device", vi: "một thiết bị"))
    }
  }
}

/// The names in a folder, `.` and `..` aside, in byte order; nil where it cannot be read.
func folderNames(_ path: String) -> [String]? {
  guard let folder = opendir(path) else { return nil }
  defer { closedir(folder) }
  var names: [String] = []
  while let entry = readdir(folder) {
    let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
      pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
    }
    if name != ".", name != ".." { names.append(name) }
  }
  return names.sorted(by: precedesInBytes)
}

/// Byte order of the UTF-8 form, the same on every machine.
func precedesInBytes(_ left: String, _ right: String) -> Bool {
  left.utf8.lexicographicallyPrecedes(right.utf8)
}
