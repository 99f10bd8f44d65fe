#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// The text of a file of at most 1 MiB; nil where it cannot be read.
func smallFile(_ path: String) -> String? {
  let descriptor = open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { return nil }
  defer { close(descriptor) }
  let limit = 1 << 20
  guard let bytes = allBytes(of: descriptor, atMost: limit + 1), bytes.count <= limit else {
    return nil
  }
  return String(decoding: bytes, as: UTF8.self)
}

/// What comes from standard input, up to `limit` bytes; nil where it cannot be read.
func standardInput(atMost limit: Int) -> [UInt8]? { allBytes(of: STDIN_FILENO, atMost: limit) }

private func allBytes(of descriptor: Int32, atMost limit: Int) -> [UInt8]? {
  var bytes: [UInt8] = []
  var piece = [UInt8](repeating: 0, count: 1 << 16)
  while bytes.count < limit {
    let count = read(descriptor, &piece, min(piece.count, limit - bytes.count))
    if count < 0, errno == EINTR { continue }
    guard count >= 0 else { return nil }
    if count == 0 { break }
    bytes += piece[..<count]
  }
  return bytes
}

/// A file that is written beside its place and appears there whole, once it is `finished`.
///
/// Made before the work starts, so that a place that cannot be written is known before anything
/// else is.
final class PendingFile {
  let outlet: Outlet
  private let descriptor: Int32
  private let path: String
  private let temporary: String

  /// Throws where no file can be made beside `path`.
  init(at path: String) throws(FileProblem) {
    let temporary = "\(path).\(getpid()).tmp"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw FileProblem(errno) }
    self.path = path
    self.temporary = temporary
    self.descriptor = descriptor
    outlet = Outlet(descriptor: descriptor)
  }

  deinit {
    close(descriptor)
    unlink(temporary)
  }

  /// Puts the file in its place.
  func finish() throws(FileProblem) {
    outlet.flush()
    if let failure = outlet.failure { throw FileProblem(failure) }
    guard fsync(descriptor) == 0 || errno == EINVAL, rename(temporary, path) == 0 else {
      throw FileProblem(errno)
    }
  }
}

/// The system's refusal, in its words.
struct FileProblem: Error, Hashable {
  let text: String

  init(_ code: Int32) { text = String(cString: strerror(code)) }
}

/// The folder that the process works in, absolute and resolved.
func currentFolder() -> String {
  guard let text = realpath(".", nil) else { return "/" }
  defer { free(text) }
  return String(cString: text)
}

/// Works in another folder from now on; throws where there is none.
func enter(_ folder: String) throws(FileProblem) {
  guard chdir(folder) == 0 else { throw FileProblem(errno) }
}

func fileExists(_ path: String) -> Bool { access(path, F_OK) == 0 }
