import Foundation
import SowApplying
import SowModel
import SowSQLite
import SowTestSupport
import Testing

/// How many statements the requests of `plans/laya` take.
struct LayaStatementTests {
  /// The schemas and the query of the sample, with 100 activities and 50 children.
  private func bench() throws -> Workbench {
    let schemas = URL(filePath: PackageFolder.path()).appending(path: "schemas")
    func text(_ path: String) throws -> String {
      try String(contentsOf: schemas.appending(path: path), encoding: .utf8)
    }
    let bench = try Workbench()
    for entity in ["activity", "child", "participation"] {
      try bench.schema(entity, try text("laya/\(entity).yaml"))
    }
    try bench.query(
      "recommend_activities", try text("queries/recommend_activities.sqlite.sql"),
      try text("queries/recommend_activities.yaml"))
    var plan = "operations:\n  activities:\n    action: upsert\n    entity: activity\n    rows:\n"
    for number in 1...100 {
      plan += """
              - id: "\(id(number))"
                name: activity \(number)
                type: motor
                duration_minutes: 20
                age_range: { min: 24, max: 60 }
                group_size: { min: 1, max: 12 }
                materials: []

        """
    }
    plan += "  children:\n    action: upsert\n    entity: child\n    rows:\n"
    for number in 1...50 {
      plan += """
              - { id: "\(id(number))", name: n, birth_date: 2023-01-01, room: bees }

        """
    }
    plan += "  participations:\n    action: create\n    entity: participation\n    values:\n"
    plan += """
            child_id: "\(id(1))"
            activity_id: "\(id(1))"
            done_on: 2026-01-01
            minutes: 5
      """
    try bench.finish(plan)
    return bench
  }

  private func id(_ number: Int) -> String {
    let digits = String(number)
    return "00000000-0000-4000-8000-" + String(repeating: "0", count: 12 - digits.count) + digits
  }

  @Test func `C5 one statement an entity, whatever the number of ids and children`() throws {
    let bench = try bench()
    func count(ids: [Int], children: [Int]) throws -> Int {
      let plan = """
        operations:
          activities:
            action: read
            entity: activity
            ids: [\(ids.map { "\"\(id($0))\"" }.joined(separator: ", "))]
          recommendations:
            action: read
            query: recommend_activities
            for_each: [\(children.map { "\"\(id($0))\"" }.joined(separator: ", "))]
            params: { child_id: $each:value }
            expect: some
        """
      let database = try SQLiteDatabase.open(path: bench.databasePath, mode: .write)
      let report = try bench.run(plan, on: database).apply(ApplyOptions()).finish.report
      #expect(report.isSuccess)
      #expect(report.results.map(\.instances.count) == [ids.count, children.count])
      return database.statementCount
    }
    let few = try count(ids: [7], children: [3])
    #expect(try count(ids: Array(1...100), children: Array(1...50)) == few)
    #expect(try count(ids: [7, 7, 7], children: [3]) == few)
  }
}
