#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// New contents of a file, written and synced beside it, that take its place by one rename.
///
/// The mode of an existing file and the target of a symbolic link are kept. Contents that the file
/// has already are not written at all, and need no writable folder. From `stage` to `commit` or
/// `discard` no other process stages contents for the same file: it waits. A run that is killed
/// leaves one temporary file, which the next one uses again or removes.
package final class StagedFile: Sendable {
  /// The file itself, links followed.
  package let path: String
  /// Whether `commit` changes the file.
  package var isChange: Bool { temporary != nil }
  private let temporary: TemporaryFile?

  private init(path: String, temporary: TemporaryFile?) {
    self.path = path
    self.temporary = temporary
  }

  /// Writes `contents` to the temporary file and syncs it.
  package static func stage(
    _ contents: [UInt8], at path: String
  ) throws(FileFailure) -> StagedFile {
    let path = linkTarget(path)
    let unchanged = StagedFile(path: path, temporary: nil)
    let isWritten = holds(path, contents)
    if isWritten, !TemporaryFile.exists(beside: path) { return unchanged }
    let temporary: TemporaryFile
    do throws(FileFailure) {
      temporary = try TemporaryFile(beside: path)
    } catch {
      guard isWritten else { throw error }
      return unchanged
    }
    // Whoever staged before may have changed the file meanwhile.
    if holds(path, contents) {
      temporary.remove()
      return unchanged
    }
    do throws(FileFailure) {
      try temporary.write(contents, likeModeOf: path)
    } catch {
      temporary.remove()
      throw error
    }
    return StagedFile(path: path, temporary: temporary)
  }

  /// Puts the contents in the file's place, and syncs the folder so that they stay there.
  package func commit() throws(FileFailure) {
    guard let temporary else { return }
    defer { temporary.release() }
    guard rename(temporary.path, path) == 0 else {
      let failure = FileFailure(.rename, temporary.path)
      temporary.remove()
      throw failure
    }
    let folder = FilePath.folder(of: path)
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileFailure(.open, folder) }
    defer { close(descriptor) }
    // Some file systems cannot sync a folder, and say so.
    guard fsync(descriptor) == 0 || errno == EINVAL else { throw FileFailure(.sync, folder) }
  }

  /// Makes the folders that lead to `path`, as far as they are missing.
  package static func makeFolder(of path: String) throws(FileFailure) {
    var missing: [String] = []
    var folder = FilePath.folder(of: path)
    while FileKind(atPath: folder) == nil, folder != ".", folder != "/" {
      missing.append(folder)
      folder = FilePath.folder(of: folder)
    }
    for folder in missing.reversed() where mkdir(folder, 0o777) != 0 && errno != EEXIST {
      throw FileFailure(.create, folder)
    }
  }

  /// Removes the temporary file; the file stays as it is.
  package func discard() { temporary?.remove() }

  private static func linkTarget(_ path: String) -> String {
    if let existing = resolvedPath(path) { return existing }
    // A link whose target is still to be made.
    var path = path
    for _ in 0..<40 {
      var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
      let count = readlink(path, &buffer, buffer.count)
      guard count > 0 else { break }
      let target = String(decoding: buffer[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
      path = FilePath.join(FilePath.folder(of: path), target)
    }
    return path
  }

  /// Whether the file is there and has these contents.
  package static func holds(_ path: String, _ contents: [UInt8]) -> Bool {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    guard case .regular(let size) = FileKind(descriptor: descriptor), size == contents.count
    else { return false }
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    var place = 0
    while place < contents.count {
      let wanted = min(buffer.count, contents.count - place)
      let count = buffer.withUnsafeMutableBytes { bytes in
        bytes.baseAddress.flatMap { readBytes(descriptor, into: $0, count: wanted) } ?? 0
      }
      guard count > 0, buffer[..<count].elementsEqual(contents[place..<place + count]) else {
        return false
      }
      place += count
    }
    return true
  }
}
