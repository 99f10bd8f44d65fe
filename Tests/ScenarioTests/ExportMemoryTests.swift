import SowTestSupport
import Testing

/// A table passes through an export row by row, whatever its size.
struct ExportMemoryTests {
  @Test(arguments: ["", " --out plans/wide.yaml"])
  func `an export holds no table in memory`(option: String) throws {
    let project = try TemporaryProject()
    defer { project.remove() }
    let rows = 50_000
    let made = try project.run(
      """
      sqlite3 wide.db "CREATE TABLE wide (id INTEGER PRIMARY KEY, body TEXT);
        WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(rows))
        INSERT INTO wide SELECT i, printf('%.4000c', 'x') FROM n"
      """)
    #expect(made.code == 0, "\(made.errors)")
    let output = try project.run(
      "exec sow export --all --database sqlite:wide.db\(option) > result.txt")
    #expect(output.code == 0, "\(output.errors)")
    // The rows are 200 MB.
    #expect(output.ending.peakMemory <= max(150_000_000, ChildProcess.ownPeakMemory()))
    let lines = try project.run("cat result.txt plans/data/wide.csv 2> /dev/null | grep -c xxx").out
    #expect(lines == "\(rows)\n")
  }
}
