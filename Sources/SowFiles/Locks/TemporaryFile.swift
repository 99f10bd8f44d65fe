#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A file of a fixed name beside another one, which one process at a time holds.
///
/// The lock is the system's (`flock`), so that one who is killed holds nothing. Where the file
/// system knows no locks there is none.
final class TemporaryFile: Sendable {
  let path: String
  private let descriptor: Int32

  static func exists(beside path: String) -> Bool {
    var status = stat()
    return lstat(name(beside: path), &status) == 0
  }

  /// Waits for whoever holds it, as long as syncing a file may take.
  init(beside path: String) throws(FileFailure) {
    self.path = Self.name(beside: path)
    let end = ContinuousClock.now + .seconds(20)
    while true {
      switch try Self.take(self.path) {
      case .taken(let descriptor):
        self.descriptor = descriptor
        return
      case .gone: continue
      case .held:
        guard ContinuousClock.now < end else {
          errno = EWOULDBLOCK
          throw FileFailure(.lock, self.path)
        }
        usleep(5_000)
      }
    }
  }

  deinit { close(descriptor) }

  func write(_ contents: [UInt8], likeModeOf other: String) throws(FileFailure) {
    guard ftruncate(descriptor, 0) == 0 else { throw FileFailure(.write, path) }
    var status = stat()
    if stat(other, &status) == 0, fchmod(descriptor, status.st_mode & 0o7777) != 0 {
      throw FileFailure(.setMode, path)
    }
    try writeAll(contents, to: descriptor, named: path)
  }

  /// Lets others have it; its contents have their place by now.
  func release() { flock(descriptor, LOCK_UN) }

  /// Removes the file, and lets others make one anew.
  func remove() {
    unlink(path)
    release()
  }

  // MARK: Taking

  private enum Attempt {
    case taken(Int32)
    case held
    /// It was renamed or removed, or was nothing of ours.
    case gone
  }

  private static func name(beside path: String) -> String {
    FilePath.join(FilePath.folder(of: path), "." + FilePath.name(of: path) + ".tmp")
  }

  private static func take(_ path: String) throws(FileFailure) -> Attempt {
    // A link is not followed, and a pipe is not waited for.
    let flags = O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC
    let descriptor = open(path, flags, 0o666)
    guard descriptor >= 0 else {
      let code = errno
      let failure = FileFailure(.create, path)
      guard [ELOOP, ENXIO, EACCES].contains(code), unlink(path) == 0 else { throw failure }
      return .gone
    }
    if flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK {
      close(descriptor)
      return .held
    }
    var (own, other) = (stat(), stat())
    let isThere = fstat(descriptor, &own) == 0 && lstat(path, &other) == 0
    guard isThere, own.st_ino == other.st_ino, own.st_dev == other.st_dev else {
      close(descriptor)
      return .gone
    }
    guard own.st_mode & S_IFMT == S_IFREG, own.st_nlink == 1 else {
      close(descriptor)
      guard unlink(path) == 0 else { throw FileFailure(.remove, path) }
      return .gone
    }
    return .taken(descriptor)
  }
}
