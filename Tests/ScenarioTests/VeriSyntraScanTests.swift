import Foundation
import SowTestSupport
import Testing

/// Scans of as many activities as one operation takes.
struct VeriSyntraScanTests {
  private struct Event: Decodable {
    var kind: String
    var event: String
    var phase: String
    var plan: String
    var operation: String?
    var rows_done: Int?
    var rows_total: Int?
  }

  /// A project with that many activities, each with two categories and one recipient.
  private func project(_ count: Int) throws -> TemporaryProject {
    let project = try TemporaryProject.veriSyntra(with: ["plans"])
    try project.write(
      """
      schemas: schemas/verisyntra
      operations:
        categories:
          action: upsert
          entity: data_category
          rows: { file: ../plans/verisyntra/data/data_categories.csv }
        recipients:
          action: upsert
          entity: recipient
          rows: { file: ../plans/verisyntra/data/recipients.csv }
        scan:
          action: create
          entity: processing_activity
          for_each: { file: scan.csv, key: activity_name_vi }
          values:
            activity_name_vi: $each:activity_name_vi
            legal_basis: contract
            data_category_ids: $ref:categories[$each:categories].data_category_id
            recipient_ids: $ref:recipients[$each:recipients].recipient_id
      """, to: "scan/scan.yaml")
    var text = "activity_name_vi,categories,recipients\n"
    for number in 0..<count {
      text += "Hoạt động số \(number),\"[\"\"name\"\",\"\"birth\"\"]\",\"[\"\"hr\"\"]\"\n"
    }
    try project.write(text, to: "scan/scan.csv")
    return project
  }

  /// 24 categories and 16 recipients come with every scan.
  private static let others = 40

  @Test func `D8 progress is told in steps of at most 1,000 rows`() throws {
    let project = try project(3_500)
    defer { project.remove() }
    let output = try project.run("sow apply scan/scan.yaml --yes --progress jsonl -q")
    #expect(output.code == 0, "\(output.errors)")
    let events = try output.errors.split(separator: "\n").map {
      try JSONDecoder().decode(Event.self, from: Data($0.utf8))
    }
    #expect(events.allSatisfy { $0.kind == "progress" && $0.plan == "scan" || $0.phase == "read" })
    #expect(Set(events.map(\.phase)) == ["read", "check", "plan", "apply", "commit"])
    let applied = events.filter { $0.phase == "apply" }
    let total = 3_500 + Self.others
    #expect(applied.first?.event == "started" && applied.first?.rows_done == 0)
    #expect(applied.last?.event == "finished" && applied.last?.rows_done == total)
    #expect(applied.allSatisfy { $0.rows_total == total })
    let steps = applied.compactMap(\.rows_done)
    for (step, next) in zip(steps, steps.dropFirst()) { #expect((0...1_000).contains(next - step)) }
    #expect(applied.filter { $0.event == "progress" }.count == 3)
    #expect(applied.contains { $0.operation == "scan" })
  }

  /// By the time of the processor, which other work on the machine does not change; `make bench`
  /// measures what a release needs, beside a floor.
  @Test(arguments: [(1_000, 2.0), (10_000, 15.0)])
  func `D9 a scan takes less than the seconds that its senders wait`(
    rows: Int, seconds: Double
  ) throws {
    let project = try project(rows)
    defer { project.remove() }
    let output = try project.run(
      "sow apply scan/scan.yaml --yes -f json > report.json || exit 1; times")
    #expect(output.code == 0, "\(output.errors)")
    let report = try ReportDocument(
      String(decoding: project.read("report.json") ?? [], as: UTF8.self))
    #expect(report.created == rows + Self.others)
    // The second line is of the processes that the shell started: user, system.
    let line = try #require(output.out.split(separator: "\n").last)
    let spent = line.matches(of: /(\d+)m([0-9.]+)s/).reduce(0) {
      $0 + (Double($1.1) ?? 0) * 60 + (Double($1.2) ?? 0)
    }
    #expect(spent > 0 && spent < seconds)
    let links = try project.localDatabase().rows(
      """
      SELECT (SELECT count(*) FROM processing_activity_data_category),
        (SELECT count(*) FROM processing_activity_recipient)
      """)
    #expect(links == [["\(2 * rows)", "\(rows)"]])
  }
}
