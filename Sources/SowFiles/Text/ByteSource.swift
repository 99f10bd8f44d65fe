import Crypto
package import SowModel

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A file, standard input or bytes in memory, read once from start to end.
///
/// Counts and digests what it gives; never holds more of a file than its caller's buffer.
final class ByteSource {
  let file: FileID
  private(set) var bytesRead = 0
  private let origin: Origin
  private let limit: Int
  private var hasher: SHA256?

  private enum Origin {
    case descriptor(Int32)
    case bytes([UInt8])
  }

  /// Takes over `descriptor`, which is closed at the end of the source's life.
  init(descriptor: Int32, file: FileID, limit: Int, digests: Bool = false) {
    origin = .descriptor(descriptor)
    self.file = file
    self.limit = limit
    hasher = digests ? SHA256() : nil
  }

  init(bytes: [UInt8], file: FileID, limit: Int) {
    origin = .bytes(bytes)
    self.file = file
    self.limit = limit
  }

  deinit {
    if case .descriptor(let descriptor) = origin { close(descriptor) }
  }

  /// Fills `target` from its start; 0 only at the end. Throws past the limit of the file's size
  /// and where the system cannot read.
  func read(into target: UnsafeMutableRawBufferPointer) throws(ReadFailure) -> Int {
    guard let start = target.baseAddress else { return 0 }
    let count: Int
    switch origin {
    case .descriptor(let descriptor):
      guard let got = readBytes(descriptor, into: start, count: target.count) else {
        throw ReadFailure(
          Diagnostic(.fileUnreadable, ["reason": systemErrorText()], at: .start(of: file)))
      }
      count = got
    case .bytes(let bytes):
      count = min(target.count, bytes.count - bytesRead)
      bytes.withUnsafeBytes {
        target.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[bytesRead..<bytesRead + count]))
      }
    }
    bytesRead += count
    guard bytesRead <= limit else { throw ReadFailure(.tooLarge(limit: limit, file: file)) }
    hasher?.update(bufferPointer: UnsafeRawBufferPointer(start: start, count: count))
    return count
  }

  /// Goes back to the first byte, to look for a place; false where that cannot be, as on a pipe.
  func rewind() -> Bool {
    bytesRead = 0
    hasher = nil
    guard case .descriptor(let descriptor) = origin else { return true }
    return lseek(descriptor, 0, SEEK_SET) == 0
  }

  /// SHA-256 of the bytes given so far, in lower-case hex; empty where it was not asked for.
  var digest: String {
    guard let hasher else { return "" }
    return hexadecimal(hasher.finalize())
  }
}

/// Why a file cannot be read to its end: its first unreadable place, or the system's refusal.
struct ReadFailure: Error {
  let diagnostic: Diagnostic

  init(_ diagnostic: Diagnostic) { self.diagnostic = diagnostic }
}

extension SourceRange {
  /// The empty range before the first byte.
  static func start(of file: FileID) -> SourceRange {
    SourceRange(at: SourcePosition(line: 1, column: 1), in: file)
  }

  init(at position: SourcePosition, in file: FileID) {
    self.init(file: file, start: position, end: position)
  }
}

extension Diagnostic {
  static func tooLarge(limit: Int, file: FileID) -> Diagnostic {
    Diagnostic(.fileTooLarge, ["limit": byteCountText(limit)], at: .start(of: file))
  }
}

/// A size in the largest binary unit that divides it: `256 MiB`, `1000 bytes`.
func byteCountText(_ count: Int) -> String {
  if count >= 1 << 20, count % (1 << 20) == 0 { return "\(count >> 20) MiB" }
  if count >= 1 << 10, count % (1 << 10) == 0 { return "\(count >> 10) KiB" }
  return Phrase.count(count, .byte).english
}

extension DiagnosticCode {
  package static let fileTooLarge = DiagnosticCode(
    "file-too-large", "the file is larger than {limit}",
    vi: "tệp lớn hơn {limit}",
    meaning: "A file may hold as many bytes as limits.file_bytes of sow.yaml allows.",
    example: "a plan file of 300 MiB under the default limit of 256 MiB",
    fix: "Move the rows into a CSV or JSONL file, split the file, or raise limits.file_bytes.")
  package static let fileUnreadable = DiagnosticCode(
    "file-unreadable", "the file cannot be read: {reason}",
    vi: "không đọc được tệp: {reason}",
    meaning: "The system refused to open or read the file.",
    example: "a file without read permission",
    fix: "Correct what the system names: the permission, the path or the disk.")
}
