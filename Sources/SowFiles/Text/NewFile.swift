#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Writes a file that does not exist yet, with the folder that it lies in; false where something
/// of that name is there, which stays as it is.
func createFile(_ path: String, _ contents: [UInt8]) throws(FileFailure) -> Bool {
  let folder = FilePath.folder(of: path)
  if mkdir(folder, 0o777) != 0, errno != EEXIST, errno != EISDIR {
    throw FileFailure(.create, folder)
  }
  let descriptor = systemCreate(path)
  guard descriptor >= 0 else {
    guard errno == EEXIST else { throw FileFailure(.create, path) }
    return false
  }
  defer { close(descriptor) }
  do throws(FileFailure) {
    try writeAll(contents, to: descriptor, named: path)
  } catch {
    unlink(path)
    throw error
  }
  return true
}

/// All bytes of a file that is no larger than 16 MiB.
func wholeFile(_ path: String) throws(FileFailure) -> [UInt8] {
  let descriptor = systemOpen(path)
  guard descriptor >= 0 else { throw FileFailure(.read, path) }
  defer { close(descriptor) }
  var bytes: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 64 << 10)
  let size = buffer.count
  while true {
    let count = buffer.withUnsafeMutableBytes { target in
      target.baseAddress.map { readBytes(descriptor, into: $0, count: size) } ?? 0
    }
    guard let count else { throw FileFailure(.read, path) }
    guard count > 0 else { return bytes }
    bytes += buffer[..<count]
    guard bytes.count <= 16 << 20 else {
      errno = EFBIG
      throw FileFailure(.read, path)
    }
  }
}

/// Writes all bytes, again where a signal interrupts, and syncs them.
func writeAll(
  _ contents: [UInt8], to descriptor: Int32, named path: String
) throws(FileFailure) {
  var written = 0
  while written < contents.count {
    let count = contents.withUnsafeBytes { bytes in
      let rest = UnsafeRawBufferPointer(rebasing: bytes[written...])
      return rest.baseAddress.map { write(descriptor, $0, rest.count) } ?? 0
    }
    if count < 0, errno == EINTR { continue }
    guard count > 0 else { throw FileFailure(.write, path) }
    written += count
  }
  guard fsync(descriptor) == 0 else { throw FileFailure(.sync, path) }
}

private func systemCreate(_ path: String) -> Int32 {
  open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
}

private func systemOpen(_ path: String) -> Int32 { open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK) }
