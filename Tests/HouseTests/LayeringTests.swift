import Testing

/// The table of floors, held against the import lines: SwiftPM lets undeclared imports pass.
struct LayeringTests {
  /// One module: its floor, and what it may import that is not one of ours.
  struct Module: CustomTestStringConvertible {
    let floor: Int
    let name: String
    let others: Set<String>

    var testDescription: String { name }
  }

  static let system: Set<String> = ["Glibc", "Darwin", "FoundationEssentials", "Synchronization"]

  static let house = [
    Module(
      floor: 5, name: "sow",
      others: system.union(["ArgumentParser", "Foundation", "Crypto", "Logging"])),
    Module(floor: 4, name: "SowApplying", others: system.union(["Crypto"])),
    Module(floor: 4, name: "SowSQLite", others: system.union(["CSQLite", "Crypto"])),
    Module(floor: 4, name: "SowPostgres", others: system.union(["CPostgres"])),
    Module(floor: 3, name: "SowFiles", others: system.union(["CYAML", "Crypto"])),
    Module(floor: 3, name: "SowPlanning", others: []),
    Module(floor: 3, name: "SowDatabase", others: system.union(["Crypto"])),
    Module(floor: 2, name: "SowSchema", others: system.union(["CPCRE2"])),
    Module(floor: 1, name: "SowModel", others: []),
    Module(floor: 1, name: "SowThreads", others: ["Glibc", "Darwin"]),
  ]

  /// Beside the house: nothing in it imports these.
  static let outside = [
    Module(
      floor: 0, name: "sow-bench",
      others: system.union([
        "CYAML", "CPostgres", "CSQLite", "ArgumentParser", "Foundation", "SowTestSupport",
      ])),
    Module(floor: 0, name: "SowTestSupport", others: system.union(["SowModel"])),
  ]

  @Test(arguments: house)
  func `a module imports only from lower floors`(module: Module) {
    let lower = Self.house.filter { $0.floor < module.floor }.map(\.name)
    expectImports(of: module, among: module.others.union(lower))
  }

  @Test(arguments: outside)
  func `what is outside of the house keeps to its own list`(module: Module) {
    expectImports(of: module, among: module.others)
  }

  @Test func `every target is in one of the tables`() {
    let known = Set((Self.house + Self.outside).map(\.name))
    let found = Set(SourceFile.sources.map(\.module))
    #expect(found == known)
  }

  @Test func `the imports of a line are found`() {
    let file = SourceFile(
      path: "Sources/X/x.swift",
      lines: [
        "import A", "  package import B", "@testable import struct C.D", "// import E", "let x = 1",
      ])
    #expect(file.imports.map(\.module) == ["A", "B", "C"])
    #expect(file.imports.map(\.line) == [1, 2, 3])
  }

  private func expectImports(of module: Module, among allowed: Set<String>) {
    for file in SourceFile.sources where file.module == module.name {
      for (name, line) in file.imports where !allowed.contains(name) {
        Issue.record("\(file.path):\(line): \(module.name) may not import \(name)")
      }
    }
  }
}
