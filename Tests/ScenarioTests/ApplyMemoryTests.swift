import SowTestSupport
import Testing

/// A file of rows passes through an apply chunk by chunk, whatever its size.
struct ApplyMemoryTests {
  @Test func `an apply holds no file of rows in memory`() throws {
    let project = try TemporaryProject()
    defer { project.remove() }
    let rows = 50_000
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
        body = sprintf("%4000s", ""); gsub(/ /, "x", body)
        print "code,body"
        for (i = 0; i < \(rows); i++) print "c" i "," body
      }' > plans/data/wide.csv
      """)
    #expect(made.code == 0, "\(made.errors)")
    let output = try project.run("exec sow apply --yes")
    #expect(output.code == 0, "\(output.out)\(output.errors)")
    // The rows are 200 MB; two chunks of 10,000 of them are on their way at once.
    #expect(output.ending.peakMemory <= max(170_000_000, ChildProcess.ownPeakMemory()))
    #expect(output.out.contains("\(rows) created"))
  }
}
