internal import SowFiles
internal import SowModel

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// The text of a file of at most `limit` bytes, 1 MiB unless said; nil where it cannot be read.
func smallFile(_ path: String, atMost limit: Int = 1 << 20) -> String? {
  let descriptor = open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { return nil }
  defer { close(descriptor) }
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

  /// Throws where no file can be made beside `path`; a private one is its owner's alone from the
  /// first byte on, whoever made what lies there.
  init(at path: String, isPrivate: Bool = false) throws(FileProblem) {
    // The process may work elsewhere by the time it is finished.
    let path = joined(currentFolder(), path)
    let temporary = "\(path).\(getpid()).tmp"
    if isPrivate { unlink(temporary) }
    let flags = O_WRONLY | O_CREAT | O_CLOEXEC | (isPrivate ? O_EXCL : O_TRUNC)
    let descriptor = open(temporary, flags, isPrivate ? 0o600 : 0o666)
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

  /// Whether the file that is there holds the same bytes.
  func equalsItsPlace() throws(FileProblem) -> Bool {
    outlet.flush()
    if let failure = outlet.failure { throw FileProblem(failure) }
    let (own, other) = (
      open(temporary, O_RDONLY | O_CLOEXEC), open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    )
    defer {
      close(own)
      close(other)
    }
    guard own >= 0 else { throw FileProblem(errno) }
    guard other >= 0 else { return false }
    var (left, right) = (stat(), stat())
    guard fstat(own, &left) == 0, fstat(other, &right) == 0,
      right.st_mode & S_IFMT == S_IFREG, left.st_size == right.st_size
    else { return false }
    while true {
      guard let piece = bytes(of: own, count: 1 << 16), let same = bytes(of: other, count: 1 << 16)
      else { throw FileProblem(errno) }
      if piece != same { return false }
      if piece.isEmpty { return true }
    }
  }

  /// Up to `count` bytes, fewer only at the end; nil where they cannot be read.
  private func bytes(of descriptor: Int32, count: Int) -> [UInt8]? {
    allBytes(of: descriptor, atMost: count)
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
  let text: Phrase

  init(_ code: Int32) { text = systemErrorText(code) }
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
