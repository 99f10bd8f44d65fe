import Foundation
import SowTestSupport
import Testing

/// A file of rows passes through a plan and an apply chunk by chunk, whatever its size.
struct ApplyMemoryTests {
  private static let rows = 50_000
  /// The rows are 200 MB; two chunks of 10,000 of them are on their way at once.
  private static let bar = max(170_000_000, ChildProcess.ownPeakMemory())

  private func project(rows: Int, width: Int) throws -> TemporaryProject {
    let project = try TemporaryProject()
    try project.write(
      "environments: { local: { database: \"sqlite:wide.db\", create_tables: true } }\n",
      to: "sow.yaml")
    try project.write(
      """
      type: object
      properties:
        wide_id: { type: integer, readOnly: true }
        code: { type: string }
        body: { type: string }
      required: [code]
      x-sow: { primary_key: wide_id, unique: [[code]] }
      """, to: "schemas/wide.yaml")
    try project.write(
      "operations: { all: { action: create, entity: wide, rows: { file: data/wide.csv } } }\n",
      to: "plans/wide.yaml")
    let made = try project.run(
      """
      mkdir plans/data && awk 'BEGIN {
        body = sprintf("%\(width)s", ""); gsub(/ /, "x", body)
        print "code,body"
        for (i = 0; i < \(rows); i++) print "c" i "," body
      }' > plans/data/wide.csv
      """)
    #expect(made.code == 0, "\(made.errors)")
    return project
  }

  @Test func `an apply holds no file of rows in memory`() throws {
    let project = try project(rows: Self.rows, width: 4_000)
    defer { project.remove() }
    let output = try project.run("exec sow apply --yes")
    #expect(output.code == 0, "\(output.out)\(output.errors)")
    #expect(output.ending.peakMemory <= Self.bar)
    #expect(output.out.contains("\(Self.rows) created"))
  }

  @Test(arguments: ["json", "text"])
  func `a plan holds no file of rows in memory, in any form`(form: String) throws {
    let project = try project(rows: Self.rows, width: 4_000)
    defer { project.remove() }
    let output = try project.run("exec sow plan -f \(form)")
    #expect(output.code == 0, "\(output.errors)")
    #expect(output.ending.peakMemory <= Self.bar)
    let left = Self.rows - 20
    #expect(output.out.contains(form == "json" ? "\"rows_left_out\": \(left)" : "\(left) more"))
  }

  @Test func `of a file JSON shows the first rows, and all of them where that is asked for`() throws
  {
    let project = try project(rows: 30, width: 4)
    defer { project.remove() }
    func rows(_ options: String) throws -> Int {
      let output = try project.run("sow plan -f json " + options)
      #expect(output.code == 0, "\(output.errors)")
      #expect(output.out.contains("\"differing\": 30"), "\(output.out)")
      #expect(output.out.contains("--all shows them") == (options != "--all"), "\(output.out)")
      return output.out.components(separatedBy: "\"change\": ").count - 1
    }
    #expect(try rows("") == 20)
    #expect(try rows("--all") == 30)
    #expect(try rows("-o shown.saved") == 20)
    let shown = try project.run("sow show shown.saved -f json")
    #expect(shown.out.contains("\"rows_left_out\": 10"), "\(shown.out)")
    #expect(!shown.out.contains("--all"), "\(shown.out)")
  }

  @Test(arguments: ["text", "json", "markdown", "html", "github"], ["", "--all"])
  func `what was saved is applied, in whatever form it was shown`(form: String, all: String) throws
  {
    let project = try project(rows: 30, width: 4)
    defer { project.remove() }
    // Rows of the plan itself, too: each form has its own limit of them.
    let rows = (0..<30).map { "{ code: d\($0), body: b }" }.joined(separator: ", ")
    try project.write(
      """
      operations:
        all: { action: create, entity: wide, rows: { file: data/wide.csv } }
        some: { action: create, entity: wide, rows: [\(rows)] }
      """, to: "plans/wide.yaml")
    let saved = try project.run("sow plan \(all) -f \(form) -o it.saved")
    #expect(saved.code == 0, "\(saved.out)\(saved.errors)")
    let applied = try project.run("sow apply it.saved --yes")
    #expect(applied.code == 0, "\(applied.out)\(applied.errors)")
  }
}
