import Foundation
import SowTestSupport
import Testing

/// A real database of 15,607 rows, seeded by plans that know none of its generated keys.
struct ChinookTests {
  @Test(
    .enabled(if: ChinookData.folder != nil, "no ../shared/data/chinook beside the package"),
    arguments: ChinookPlan.allCases)
  func `Chinook comes out equal up to its generated keys`(plan: ChinookPlan) throws {
    let data = try ChinookData()
    let project = try TemporaryProject()
    defer { project.remove() }
    let database = project.folder.appending(path: "chinook.db").path
    try project.write(
      "environments:\n  local: { database: \"sqlite:chinook.db\" }\n", to: "sow.yaml")
    try RowReader(path: database).execute(data.schema)
    try plan.write(data, into: project)

    let first = try project.run("sow apply --yes")
    #expect(first.code == 0, "\(first.out.suffix(500))\(first.errors.prefix(2000))")

    let original = project.folder.appending(path: "original.db").path
    try data.load(into: RowReader(path: original))
    for table in data.tables {
      let expected = try ChinookContent(of: original, tables: data.tables).rows(of: table)
      let actual = try ChinookContent(of: database, tables: data.tables).rows(of: table)
      #expect(expected.count == data.rows[table.name]?.count)
      #expect(actual == expected, "\(table.name)")
    }
    try expectNothingToDo(plan, in: project)
  }

  private func expectNothingToDo(_ plan: ChinookPlan, in project: TemporaryProject) throws {
    let lock = project.folder.appending(path: "plans/\(plan.rawValue).local.lock.json").path
    let before = try FileManager.default.attributesOfItem(atPath: lock)
    let second = try project.run("sow apply --yes")
    #expect(second.code == 0, "\(second.errors.prefix(2000))")
    #expect(second.out.contains(/[Nn]o changes/), "\(second.out.suffix(500))")
    let after = try FileManager.default.attributesOfItem(atPath: lock)
    #expect(before[.modificationDate] as? Date == after[.modificationDate] as? Date)
    #expect(before[.systemFileNumber] as? Int == after[.systemFileNumber] as? Int)
    let third = try project.run("sow plan --detailed-exitcode")
    #expect(third.code == 0, "\(third.out.suffix(500))")
  }
}
