internal import SowModel

/// SHA-256 of the file at `path` in lower-case hex, read piece by piece; nil where it cannot be
/// read.
package func fileDigest(of path: String) -> String? {
  var files = SourceFiles()
  guard
    let source = try? InputFile.open(path, as: files.add(path), limit: .max, digests: true)
  else { return nil }
  var piece = [UInt8](repeating: 0, count: 64 << 10)
  while let count = piece.withUnsafeMutableBytes({ try? source.read(into: $0) }) {
    if count == 0 { return source.digest }
  }
  return nil
}
