import Foundation
import SowTestSupport
import Testing

/// A Swift file of the package, cut into lines.
struct SourceFile: CustomTestStringConvertible {
  /// Relative to the package.
  let path: String
  let lines: [Substring]
  /// The lines without comments and without what stands in one-line string literals.
  let code: [String]

  /// The target, which is the folder below `Sources` or `Tests`.
  var module: String { String(path.split(separator: "/")[1]) }

  var testDescription: String { path }

  /// The modules that the file imports, each with its line number.
  var imports: [(module: String, line: Int)] {
    lines.enumerated().compactMap { index, line in
      guard line.contains("import ") else { return nil }
      let words = line.split(separator: " ")
      guard let keyword = words.firstIndex(of: "import"), words[..<keyword].allSatisfy(isModifier),
        var name = words.dropFirst(keyword + 1).first
      else { return nil }
      if Self.kinds.contains(name), words.count > keyword + 2 { name = words[keyword + 2] }
      return (String(name.prefix { $0 != "." }), index + 1)
    }
  }

  /// Every Swift file under `Sources`, and every one under `Tests`, sorted.
  static let sources = all(under: "Sources")
  static let tests = all(under: "Tests")

  init(path: String, lines: [Substring]) {
    self.path = path
    self.lines = lines
    code = lines.map(Self.withoutTexts)
  }

  private static func all(under folder: String) -> [SourceFile] {
    let root = URL(filePath: PackageFolder.path())
    let found = FileManager.default.enumerator(atPath: root.appending(path: folder).path)
    return (found?.compactMap { $0 as? String } ?? [])
      .filter { $0.hasSuffix(".swift") }
      .sorted()
      .compactMap { name in
        let path = "\(folder)/\(name)"
        guard let data = FileManager.default.contents(atPath: root.appending(path: path).path)
        else { return nil }
        let text = String(decoding: data, as: UTF8.self)
        return SourceFile(
          path: path, lines: text.split(separator: "\n", omittingEmptySubsequences: false))
      }
  }

  private static let kinds: Set<Substring> = [
    "struct", "class", "enum", "protocol", "func", "var", "let", "typealias",
  ]

  private func isModifier(_ word: Substring) -> Bool {
    word.hasPrefix("@") || ["public", "package", "internal", "private"].contains(word)
  }

  private static func withoutTexts(_ line: Substring) -> String {
    guard line.utf8.contains(where: { $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "/") }) else {
      return String(line)
    }
    var result: [UInt8] = []
    var isInText = false
    var previous = UInt8(ascii: " ")
    for byte in line.utf8 {
      let isQuote = byte == UInt8(ascii: "\"") && previous != UInt8(ascii: "\\")
      if isQuote { isInText.toggle() }
      if !isInText, byte == UInt8(ascii: "/"), previous == byte {
        result.removeLast()
        break
      }
      if !isInText || isQuote { result.append(byte) }
      previous = byte
    }
    return String(decoding: result, as: UTF8.self)
  }
}
