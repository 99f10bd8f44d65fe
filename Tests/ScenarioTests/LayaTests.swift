import Foundation
import SowTestSupport
import Testing

/// Activities by id, and one's own recommendations: the sample in `plans/laya`, line by line of what
/// it promises.
struct LayaTests {
  /// The sample, applied where what is tested needs its rows.
  private func project(isApplied: Bool = true) throws -> TemporaryProject {
    let project = try TemporaryProject()
    let package = URL(filePath: PackageFolder.path())
    for path in ["plans/laya", "schemas/laya", "schemas/queries"] {
      let place = project.folder.appending(path: path)
      try FileManager.default.createDirectory(
        at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
      try FileManager.default.copyItem(at: package.appending(path: path), to: place)
    }
    if isApplied { try project.run("sow apply plans/laya --yes -q").expectSuccess() }
    return project
  }

  private static func activity(_ number: Int) -> String {
    "a0000000-0000-4000-8000-" + padded(number)
  }

  private static func child(_ number: Int) -> String {
    "c0000000-0000-4000-8000-" + padded(number)
  }

  private static func padded(_ number: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: 12 - digits.count) + digits
  }

  // MARK: C1

  @Test func `C1 one result a requested id, in request order; a missing one fails alone`() throws {
    let project = try project()
    defer { project.remove() }
    let ids = [13, 99, 3].map(Self.activity)
    let (code, report) = try project.read(ids)
    #expect(code == 4)
    let result = try #require(report.results?.first)
    let items = try #require(result.instances)
    #expect(items.map(\.index) == [0, 1, 2])
    #expect(items.map(\.address) == ids.map { #"a["\#($0)"]"# })
    #expect(items.map(\.status) == ["completed", "failed", "completed"])
    #expect(items.map(\.status_code) == [200, 404, 200])
    #expect(items.map(\.error) == [nil, "Activity with id \(ids[1]) not found", nil])
    #expect(items.map { $0.data?.first?["name"] } == ["Obstacle course", nil, "Memory pairs"])
    #expect([report.total, report.succeeded, report.failed] == [3, 2, 1])
    #expect(report.success == false && report.failed_operations == ["a"])
  }

  @Test func `C1 where all ids are missing there still is a report`() throws {
    let project = try project()
    defer { project.remove() }
    let (code, report) = try project.read([98, 99].map(Self.activity))
    #expect(code == 4)
    #expect(report.results?.first?.instances?.map(\.status_code) == [404, 404])
    #expect([report.total, report.succeeded, report.failed] == [2, 0, 2])
  }

  @Test func `C1 with expect any missing ids are no failure of the run`() throws {
    let project = try project()
    defer { project.remove() }
    let (code, report) = try project.read([13, 99].map(Self.activity), "expect: any")
    #expect(code == 0)
    #expect(report.success == true && report.results?.first?.status == "completed")
    #expect(report.results?.first?.instances?.map(\.status) == ["completed", "failed"])
  }

  @Test(arguments: [0, 1, 100, 101])
  func `C1 an operation takes 1 to 100 ids`(count: Int) throws {
    let project = try project(isApplied: false)
    defer { project.remove() }
    try project.writeRead((0..<count).map { Self.activity($0 + 1) })
    if 1...100 ~= count { return try project.run("sow validate request.yaml").expectSuccess() }
    let (code, report) = try project.report(of: "sow apply request.yaml --yes -f json")
    #expect(code == 3)
    #expect(
      report.diagnostics?.map(\.message) == [#"\#(count) ids for "activity", which takes 1 to 100"#]
    )
    #expect(report.diagnostics?.map(\.code) == ["entity-limit"])
    #expect(project.read(".sow/local.db") == nil)
  }

  // MARK: C2

  @Test(arguments: [
    #""id,name, type""#, #"" name ,type""#, "[id, name, type]", #"[type, " name , id "]"#,
    "[name, type, name]",
  ])
  func `C2 select is text or a list, trimmed, and always has the key`(select: String) throws {
    let project = try project()
    defer { project.remove() }
    let (code, report) = try project.read([Self.activity(13)], "select: \(select)")
    #expect(code == 0)
    #expect(
      report.results?.first?.data
        == [["id": .text(Self.activity(13)), "name": "Obstacle course", "type": "motor"]])
  }

  @Test func `C2 dots select members of structured values`() throws {
    let project = try project()
    defer { project.remove() }
    let (_, report) = try project.read(
      [Self.activity(13)], "select: age_range.min, group_size.max, group_size.min, weather")
    #expect(
      report.results?.first?.data == [
        [
          "id": .text(Self.activity(13)), "age_range": .object(["min": 24.0]),
          "group_size": .object(["min": 2.0, "max": 14.0]), "weather": "sunny",
        ]
      ])
    let (_, whole) = try project.read(
      [Self.activity(13)], "select: [age_range.min, age_range, weather]")
    #expect(
      whole.results?.first?.data?.first?["age_range"] == .object(["min": 24.0, "max": 96.0]))
  }

  struct Misspelt: CustomTestStringConvertible, Sendable {
    var select: String
    var code: String
    var message: String
    var hint: String
    var testDescription: String { select }
  }

  @Test(arguments: [
    Misspelt(
      select: "id, nane", code: "unknown-field",
      message: #"entity "activity" has no field "nane""#, hint: #"did you mean "name"?"#),
    Misspelt(
      select: "[age_rang.min]", code: "unknown-field",
      message: #"entity "activity" has no field "age_rang""#, hint: #"did you mean "age_range"?"#),
    Misspelt(
      select: "age_range.mim", code: "no-member",
      message: #"the value has no member "age_range.mim""#, hint: #"did you mean "min"?"#),
  ])
  func `C2 an unknown field is an error with a suggestion`(misspelt: Misspelt) throws {
    let project = try project(isApplied: false)
    defer { project.remove() }
    let (code, report) = try project.read([Self.activity(13)], "select: \(misspelt.select)")
    #expect(code == 3)
    #expect(report.diagnostics?.map(\.code) == [misspelt.code])
    #expect(report.diagnostics?.first?.message == misspelt.message)
    #expect(report.diagnostics?.first?.hint == misspelt.hint)
  }

  @Test func `C2 an id that comes twice is reported twice`() throws {
    let project = try project()
    defer { project.remove() }
    let (code, report) = try project.read([13, 3, 13].map(Self.activity), "select: name")
    #expect(code == 0)
    #expect(
      report.results?.first?.instances?.map { $0.data?.first?["name"] }
        == ["Obstacle course", "Memory pairs", "Obstacle course"])
    #expect(report.total == 3)
  }

  // MARK: C3

  @Test func `C3 an unknown entity is 400, with the list of those there are`() throws {
    let project = try project(isApplied: false)
    defer { project.remove() }
    try project.write(
      """
      schemas: schemas/laya
      operations: { a: { action: read, entity: activities, ids: ["\(Self.activity(1))"] } }
      """, to: "request.yaml")
    let output = try project.run("sow run request.yaml")
    #expect(output.code == 3)
    #expect(output.out.contains(#""statusCode": 400"#), "\(output.out)")
    #expect(
      output.errors.contains(
        #"there is no entity "activities"; known: activity, child, participation"#))
    #expect(output.errors.contains(#"did you mean "activity"?"#))

    for consent in ["", " --yes", " --dry-run"] {
      let (code, report) = try project.report(of: "sow apply request.yaml -f json\(consent)")
      #expect(code == 3)
      #expect(report.message == "Failed: 1 failed. Nothing was kept.")
      #expect(report.results?.map(\.status) == ["failed"])
      #expect(report.results?.first?.status_code == 400)
    }
  }

  // MARK: C4

  /// Obstacle course, balloon tennis and shape hunt were done by the first child, each a number of
  /// times; domino bridges are for 48 to 120 months, in any weather.
  struct Score: CustomTestStringConvertible, Sendable {
    var activity: String
    var months: Int
    var weather: String
    var score: Double
    var reasoning: String
    var testDescription: String { "\(activity), \(months) months, \(weather)" }
  }

  static let scores = [
    Score(
      activity: "Domino bridges", months: 48, weather: "sunny", score: 0.85,
      reasoning: "Perfect age match; Suits sunny weather; Fresh activity suggestion"),
    Score(
      activity: "Domino bridges", months: 120, weather: "null", score: 0.8,
      reasoning: "Perfect age match; Fresh activity suggestion"),
    Score(
      activity: "Domino bridges", months: 47, weather: "null", score: 0.7,
      reasoning: "Near the age range; Fresh activity suggestion"),
    Score(
      activity: "Domino bridges", months: 42, weather: "null", score: 0.7,
      reasoning: "Near the age range; Fresh activity suggestion"),
    Score(
      activity: "Domino bridges", months: 126, weather: "null", score: 0.7,
      reasoning: "Near the age range; Fresh activity suggestion"),
    Score(
      activity: "Domino bridges", months: 41, weather: "null", score: 0.6,
      reasoning: "Fresh activity suggestion"),
    Score(
      activity: "Domino bridges", months: 127, weather: "null", score: 0.6,
      reasoning: "Fresh activity suggestion"),
    Score(
      activity: "Shape hunt", months: 36, weather: "null", score: 0.65,
      reasoning: "Perfect age match; Done once before"),
    Score(
      activity: "Memory pairs", months: 36, weather: "null", score: 0.6,
      reasoning: "Perfect age match; Done 2 times before"),
    Score(
      activity: "Obstacle course", months: 36, weather: "rainy", score: 0.5,
      reasoning: "Perfect age match; Done 5 times before"),
    Score(
      activity: "Obstacle course", months: 36, weather: "sunny", score: 0.55,
      reasoning: "Perfect age match; Suits sunny weather; Done 5 times before"),
    Score(
      activity: "Obstacle course", months: 144, weather: "null", score: 0.3,
      reasoning: "Done 5 times before"),
  ]

  @Test func `C4 the score adds up age, weather and how often it was done`() throws {
    let project = try project()
    defer { project.remove() }
    for expected in Self.scores {
      let (code, report) = try project.recommend(
        [Self.child(1)],
        """
        max_recommendations: 20, activity_types: [cognitive, motor],
        child_age_months: \(expected.months), weather: \(expected.weather)
        """)
      #expect(code == 0)
      let rows = try #require(report.results?.first?.instances?.first?.data)
      let row = rows.first { $0["name"] == .text(expected.activity) }
      #expect(row?["relevance_score"] == .number(expected.score), "\(expected.testDescription)")
      #expect(row?["reasoning"] == .text(expected.reasoning))
      let scores = rows.compactMap { row -> Double? in
        if case .number(let score)? = row["relevance_score"] { score } else { nil }
      }
      #expect(scores.count == rows.count && scores == scores.sorted(by: >))
      #expect(scores.allSatisfy { (0...1).contains($0) })
    }
  }

  @Test func `C4 without an age it is that of the child today`() throws {
    let project = try project()
    defer { project.remove() }
    for (age, score) in [("-48 months", 0.8), ("-48 months', '+1 day", 0.7)] {
      try project.run(
        """
        sqlite3 .sow/local.db "UPDATE child SET birth_date = date('now', '\(age)') \
        WHERE room = 'owls'"
        """
      ).expectSuccess()
      let (_, report) = try project.recommend(
        [Self.child(8)], "max_recommendations: 20, activity_types: [cognitive]")
      let rows = try #require(report.results?.first?.instances?.first?.data)
      let row = rows.first { $0["name"] == "Domino bridges" }
      #expect(row?["relevance_score"] == .number(score))
    }
  }

  @Test func `C4 no more recommendations than asked for, and five where nothing is said`() throws {
    let project = try project()
    defer { project.remove() }
    for (parameter, count) in [("weather: sunny", 5), ("max_recommendations: 20", 20)] {
      let (_, report) = try project.recommend([Self.child(1)], parameter)
      #expect(report.results?.first?.instances?.first?.data?.count == count)
    }
  }

  @Test func `C4 types, group and special needs say what is among them`() throws {
    let project = try project()
    defer { project.remove() }
    func names(_ parameters: String) throws -> Set<String> {
      let (_, report) = try project.recommend(
        [Self.child(1)], "max_recommendations: 20, " + parameters)
      let rows = report.results?.first?.instances?.first?.data ?? []
      return Set(
        rows.compactMap { if case .text(let name)? = $0["name"] { name } else { nil } })
    }
    #expect(
      try names("activity_types: [language]")
        == ["Story circle", "Rhyme clapping", "Puppet talk", "Letter treasure"])
    #expect(
      try names("activity_types: [language, social], group_size: 10") == [
        "Story circle", "Rhyme clapping", "Restaurant", "Good morning song", "Garden helpers",
      ])
    #expect(try names("group_size: 20") == ["Rhyme clapping", "Good morning song"])
    #expect(
      try names("activity_types: [motor], include_special_needs: false") == [
        "Balloon tennis", "Puddle jumping", "Snow tracks", "Threading beads",
      ])
    #expect(try names("activity_types: [motor]").contains("Obstacle course"))
  }

  @Test(arguments: [
    ("max_recommendations: 0", "schema-minimum"), ("max_recommendations: 21", "schema-maximum"),
    ("activity_types: [swimming]", "schema-enum"), ("activity_types: motor", "value-type"),
    ("child_age_months: -1", "schema-minimum"), ("child_age_months: 145", "schema-maximum"),
    ("weather: foggy", "schema-enum"), ("group_size: 0", "schema-minimum"),
    ("include_special_needs: maybe", "value-type"), ("child_age: 36", "unknown-parameter"),
  ])
  func `C4 what a parameter may not be is an error`(parameter: String, code: String) throws {
    let project = try project(isApplied: false)
    defer { project.remove() }
    try project.writeRecommend([Self.child(1)], parameter, options: "{ atomic: true }")
    let (exit, report) = try project.report(of: "sow validate request.yaml -f json")
    #expect(exit == 3)
    #expect(report.diagnostics?.map(\.code) == [code])
  }

  @Test(arguments: [
    "max_recommendations: 1", "max_recommendations: 20", "child_age_months: 0",
    "child_age_months: 144", "group_size: 1", "activity_types: null",
  ])
  func `C4 a parameter may be at its limits`(parameter: String) throws {
    let project = try project(isApplied: false)
    defer { project.remove() }
    try project.writeRecommend([Self.child(1)], parameter)
    try project.run("sow validate request.yaml").expectSuccess()
  }

  @Test func `C4 a server recommends the same, by a statement of its own`() throws {
    let (file, server) = (try project(), try project(isApplied: false))
    defer { for project in [file, server] { project.remove() } }
    try ServerDatabases().enter(server)
    try server.run("sow apply plans/laya --yes -q").expectSuccess()
    for parameters in [
      "", "weather: rainy, max_recommendations: 20", "child_age_months: 40, group_size: 6",
      "activity_types: [motor, sensory], include_special_needs: false",
    ] {
      let children = [1, 4, 99].map(Self.child)
      let wanted = try file.recommend(children, parameters)
      let found = try server.recommend(children, parameters)
      #expect(found.code == wanted.code)
      let instances = try #require(wanted.report.results?.first?.instances)
      #expect(instances.contains { $0.data?.isEmpty == false })
      let others = try #require(found.report.results?.first?.instances)
      #expect(others.map(\.status) == instances.map(\.status))
      #expect(others.map(\.data) == instances.map(\.data), "\(parameters)")
    }
  }

  @Test func `C4 each child has a result; one that is not there fails alone`() throws {
    let project = try project()
    defer { project.remove() }
    let children = [2, 99, 1].map(Self.child)
    let (code, report) = try project.recommend(children, "weather: sunny")
    #expect(code == 4)
    let instances = try #require(report.results?.first?.instances)
    #expect(instances.map(\.address) == children.map { #"r["\#($0)"]"# })
    #expect(instances.map(\.status) == ["completed", "failed", "completed"])
    #expect(instances.map { $0.data?.count ?? 0 } == [5, 0, 5])
    #expect(instances[1].error == "expected some, found 0 rows")
    #expect([report.total, report.succeeded, report.failed] == [3, 2, 1])
  }

  @Test(arguments: [0, 1, 50, 51])
  func `C4 a request is about 1 to 50 children`(count: Int) throws {
    let project = try project(isApplied: false)
    defer { project.remove() }
    try project.writeRecommend((0..<count).map { Self.child($0 + 1) }, "weather: sunny")
    if 1...50 ~= count { return try project.run("sow validate request.yaml").expectSuccess() }
    let (code, report) = try project.report(of: "sow apply request.yaml -f json")
    #expect(code == 3)
    #expect(report.diagnostics?.map(\.code) == ["entity-limit"])
  }

  // MARK: C6

  @Test func `C6 a statement that takes too long ends the run`() throws {
    let project = try project()
    defer { project.remove() }
    try project.write(
      """
      WITH RECURSIVE counter (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counter)
      SELECT count(*) AS n FROM counter
      """, to: "schemas/queries/endless.sql")
    try project.write("type: object\n", to: "schemas/queries/endless.yaml")
    try project.write(
      "operations: { e: { action: read, query: endless } }", to: "request.yaml")
    for command in ["apply request.yaml --yes", "run request.yaml"] {
      let output = try project.run("sow \(command) --timeout 0.2")
      #expect(output.code == 1)
      #expect(output.errors.contains("error[statement-timed-out]"), "\(output.errors)")
    }
    let (code, _) = try project.read([Self.activity(1)], options: "--timeout 30")
    #expect(code == 0)
  }

  @Test func `C6 a file above the limit of size is refused with the limit`() throws {
    let project = try project()
    defer { project.remove() }
    try project.write("limits: { file_bytes: 3000 }\n", to: "sow.yaml")
    let output = try project.run("sow plan plans/laya")
    #expect(output.code == 3)
    #expect(output.errors.contains("error[file-too-large]"), "\(output.errors)")
    #expect(output.errors.contains("activities.csv"))
    #expect(output.errors.contains("3000"))
  }

  // MARK: C7

  @Test func `C7 only what failed is done again`() throws {
    let project = try project()
    defer { project.remove() }
    func write(_ second: String, _ third: String) throws {
      try project.write(
        "child,activity,done_on,minutes\n"
          + "\(Self.child(7)),\(Self.activity(1)),2026-11-20,20\n"
          + "\(Self.child(7)),\(Self.activity(2)),2026-11-20,\(second)\n"
          + "\(Self.child(7)),\(Self.activity(3)),2026-11-20,\(third)\n", to: "day.csv")
    }
    try project.write(
      """
      plan: day
      schemas: schemas/laya
      options: { atomic: false, on_error: continue }
      operations:
        day:
          action: create
          entity: participation
          for_each: { file: day.csv, key: [activity] }
          values:
            child_id: $each:child
            activity_id: $each:activity
            done_on: $each:done_on
            minutes: $each:minutes
      """, to: "day.yaml")
    let minutes = "SELECT minutes FROM participation WHERE done_on = '2026-11-20' ORDER BY 1"
    let database = try RowReader(path: project.folder.appending(path: ".sow/local.db").path)
    try write("0", "30")
    #expect(try project.run("sow apply day.yaml --yes --report report.json").code == 4)
    #expect(try database.rows(minutes) == [["20"], ["30"]])

    // What was done is changed meanwhile, and stays as it is.
    try write("25", "45")
    let output = try project.run("sow apply day.yaml --yes --only-failed report.json")
    #expect(output.code == 0, "\(output.errors)")
    #expect(output.out.contains("Applied: 1 created, 2 unchanged."), "\(output.out)")
    #expect(try database.rows(minutes) == [["20"], ["25"], ["30"]])
  }

  @Test func `C7 ids that were not found are looked for again`() throws {
    let project = try project()
    defer { project.remove() }
    let ids = [1, 99].map(Self.activity)
    let (code, _) = try project.read(ids, options: "--report report.json")
    #expect(code == 4)
    try project.run(
      """
      sqlite3 .sow/local.db "UPDATE participation SET activity_id = '\(ids[1])' \
      WHERE activity_id = '\(Self.activity(2))'; \
      UPDATE activity SET id = '\(ids[1])' WHERE id = '\(Self.activity(2))'"
      """
    ).expectSuccess()
    let (again, report) = try project.read(ids, options: "--only-failed report.json")
    #expect(again == 0)
    #expect(report.results?.first?.instances?.map(\.status) == ["completed", "completed"])
  }
}

extension TemporaryProject {
  /// Writes a request for activities by id.
  fileprivate func writeRead(_ ids: [String], _ more: String = "") throws {
    try write(
      """
      plan: request
      schemas: schemas/laya
      operations:
        a:
          action: read
          entity: activity
          ids: [\(ids.joined(separator: ", "))]
          \(more)
      """, to: "request.yaml")
  }

  fileprivate func read(
    _ ids: [String], _ more: String = "", options: String = ""
  ) throws -> (code: Int32, report: ReportDocument) {
    try writeRead(ids, more)
    return try report(of: "sow apply request.yaml -f json \(options)")
  }

  /// Writes a request for what children might do.
  fileprivate func writeRecommend(
    _ children: [String], _ parameters: String,
    options: String = "{ atomic: false, on_error: continue }"
  ) throws {
    try write(
      """
      plan: request
      schemas: schemas/laya
      options: \(options)
      operations:
        r:
          action: read
          query: recommend_activities
          for_each: [\(children.joined(separator: ", "))]
          params: { child_id: $each:value, \(parameters) }
          expect: some
      """, to: "request.yaml")
  }

  fileprivate func recommend(
    _ children: [String], _ parameters: String
  ) throws -> (code: Int32, report: ReportDocument) {
    try writeRecommend(children, parameters)
    return try report(of: "sow apply request.yaml -f json")
  }

  fileprivate func report(of command: String) throws -> (code: Int32, report: ReportDocument) {
    let output = try run(command)
    return (output.code, try ReportDocument(output.out))
  }
}

extension TemporaryProject.Output {
  fileprivate func expectSuccess() { #expect(code == 0, "\(errors)") }
}
