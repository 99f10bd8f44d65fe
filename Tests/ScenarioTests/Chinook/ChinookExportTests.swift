import Foundation
import SowTestSupport
import Testing

/// A real database, written down as schemas and a plan, and made again from these.
@Suite(.enabled(if: ChinookData.folder != nil, "no ../shared/data/chinook beside the package"))
struct ChinookExportTests {
  @Test(arguments: ["", " --inline 0", " --inline 100000"])
  func `Chinook exported, applied to nothing and exported again is the same, byte for byte`(
    option: String
  ) throws {
    let data = try ChinookData()
    let project = try TemporaryProject()
    defer { project.remove() }
    let original = project.folder.appending(path: "original.db").path
    try data.load(into: RowReader(path: original))

    try run("sow schema pull --database sqlite:original.db", in: project)
    try run("sow schema check --database sqlite:original.db", in: project)
    try run(
      "sow export --all --database sqlite:original.db --out plans/a.yaml" + option, in: project)
    try run("sow apply plans/a.yaml --database sqlite:copy.db --yes --allow-deletes 0", in: project)
    try run("sow plan plans/a.yaml --database sqlite:copy.db --detailed-exitcode", in: project)
    try run("sow export --all --database sqlite:copy.db --out again/a.yaml" + option, in: project)
    try run("diff -r plans again", in: project)
    // Where nothing differs nothing is written.
    try run("find plans -type f -exec touch -d 2020-01-01 {} +", in: project)
    try run("sow export --all --database sqlite:copy.db --out plans/a.yaml" + option, in: project)
    #expect(try project.run("find plans -type f -newermt 2020-01-02").out == "")
    // The schemas say of the copy what they say of the original.
    try run("sow schema pull --database sqlite:copy.db --out schemas-again", in: project)
    try run("diff -r schemas schemas-again", in: project)

    let copy = project.folder.appending(path: "copy.db").path
    for table in data.tables {
      let columns = table.columns.map { "quote(\($0.name))" }.joined(separator: ", ")
      let sql =
        "SELECT \(columns) FROM \(table.name) ORDER BY \(table.primaryKey.joined(separator: ", "))"
      #expect(
        try RowReader(path: copy).rows(sql) == RowReader(path: original).rows(sql), "\(table.name)")
    }
  }

  @Test func `the database that Chinook was exported from is taken over without a change`() throws {
    let data = try ChinookData()
    let project = try TemporaryProject()
    defer { project.remove() }
    try data.load(into: RowReader(path: project.folder.appending(path: "original.db").path))
    try run("sow export --all --database sqlite:original.db --out plans/a.yaml", in: project)
    try run("sow apply plans/a.yaml --database sqlite:original.db --yes", in: project)
    try run("sow plan plans/a.yaml --database sqlite:original.db --detailed-exitcode", in: project)
    try run("sow export --all --database sqlite:original.db --out again/a.yaml", in: project)
    try run("diff -r plans again", in: project)
  }

  private func run(_ command: String, in project: TemporaryProject) throws {
    let output = try project.run(command)
    #expect(
      output.code == 0, "\(command): \(output.out.suffix(500))\(output.errors.prefix(2000))")
  }
}
