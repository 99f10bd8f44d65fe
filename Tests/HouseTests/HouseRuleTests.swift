import Testing

/// Rules of the house that a search of the sources can hold.
struct HouseRuleTests {
  /// Something that does not stand in the code, but for the modules that are excepted.
  struct Ban: CustomTestStringConvertible {
    let what: String
    let pattern: @Sendable () -> Regex<Substring>
    var except: Set<String> = []

    var testDescription: String { what }
  }

  static let bans = [
    Ban(
      what: "print outside of the commands", pattern: { /\b(?:debugPrint|print)\(/ },
      except: ["sow", "sow-bench"]),
    Ban(what: "try!", pattern: { /\btry!/ }),
    Ban(what: "as!", pattern: { /\bas!/ }),
    Ban(what: "fatalError", pattern: { /\bfatalError\(/ }),
    Ban(what: "global state out of the compiler's sight", pattern: { /\bnonisolated\(unsafe\)/ }),
    Ban(
      what: "another process",
      pattern: { /\b(?:Process\(|posix_spawnp?\(|v?fork\(|exec[lv]\w*\(|popen\(|system\()/ },
      except: ["SowTestSupport", "sow-bench"]),
    Ban(what: "public", pattern: { /^\s*(?:public|open)\s/ }),
    Ban(
      what: "a name that says nothing",
      pattern: {
        /\b(?:struct|class|enum|actor|protocol)\s+\w*(?:Manager|Helper|Util|Utils|Service|Base)\b/
      }),
    Ban(
      what: "a name that clashes",
      pattern: {
        /\b(?:struct|class|enum|actor|protocol|typealias)\s+(?:Operation|Expression|SourceLocation|Issue|Tag|Test|Argument|Option|Flag)\b/
      }),
  ]

  @Test(arguments: bans)
  func `the sources are without`(ban: Ban) {
    let pattern = ban.pattern()
    for file in SourceFile.sources where !ban.except.contains(file.module) {
      for (index, line) in file.code.enumerated() where line.contains(pattern) {
        Issue.record("\(file.path):\(index + 1): \(ban.what)")
      }
    }
  }

  @Test func `nothing is left for later`() {
    let pattern = /\b(?:TODO|FIXME|XXX)\b/
    for file in SourceFile.sources + SourceFile.tests where file.module != "HouseTests" {
      for (index, line) in file.lines.enumerated() where line.contains(pattern) {
        Issue.record("\(file.path):\(index + 1): left for later")
      }
    }
  }

  @Test(arguments: ["CYAML", "CSQLite", "CPostgres", "CPCRE2"])
  func `a library in C is in one module, and libyaml in one file`(library: String) {
    let users = SourceFile.sources.filter { file in
      file.module != "sow-bench" && file.imports.contains { $0.module == library }
    }
    #expect(Set(users.map(\.module)).count <= 1, "\(users.map(\.path))")
    if library == "CYAML" { #expect(users.count <= 1, "\(users.map(\.path))") }
  }

  @Test func `tests use Swift Testing only`() {
    for file in SourceFile.tests {
      #expect(!file.imports.contains { $0.module == "XCTest" }, "\(file.path)")
    }
  }

  @Test func `texts and comments are no code`() {
    let file = SourceFile(
      path: "Sources/X/x.swift",
      lines: [#"let a = "print(\"x\")" // try!"#, "/// fatalError() is banned", "try! run()"])
    #expect(file.code == [#"let a = "" "#, "", "try! run()"])
  }
}
