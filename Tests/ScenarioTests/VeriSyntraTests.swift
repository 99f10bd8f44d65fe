import Foundation
import SowTestSupport
import Testing

/// Processing activities and what they link to: the sample in `plans/verisyntra`, line by line of
/// what it promises.
struct VeriSyntraTests {
  private let both = "--language en,vi --format json"

  private func project() throws -> TemporaryProject { try .veriSyntra() }

  private func database(of project: TemporaryProject) throws -> RowReader {
    try project.localDatabase()
  }

  // MARK: D1

  struct Batch: CustomTestStringConvertible, Sendable {
    var entity: String
    var most: Int
    var columns: String
    var rest: String
    var english: String
    var vietnamese: String
    var testDescription: String { entity }
  }

  static let batches = [
    Batch(
      entity: "processing_activity", most: 10_000, columns: "activity_name_vi,legal_basis",
      rest: "contract",
      english: "Batch size too large. Maximum 10,000 activities per request",
      vietnamese: "Kích thước lô quá lớn. Tối đa 10.000 hoạt động mỗi yêu cầu"),
    Batch(
      entity: "data_category", most: 5_000, columns: "code,name_vi,name_en", rest: "Tên,Name",
      english: "Batch size too large. Maximum 5,000 categories per request",
      vietnamese: "Kích thước lô quá lớn. Tối đa 5.000 loại dữ liệu mỗi yêu cầu"),
    Batch(
      entity: "recipient", most: 5_000, columns: "code,name_vi,name_en,kind",
      rest: "Tên,Name,internal",
      english: "Batch size too large. Maximum 5,000 recipients per request",
      vietnamese: "Kích thước lô quá lớn. Tối đa 5.000 bên nhận mỗi yêu cầu"),
    Batch(
      entity: "transfer", most: 5_000, columns: "code,country,purpose_vi,purpose_en,mechanism",
      rest: "SG,Tên,Name,consent",
      english: "Batch size too large. Maximum 5,000 transfers per request",
      vietnamese: "Kích thước lô quá lớn. Tối đa 5.000 lượt chuyển dữ liệu mỗi yêu cầu"),
  ]

  @Test(arguments: batches)
  func `D1 as many rows as the entity takes, and one more is one code in both languages`(
    batch: Batch
  ) throws {
    let project = try project()
    defer { project.remove() }
    try project.write(
      """
      operations:
        scan: { action: create, entity: \(batch.entity), rows: { file: data/scan.csv } }
      """, to: "plans/scan.yaml")
    func write(_ count: Int) throws {
      var text = batch.columns + "\n"
      for number in 0..<count { text += "n\(number),\(batch.rest)\n" }
      try project.write(text, to: "plans/data/scan.csv")
    }

    try write(batch.most)
    #expect(try project.run("sow validate").code == 0)

    try write(batch.most + 1)
    let findings = try project.findings("sow validate \(both)")
    #expect(findings.map(\.code) == ["entity-limit"])
    #expect(findings.first?.message == batch.english)
    #expect(findings.first?.message_vi == batch.vietnamese)
    #expect(try project.run("sow apply --yes").code == 3)
    // Refused before the database is opened, so that none is made.
    #expect(try project.run("test -e .sow/local.db").code == 1)

    try write(0)
    let none = try project.findings("sow validate \(both)")
    #expect(none.map(\.code) == ["entity-limit"])
    #expect(
      none.first?.message == #"0 rows for "\#(batch.entity)", which takes 1 to \#(batch.most)"#)
  }

  @Test func `D1 rows in the plan itself are counted like those of a file`() throws {
    let project = try project()
    defer { project.remove() }
    let rows = (0...5_000).map { "      - { code: n\($0), name_vi: Tên, name_en: Name }\n" }
    try project.write(
      "operations:\n  scan:\n    action: create\n    entity: data_category\n    rows:\n"
        + rows.joined(), to: "plans/scan.yaml")
    let findings = try project.findings("sow validate \(both)")
    #expect(findings.map(\.code) == ["entity-limit"])
    #expect(findings.first?.message == Self.batches[1].english)
  }

  // MARK: D2

  @Test func `D2 every field takes what it should and nothing else`() throws {
    let project = try project()
    defer { project.remove() }
    let header =
      "activity_name_vi,activity_name_en,purpose_vi,purpose_en,data_source_vi,data_source_en,"
      + "legal_basis,retention_period_months,has_automated_decision_making,requires_dpia,"
      + "data_category_ids,recipient_ids,transfer_ids\n"
    let id = #""[""9321b38b-249f-4650-9739-22c1b7629ee5""]""#
    let bases = [
      "consent", "contract", "legal_obligation", "vital_interest", "public_interest",
      "legitimate_interest",
    ]
    let good = bases.enumerated().map { index, basis in
      index == 0
        ? "Một,One,Mục đích,Purpose,Nguồn,Source,\(basis),60,true,false,\(id),\(id),\(id)"
        : "Số \(index),,,,,,\(basis),,false,true,[],[],[]"
    }
    let long = String(repeating: "ă", count: 201)
    let bad = [
      (",,,,,,consent,,true,true,[],[],[]", "schema-min-length"),
      (long + ",,,,,,consent,,true,true,[],[],[]", "schema-max-length"),
      ("A,,,,,,invalid_basis,,true,true,[],[],[]", "schema-enum"),
      ("B,,,,,,,,true,true,[],[],[]", "schema-enum"),
      ("C,,,,,,consent,-1,true,true,[],[],[]", "schema-minimum"),
      ("D,,,,,,consent,sáu,true,true,[],[],[]", "value-type"),
      ("E,,,,,,consent,6,yes,true,[],[],[]", "value-type"),
      ("F,,,,,,consent,6,true,1,[],[],[]", "value-type"),
      (#"G,,,,,,consent,6,true,true,"[""name""]",[],[]"#, "schema-format"),
      ("H,,,,,,consent,6,true,true,[],sales,[]", "value-type"),
      ("I,,,,,,consent,6,true,true,[],[],null", "schema-null"),
    ]
    try project.write(
      "operations: { s: { action: create, entity: processing_activity, rows: { file: s.csv } } }",
      to: "plans/s.yaml")
    try project.write(
      header + (good + bad.map(\.0)).joined(separator: "\n") + "\n", to: "plans/s.csv")
    let findings = try project.findings("sow validate \(both)")
    #expect(findings.map(\.code) == bad.map(\.1))
    #expect(findings.map(\.line) == bad.indices.map { good.count + 2 + $0 })
  }

  // MARK: D4

  private let threeRows = """
    operations:
      reference:
        action: create
        entity: data_category
        rows: [{ code: name, name_vi: Họ tên, name_en: Name }]
      scan:
        action: create
        entity: processing_activity
        rows:
          - activity_name_vi: Quản lý khách hàng
            legal_basis: contract
            retention_period_months: 60
            data_category_ids: ['$ref:reference["name"].data_category_id']
          - activity_name_vi: ""
            legal_basis: contract
            data_category_ids: ['$ref:reference["name"].data_category_id']
          - activity_name_vi: Một hoạt động khác
            legal_basis: invalid_basis
            data_category_ids: ['$ref:reference["name"].data_category_id']
    """
  private let linked = """
    SELECT activity_name_vi, code FROM processing_activity
    LEFT JOIN processing_activity_data_category USING (activity_id)
    LEFT JOIN data_category USING (data_category_id)
    """

  @Test func `D4 of three rows two are invalid: one is created, two say what and why`() throws {
    let project = try project()
    defer { project.remove() }
    try project.write(
      "options: { atomic: false, on_error: continue }\n" + threeRows, to: "plans/scan.yaml")
    let output = try project.run("sow apply --yes \(both)")
    #expect(output.code == 4)
    let report = try ReportDocument(output.out)
    #expect([report.total, report.created, report.failed] == [4, 2, 2])
    #expect(report.success == false)
    let instances = try #require(report.results?.last?.instances)
    #expect(instances.map(\.status) == ["completed", "failed", "failed"])
    let failed = instances.filter { $0.status == "failed" }
    try #require(failed.map(\.index) == [1, 2])
    #expect(
      failed.map(\.natural_key)
        == [["activity_name_vi": ""], ["activity_name_vi": "Một hoạt động khác"]])
    #expect(failed.map(\.status_code) == [422, 422])
    #expect(failed[0].error == #""activity_name_vi" must have at least 1 characters"#)
    #expect(failed[0].error_vi == #""activity_name_vi" phải có ít nhất 1 ký tự"#)
    #expect(failed[1].error?.hasPrefix(#""legal_basis" must be one of "consent""#) == true)
    #expect(failed[1].error_vi?.hasPrefix(#""legal_basis" phải là một trong "consent""#) == true)
    #expect(try database(of: project).rows(linked) == [["Quản lý khách hàng", "name"]])
  }

  @Test func `D4 rows of a file say what they are known by, too`() throws {
    let project = try project()
    defer { project.remove() }
    try project.write(
      """
      options: { atomic: false, on_error: continue }
      operations:
        scan: { action: create, entity: processing_activity, rows: { file: scan.csv } }
      """, to: "plans/scan.yaml")
    try project.write(
      "activity_name_vi,legal_basis\nMột,contract\nHai,invalid_basis\n", to: "plans/scan.csv")
    let report = try ReportDocument(try project.run("sow apply --yes \(both)").out)
    let instances = try #require(report.results?.last?.instances)
    #expect(instances.map(\.status) == ["completed", "failed"])
    #expect(instances.map(\.natural_key) == [nil, ["activity_name_vi": "Hai"]])
  }

  @Test func `D4 atomic, none of the three is created`() throws {
    let project = try project()
    defer { project.remove() }
    try project.write(threeRows, to: "plans/scan.yaml")
    let output = try project.run("sow apply --yes \(both)")
    #expect(output.code == 3)
    let report = try ReportDocument(output.out)
    #expect(report.diagnostics?.map(\.code) == ["schema-min-length", "schema-enum"])
    #expect(project.read(".sow/local.db") == nil)
  }

  // MARK: D6

  @Test func `D6 totals, ids, time and a message in both languages; texts byte for byte`() throws {
    let project = try TemporaryProject.veriSyntra(with: ["plans"])
    defer { project.remove() }
    let output = try project.run("sow apply plans/verisyntra --yes \(both)")
    #expect(output.code == 0, "\(output.errors)")
    let report = try ReportDocument(output.out)
    #expect([report.total, report.created, report.failed] == [1_045, 1_045, 0])
    #expect(Set(report.created_ids ?? []).count == 1_045)
    #expect(report.created_ids?.allSatisfy { UUID(uuidString: $0) != nil } == true)
    #expect((report.duration_seconds ?? -1) > 0)
    #expect(report.message == "Applied: 1045 created, 0 unchanged.")
    #expect(report.message_vi == "Đã áp dụng: tạo 1045, không đổi 0.")

    let file = String(
      decoding: project.read("plans/verisyntra/data/activities.csv") ?? [], as: UTF8.self)
    let written = file.split(separator: "\n").dropFirst().map { line in
      Array(line.prefix { $0 != "," }.utf8)
    }
    let database = try database(of: project)
    let found = try database.rows("SELECT activity_name_vi FROM processing_activity").map {
      Array(($0.first.flatMap { $0 } ?? "").utf8)
    }
    #expect(Set(found) == Set(written))
    #expect(found.count == 1_000)
  }

  @Test(arguments: [
    "Qu\u{1EA3}n l\u{FD} d\u{1EEF} li\u{1EC7}u",
    "Qua\u{309}n ly\u{301} du\u{31B}\u{303} lie\u{323}\u{302}u",
  ])
  func `D6 Vietnamese text is kept in the form it was written in`(text: String) throws {
    let project = try project()
    defer { project.remove() }
    try project.write(
      """
      operations:
        scan:
          action: create
          entity: processing_activity
          values: { activity_name_vi: \(text), legal_basis: consent }
      """, to: "plans/scan.yaml")
    #expect(try project.run("sow apply --yes").code == 0)
    let found = try database(of: project)
      .rows("SELECT hex(activity_name_vi) FROM processing_activity")
    let bytes = text.utf8.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }
    #expect(found == [[bytes.joined()]])
    #expect(try project.run("sow plan --detailed-exitcode").code == 0)
  }

  // MARK: D7

  @Test func `D7 a run leaves one row of who, when, what, in both languages`() throws {
    let project = try project()
    defer { project.remove() }
    try project.write(
      "options: { atomic: false, on_error: continue }\n" + threeRows, to: "plans/scan.yaml")
    #expect(try project.run("sow apply --yes").code == 4)
    let runs = try #require(
      try ReportDocument(try project.run("sow ledger runs \(both)").out).runs)
    let run = try #require(runs.first)
    #expect(runs.count == 1)
    #expect(run.plan == "scan" && !run.actor.isEmpty)
    #expect(run.finished.hasSuffix("Z"))
    #expect(run.created == 2)
    #expect(run.tenant == TemporaryProject.tenant)
    #expect(run.changeset_digest?.count == 32)
    #expect(run.message == "2 created, 0 updated, 0 deleted")
    #expect(run.message_vi == "tạo 2, cập nhật 0, xóa 0")
    let kept = try database(of: project).rows("SELECT message FROM sow_run")
    #expect(
      kept == [[#"{"en": "2 created, 0 updated, 0 deleted", "vi": "tạo 2, cập nhật 0, xóa 0"}"#]])
  }

  @Test func `D7 equal changes have one digest in the ledger, others another one`() throws {
    let project = try project()
    defer { project.remove() }
    func digest(_ name: String, backup: String) throws -> String? {
      try project.write(
        """
        operations:
          scan:
            action: create
            entity: processing_activity
            rows: [{ activity_name_vi: Một, legal_basis: consent }, { activity_name_vi: \(name), legal_basis: consent }]
        """, to: "plans/scan.yaml")
      #expect(try project.run("\(backup) && sow apply --yes").code == 0)
      let output = try project.run("sow ledger runs -f json")
      return try ReportDocument(output.out).runs?.first?.changeset_digest
    }
    let restore = "cp kept.db .sow/local.db && rm .sow/*.json"
    let first = try digest("Hai", backup: "true")
    #expect(try project.run("cp .sow/local.db kept.db").code == 0)
    let second = try digest("Ba", backup: restore)
    #expect(try digest("Ba", backup: restore) == second)
    #expect(try digest("Bốn", backup: restore) != second)
    #expect(first != nil && first != second)
  }

  @Test func `D7 a run that changes nothing leaves no row`() throws {
    let project = try project()
    defer { project.remove() }
    try project.write(
      """
      operations:
        scan:
          action: create
          entity: processing_activity
          rows: [{ activity_name_vi: Một, legal_basis: consent }]
      """, to: "plans/scan.yaml")
    for _ in 1...2 { #expect(try project.run("sow apply --yes").code == 0) }
    #expect(try database(of: project).rows("SELECT count(*) FROM sow_run") == [["1"]])
  }
}

extension TemporaryProject {
  /// The diagnostics of a run that finds mistakes.
  fileprivate func findings(_ command: String) throws -> [ReportDocument.Finding] {
    let output = try run(command)
    #expect(output.code == 3, "\(output.errors)")
    return try ReportDocument(output.out).diagnostics ?? []
  }
}
