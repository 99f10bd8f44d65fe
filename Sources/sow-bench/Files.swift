#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A failure that ends the measuring, with the sentence to print.
struct Complaint: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

/// A file written piece by piece; its folder is made when it is missing.
final class FileWriter {
  private let file: UnsafeMutablePointer<FILE>
  private let path: String

  init(_ path: String) throws {
    if let slash = path.lastIndex(of: "/") { try makeFolders(String(path[..<slash])) }
    guard let file = fopen(path, "w") else { throw Complaint("cannot write \(path)") }
    self.file = file
    self.path = path
  }

  func write(_ text: String) {
    var text = text
    text.withUTF8 { _ = fwrite($0.baseAddress, 1, $0.count, file) }
  }

  func close() throws {
    guard fclose(file) == 0 else { throw Complaint("cannot write \(path)") }
  }
}

/// The first `limit` bytes of a file, and nothing where there is no file.
func readText(_ path: String, limit: Int = 1 << 20) -> String {
  guard let file = fopen(path, "r") else { return "" }
  defer { fclose(file) }
  let bytes = [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
    count = fread(buffer.baseAddress, 1, limit, file)
  }
  return String(decoding: bytes, as: UTF8.self)
}

func fileSize(_ path: String) -> Int {
  var status = stat()
  return stat(path, &status) == 0 ? Int(status.st_size) : 0
}

func makeFolders(_ path: String) throws {
  try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
}

/// Copies a folder to a place where nothing is.
func copyTree(_ path: String, to copy: String) throws {
  try FileManager.default.copyItem(atPath: path, toPath: copy)
}

func removeTree(_ path: String) {
  try? FileManager.default.removeItem(atPath: path)
}

/// A folder of our own under `TMPDIR`.
struct TemporaryFolder {
  let path: String

  init() throws {
    let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    path = "\(parent)/sow-bench-\(getpid())"
    try makeFolders(path)
  }

  func remove() { removeTree(path) }
}
