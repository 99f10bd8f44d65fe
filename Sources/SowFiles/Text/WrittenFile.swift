internal import SowModel

/// A file that sow itself wrote, known by how it begins, whatever its name.
package enum WrittenFile: Hashable, Sendable {
  case savedPlan
  case report
  case lockfile

  /// Nil where the file at `path` begins like none of them, or cannot be read.
  package init?(at path: String) {
    var files = SourceFiles()
    var head = [UInt8](repeating: 0, count: 256)
    guard case .regular? = FileKind(atPath: path),
      let source = try? InputFile.open(path, as: files.add(path), limit: .max),
      let count = head.withUnsafeMutableBytes({ try? source.read(into: $0) })
    else { return nil }
    self.init(head: head[..<count])
  }

  private init?(head: ArraySlice<UInt8>) {
    func begins(_ parts: [String]) -> Bool {
      var rest = head.drop(while: isSpace)
      for part in parts {
        guard rest.starts(with: part.utf8) else { return false }
        rest = rest.dropFirst(part.utf8.count).drop(while: isSpace)
      }
      return true
    }
    if begins(["{", "\"kind\"", ":", "\"\(SavedPlan.kind)\""]) {
      self = .savedPlan
    } else if begins(["{", "\"kind\"", ":", "\"apply_report"]) {
      self = .report
    } else if begins(["{", "\"version\"", ":"]) {
      self = .lockfile
    } else {
      return nil
    }
  }
}

/// What JSON has between its parts.
private func isSpace(_ byte: UInt8) -> Bool {
  byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
}
