import SowTestSupport
import Testing

/// Two companies in one database of processing activities.
struct VeriSyntraTenantTests {
  static let tables = ["data_category", "recipient", "transfer", "processing_activity"]

  private func count(_ project: TemporaryProject, _ sql: String) throws -> [[String?]] {
    try project.localDatabase().rows(sql)
  }

  @Test func `D5 every row is stamped, and two companies know nothing of each other`() throws {
    let project = try TemporaryProject.veriSyntra(with: ["plans"])
    defer { project.remove() }
    for environment in ["local", "partner", "local", "partner"] {
      let output = try project.run("sow apply plans/verisyntra -e \(environment) --yes")
      #expect(output.code == 0, "\(output.errors)")
    }
    for table in Self.tables {
      let rows = try count(
        project, "SELECT tenant_id, count(*) FROM \(table) GROUP BY tenant_id ORDER BY tenant_id")
      #expect(
        rows.map { $0[0] } == [TemporaryProject.tenant, TemporaryProject.partner], "\(table)")
      #expect(rows.count == 2 && rows[0][1] == rows[1][1], "\(table)")
    }
    // A reference by code finds the row of the same company.
    for (join, other, key) in [
      ("processing_activity_data_category", "data_category", "data_category_id"),
      ("processing_activity_recipient", "recipient", "recipient_id"),
      ("processing_activity_transfer", "transfer", "transfer_id"),
    ] {
      let strangers = try count(
        project,
        """
        SELECT count(*) FROM \(join) JOIN processing_activity AS a USING (activity_id)
        JOIN \(other) AS o USING (\(key)) WHERE a.tenant_id <> o.tenant_id
        """)
      #expect(strangers == [["0"]], "\(join)")
    }
    let plan = try project.run("sow plan plans/verisyntra -e partner --detailed-exitcode")
    #expect(plan.code == 0, "\(plan.out)")
  }

  @Test func `D5 a row that names another tenant is refused with 403, in both languages`() throws {
    let project = try TemporaryProject.veriSyntra()
    defer { project.remove() }
    try project.write(
      """
      options: { atomic: false, on_error: continue }
      operations:
        scan:
          action: create
          entity: data_category
          rows:
            - { code: own, name_vi: Tên, name_en: Name }
            - { code: said, name_vi: Tên, name_en: Name, tenant_id: \(TemporaryProject.tenant) }
            - { code: theirs, name_vi: Tên, name_en: Name, tenant_id: \(TemporaryProject.partner) }
        file: { action: create, entity: recipient, rows: { file: data/recipients.csv } }
      """, to: "plans/scan.yaml")
    try project.write(
      "code,name_vi,name_en,kind,tenant_id\nhr,Tên,Name,internal,\(TemporaryProject.partner)\n",
      to: "plans/data/recipients.csv")
    let output = try project.run("sow apply --yes -f json --language en,vi")
    #expect(output.code == 4)
    let results = try #require(try ReportDocument(output.out).results)
    let instances = results.flatMap { $0.instances ?? [] }
    #expect(instances.map(\.status) == ["completed", "completed", "failed", "failed"])
    for refused in instances.suffix(2) {
      #expect(refused.status_code == 403)
      #expect(refused.code == "other-tenant")
      #expect(refused.error == "Cannot access other tenant's data")
      #expect(refused.error_vi == "Không thể truy cập dữ liệu của tenant khác")
    }
    #expect(
      try count(project, "SELECT code, tenant_id FROM data_category ORDER BY code")
        == [["own", TemporaryProject.tenant], ["said", TemporaryProject.tenant]])
    #expect(try count(project, "SELECT * FROM recipient") == [])
  }

  @Test func `D5 reads, updates and deletes see the rows of the tenant alone`() throws {
    let project = try TemporaryProject.veriSyntra(with: ["plans"])
    defer { project.remove() }
    for environment in ["local", "partner"] {
      #expect(try project.run("sow apply plans/verisyntra -e \(environment) --yes").code == 0)
    }
    func rows(_ tenant: String) throws -> [[String?]] {
      try count(
        project,
        """
        SELECT code, name_en FROM recipient WHERE tenant_id = '\(tenant)'
        AND code IN ('bank', 'hr', 'new') ORDER BY code
        """)
    }
    let before = try rows(TemporaryProject.tenant)
    try project.write(
      """
      operations:
        found: { action: read, entity: recipient, where: { code: hr } }
        renamed: { action: update, entity: recipient, where: { code: bank }, values: { name_en: Bank } }
        added:
          action: create
          entity: recipient
          values: { code: new, name_vi: Mới, name_en: "${ref:found.code} new", kind: internal }
      """, to: "request.yaml")
    let change = try project.run("sow run request.yaml -e partner")
    #expect(change.code == 0, "\(change.out)\(change.errors)")
    #expect(try rows(TemporaryProject.tenant) == before)
    #expect(
      try rows(TemporaryProject.partner)
        == [["bank", "Bank"], ["hr", "Human resources department"], ["new", "hr new"]])
    try project.write(
      """
      operations:
        mine: { action: delete, entity: recipient, where: { code: new } }
      """, to: "delete.yaml")
    // Of the own company there is no such row; of the other one there is.
    #expect(try project.run("sow run delete.yaml").code == 1)
    #expect(try project.run("sow run delete.yaml -e partner").code == 0)
    try project.write(
      """
      operations:
        theirs: { action: read, entity: recipient, where: { tenant_id: \(TemporaryProject.tenant) } }
      """, to: "theirs.yaml")
    let refused = try project.run("sow run theirs.yaml -e partner")
    #expect(refused.code == 3)
    #expect(refused.out.contains(#""statusCode": 403"#), "\(refused.out)")
    #expect(try rows(TemporaryProject.tenant) == before)
  }
}
