import Foundation
import SowTestSupport
import Testing

/// The comparison itself: it has to see what it is there to see.
@Suite(.enabled(if: ChinookData.folder != nil, "no ../shared/data/chinook beside the package"))
struct ChinookContentTests {
  @Test func `all rows are there`() throws {
    let data = try ChinookData()
    #expect(data.tables.map { data.rows[$0.name]?.count ?? 0 }.reduce(0, +) == 15_607)
  }

  @Test func `other keys are no difference, another link is`() throws {
    let data = try ChinookData()
    let project = try TemporaryProject()
    defer { project.remove() }
    let paths = ["one.db", "two.db"].map { project.folder.appending(path: $0).path }
    for path in paths { try data.load(into: RowReader(path: path)) }
    let second = try RowReader(path: paths[1])
    try second.execute(
      """
      UPDATE album SET artist_id = artist_id + 1000; UPDATE artist SET artist_id = artist_id + 1000;
      UPDATE customer SET support_rep_id = support_rep_id + 50;
      UPDATE employee SET reports_to = reports_to + 50, employee_id = employee_id + 50;
      """)
    #expect(try differing(data, paths) == [])

    try second.execute("UPDATE employee SET reports_to = 51 WHERE employee_id = 53")
    #expect(try differing(data, paths) == ["employee", "customer", "invoice", "invoice_line"])
    try second.execute("UPDATE genre SET name = NULL WHERE genre_id = 1")
    #expect(try differing(data, paths).contains("playlist_track"))
  }

  private func differing(_ data: ChinookData, _ paths: [String]) throws -> [String] {
    let contents = try paths.map { try ChinookContent(of: $0, tables: data.tables) }
    return try data.tables.filter { try contents[0].rows(of: $0) != contents[1].rows(of: $0) }
      .map(\.name)
  }
}
