import Foundation
import SowTestSupport
import Testing

/// A Swift file of the package, cut into lines.
struct SourceFile: CustomTestStringConvertible {
  /// Relative to the package.
  let path: String
  let lines: [Substring]

  /// The target, which is the folder below `Sources` or `Tests`.
  var module: String { String(path.split(separator: "/")[1]) }

  var testDescription: String { path }

  /// The modules that the file imports, each with its line number.
  var imports: [(module: String, line: Int)] {
    lines.enumerated().compactMap { index, line in
      let words = line.split(separator: " ")
      guard let keyword = words.firstIndex(of: "import"), words[..<keyword].allSatisfy(isModifier),
        var name = words.dropFirst(keyword + 1).first
      else { return nil }
      if Self.kinds.contains(name), words.count > keyword + 2 { name = words[keyword + 2] }
      return (String(name.prefix { $0 != "." }), index + 1)
    }
  }

  /// The lines without comments and without what stands in one-line string literals.
  var code: [(text: String, line: Int)] {
    lines.enumerated().map { (Self.withoutTexts($1), $0 + 1) }
  }

  /// Every Swift file under `folder` of the package, sorted.
  static func all(under folder: String) -> [SourceFile] {
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
    var result = ""
    var isInText = false
    var previous: Character = " "
    for character in line {
      let isQuote = character == "\"" && previous != "\\"
      if isQuote { isInText.toggle() }
      if !isInText, character == "/", previous == "/" {
        result.removeLast()
        break
      }
      if !isInText || isQuote { result.append(character) }
      previous = character
    }
    return result
  }
}
