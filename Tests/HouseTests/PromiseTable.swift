import Foundation
import SowTestSupport

/// The tables of `Tests/README.md` that say which test holds which promise.
///
/// A line names tests by their file and name, ``QueryTests/`where selects as it says` `` without
/// the outer marks, with the target before it where several have a file of that name, and
/// scenarios by their folder.
struct PromiseTable {
  struct Line {
    /// In the file.
    let number: Int
    let paragraph: Substring
    let tests: Substring
  }

  let lines: [Line]

  /// The lines of three cells below the heading `## Promises`.
  init(of text: String) {
    var found: [Line] = []
    var isInside = false
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    {
      if line.hasPrefix("## ") { isInside = line == "## Promises" }
      let cells = line.split(separator: "|", omittingEmptySubsequences: false)
      guard isInside, cells.count == 5, !line.contains("---"), !line.contains("| tests |") else {
        continue
      }
      found.append(Line(number: index + 1, paragraph: cells[1], tests: cells[3]))
    }
    lines = found
  }

  /// What there is to name: the names of the tests by the path of their file, and the scenarios.
  struct Known {
    var tests: [String: Set<Substring>] = [:]
    var scenarios: Set<String> = []

    /// Whether a test called `name` is in a file that ends with `path`.
    func holds(_ name: Substring, in path: Substring) -> Bool {
      tests.contains { file, names in
        (file == path || file.hasSuffix("/" + path)) && names.contains(name)
      }
    }

    /// All of this package.
    static func all() throws -> Known {
      var known = Known()
      for file in SourceFile.tests {
        let path = file.path.dropFirst("Tests/".count).dropLast(".swift".count)
        for line in file.lines {
          let parts = line.split(separator: "`", maxSplits: 2, omittingEmptySubsequences: false)
          guard parts.count == 3, parts[0].hasSuffix("func ") else { continue }
          known.tests[String(path), default: []].insert(parts[1])
        }
      }
      let folder = PackageFolder.path() + "/Tests/ScenarioTests/Scenarios"
      known.scenarios = Set(try FileManager.default.contentsOfDirectory(atPath: folder))
      return known
    }
  }

  /// One sentence for each name that stands for nothing, and for each line without a name.
  func complaints(_ known: Known) -> [String] {
    var complaints: [String] = []
    for line in lines {
      let tests = line.tests.matches(of: /([A-Za-z\/]+)\/`([^`]+)`/)
      let rest = line.tests.replacing(/[A-Za-z\/]+\/`[^`]+`/, with: "")
      let scenarios = rest.matches(of: /`([^`]+)`/).map { String($0.1) }
      for test in tests where !known.holds(test.2, in: test.1) {
        complaints.append("line \(line.number): there is no test \(test.1)/`\(test.2)`")
      }
      for name in scenarios where !known.scenarios.contains(name) {
        complaints.append("line \(line.number): there is no scenario `\(name)`")
      }
      if tests.isEmpty, scenarios.isEmpty, !rest.contains("with the ") {
        complaints.append("line \(line.number): nothing holds\(line.paragraph)")
      }
    }
    return complaints
  }
}
