#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Plan files that mean harm, or that something cut short; each must end in a diagnostic with a
/// position, within a second, in bounded memory.
package enum HostilePlan: String, CaseIterable, Sendable {
  case billionLaughs = "billion laughs"
  case deepNesting = "100,000 levels"
  case longCycle = "cycle of 10,000 operations"
  case hugeScalar = "scalar of 64 MB"
  case invalidUTF8 = "invalid UTF-8"
  case duplicateKey = "duplicate key"
  case cutShort = "cut in the middle"

  /// Writes the file at `path`.
  ///
  /// - Throws: ``CannotWrite`` when the file cannot be made or the disk is full.
  package func write(to path: String) throws {
    guard let file = fopen(path, "w") else { throw CannotWrite(path: path) }
    switch self {
    case .billionLaughs: Self.put(Self.laughs, file)
    case .deepNesting:
      Self.put(Self.head + "    values: { name: ", file)
      for _ in 0..<10_000 { Self.put("[[[[[[[[[[", file) }
    case .longCycle: Self.putCycle(file)
    case .hugeScalar:
      Self.put(Self.head + "    values: { name: \"", file)
      let line = String(repeating: "x", count: 1 << 16)
      for _ in 0..<1024 { Self.put(line, file) }
      Self.put("\" }\n", file)
    case .invalidUTF8:
      Self.put(Self.head + "    values: { name: \"caf", file)
      for byte: Int32 in [0xe9, 0xff, 0xfe] { fputc(byte, file) }
      Self.put("\" }\n", file)
    case .duplicateKey:
      Self.put(Self.head + "    values: { name: one, name: two }\n", file)
    case .cutShort:
      Self.put(Self.head + "    values: { name: \"one", file)
    }
    guard fclose(file) == 0 else { throw CannotWrite(path: path) }
  }

  private static let head = "operations:\n  item:\n    action: create\n    entity: item\n"

  private static var laughs: String {
    var text = "x0: &x0 [ha, ha, ha, ha, ha, ha, ha, ha, ha, ha]\n"
    for level in 1..<10 {
      let aliases = Array(repeating: "*x\(level - 1)", count: 10).joined(separator: ", ")
      text += "x\(level): &x\(level) [\(aliases)]\n"
    }
    return text + head + "    values: { name: *x9 }\n"
  }

  private static func putCycle(_ file: UnsafeMutablePointer<FILE>) {
    put("operations:\n", file)
    for n in 0..<10_000 {
      put("  o\(n):\n    action: create\n    entity: item\n", file)
      put("    values: { name: \"$ref:o\((n + 1) % 10_000).name\" }\n", file)
    }
  }

  private static func put(_ text: String, _ file: UnsafeMutablePointer<FILE>) {
    var text = text
    text.withUTF8 { _ = fwrite($0.baseAddress, 1, $0.count, file) }
  }
}

/// A file of a test could not be written.
package struct CannotWrite: Error {
  package let path: String
}
