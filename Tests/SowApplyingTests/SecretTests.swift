import SowApplying
import SowModel
import Testing

/// What is sensitive appears nowhere.
struct SecretTests {
  static func bench() throws -> Workbench {
    let bench = try Workbench()
    try bench.schema(
      "person",
      """
      type: object
      properties:
        person_id: { type: integer, readOnly: true }
        email: { type: string, minLength: 3, pattern: "^[^#]*$" }
        note: { type: [string, "null"] }
      required: [email]
      x-sow: { unique: [[email]], sensitive: { email: PHI } }
      """)
    try bench.schema(
      "log",
      """
      type: object
      properties:
        log_id: { type: integer, readOnly: true }
        text: { type: string, maxLength: 30 }
      x-sow: { unique: [[text]] }
      """)
    bench.variables = ["token": "s3cr3t-token"]
    return bench
  }

  static let plan = """
    variables: { token: { type: string, sensitive: true } }
    operations:
      ann:
        action: upsert
        entity: person
        values: { email: s3cr3t@example.com, note: "${var:token}" }
      many:
        action: upsert
        entity: person
        rows: [{ email: s3cr3t-1 }, { email: s3cr3t-2 }]
      file: { action: upsert, entity: person, rows: { file: people.csv } }
      copy: { action: create, entity: log, values: { text: "to ${ref:ann.email}" } }
      seen: { action: read, entity: person, ids: [$ref:ann.person_id], select: email }
    """

  @Test func `no value of a sensitive place is in a changeset, report or lock`() throws {
    let bench = try Self.bench()
    try bench.write("email,note\ns3cr3t-3,\n", to: "people.csv")
    var lock: Lock?
    let options = ApplyOptions(stageLock: {
      lock = $0
      return nil
    })
    let first = try bench.finish(Self.plan, options)
    #expect(first.report.isSuccess, "\(first.report.lines)")
    #expect(try bench.sql("SELECT email FROM person ORDER BY 1").count == 4)
    try bench.sql("UPDATE person SET email = 's3cr3t-old' WHERE email = 's3cr3t@example.com'")
    let drift = try bench.finish(Self.plan, options)
    for text in [
      "\(first.changeset)", "\(first.report)", "\(drift.changeset)", "\(drift.report)",
      "\(lock as Any)",
    ] {
      #expect(!text.contains("s3cr3t"), "\(text)")
    }
    #expect("\(first.changeset)".contains("PHI"))
    #expect(try bench.sql("SELECT instance FROM sow_row WHERE instance LIKE '%s3cr3t%'") == [])
    bench.showsSensitive = true
    try bench.sql("UPDATE person SET email = 's3cr3t-old' WHERE email = 's3cr3t@example.com'")
    #expect("\(try bench.finish(Self.plan).changeset)".contains("s3cr3t-old"))
  }

  @Test func `a digest of content is the database's own where a field is sensitive`() throws {
    let found = try (1...2).map { _ in
      let bench = try Workbench()
      for (entity, sensitive) in [("room", ""), ("visit", "x-sow: { sensitive: [note] }")] {
        try bench.schema(
          entity,
          """
          type: object
          properties: { \(entity)_id: { type: integer, readOnly: true }, note: { type: string } }
          \(sensitive)
          """)
      }
      try bench.finish(
        """
        operations:
          a: { action: create, entity: room, rows: [{ note: x }] }
          b: { action: create, entity: visit, rows: [{ note: x }] }
        """)
      return try bench.sql("SELECT instance FROM sow_row ORDER BY place")
    }
    try #require(found.allSatisfy { $0.count == 2 })
    #expect(found[0][0] == found[1][0])
    #expect(found[0][1] != found[1][1])
  }

  @Test(arguments: [
    "email: s3", "email: [s3cr3t]", "email: $ref:taken.email", "email: 's3cr3t#'",
  ])
  func `no value of a sensitive place is in a diagnostic`(value: String) throws {
    let bench = try Self.bench()
    let plan = """
      operations:
        taken: { action: create, entity: person, values: { email: s3cr3t-taken } }
        bad: { action: create, entity: person, values: { \(value) } }
      """
    var found: [Diagnostic] = []
    switch try bench.apply(plan) {
    case .invalid(let diagnostics), .refused(let diagnostics, _): found = diagnostics.all
    case .finished(let finish):
      found = finish.report.results.compactMap { $0.failure?.diagnostic }
    default: break
    }
    #expect(!found.isEmpty)
    for diagnostic in found {
      #expect(
        !"\(diagnostic.message) \(diagnostic.facts) \(String(describing: diagnostic.hint))"
          .contains("s3"), "\(diagnostic)")
    }
  }
}
