import SowApplying
import SowModel
import Testing

/// Keys are remembered and shown, so no secret becomes one, and none is shown as one.
struct SecretKeyTests {
  private func bench(_ extra: String = "primary_key: code", sql: String = "") throws -> Workbench {
    let bench = try Workbench(sql)
    try bench.schema(
      "card",
      """
      type: object
      properties:
        code: { type: string }
        note: { type: [string, "null"] }
      required: [code]
      x-sow: { \(extra) }
      """)
    bench.variables = ["token": "s3cr3t-1", "other": "s3cr3t-9"]
    return bench
  }

  private let variables = """
    variables: { token: { type: string, sensitive: true }, other: { type: string, sensitive: true } }
    operations:

    """

  @Test func `a sensitive field is refused in a primary key that is declared`() throws {
    let bench = try bench("primary_key: code, sensitive: { code: PHI }")
    #expect(
      try bench.refusals("operations: { a: { action: create, entity: card, values: { code: x } } }")
        == ["sensitive-key"])
  }

  @Test(arguments: ["create, values: { code: x }", "update, ids: [x], values: { note: y }"])
  func `a sensitive field is refused in a primary key that only the table has`(
    operation: String
  ) throws {
    let bench = try bench(
      "sensitive: { code: PHI }", sql: "CREATE TABLE card (code TEXT PRIMARY KEY, note TEXT)")
    #expect(
      try bench.refusals("operations: { a: { entity: card, action: \(operation) } }")
        == ["sensitive-key"])
  }

  @Test(arguments: [
    "a: { action: create, entity: card, values: { code: $var:token } }",
    "a: { action: upsert, entity: card, values: { code: \"c-${var:token}\" } }",
    "a: { action: create, entity: card, rows: [{ code: $var:token }] }",
    "a: { action: create, entity: card, for_each: { x: 1 }, values: { code: $var:token } }",
    "a: { action: create, entity: card, for_each: { file: f.csv, key: k }, values: { code: $var:token } }",
  ])
  func `a sensitive value is refused in a primary key`(operation: String) throws {
    let bench = try bench()
    try bench.write("k\n1\n", to: "f.csv")
    #expect(try bench.refusals(variables + "  " + operation) == ["secret-in-key"])
    // Beside the key it is welcome.
    let beside = operation.replacing("code:", with: "code: x, note:")
    #expect(try bench.refusals(variables + "  " + beside) == [])
  }

  @Test func `what is asked for by a sensitive value is not shown by its key`() throws {
    let bench = try bench()
    try bench.sql(
      """
      CREATE TABLE card (code TEXT PRIMARY KEY, note TEXT);
      INSERT INTO card VALUES ('s3cr3t-1', 'a'), ('s3cr3t-2', 'b'), ('open', 'c');
      """)
    let plan =
      variables + """
          by_id: { action: update, entity: card, ids: [$var:token], values: { note: n1 } }
          by_key: { action: update, entity: card, where: { code: $var:token }, values: { note: n2 } }
          seen: { action: read, entity: card, ids: [$var:token, $var:other] }
          found: { action: read, entity: card, where: { code: { in: [$var:token] } } }
          named: { action: update, entity: card, ids: [open], values: { note: n3 } }
        """
    for (text, isDone) in try outcomes(bench, plan.replacing("n2", with: "n1")) {
      #expect(!text.contains("s3cr3t"), "\(text)")
      #expect(text.contains("open") || !isDone)
    }
    #expect(try bench.sql("SELECT note FROM card WHERE code = 's3cr3t-1'") == ["n1"])
    let delete = variables + "  gone: { action: delete, entity: card, where: { code: $var:token } }"
    for (text, _) in try outcomes(bench, delete) { #expect(!text.contains("s3cr3t"), "\(text)") }
    #expect(try bench.sql("SELECT count(*) FROM card") == ["2"])
    // Whoever may see the value sees the key.
    bench.showsSensitive = true
    bench.variables["token"] = "s3cr3t-2"
    guard case .changes(let changeset, _, _, _) = try bench.preview(delete) else {
      throw BenchFailure(text: "no preview")
    }
    #expect(changeset.operations[0].rows.map(\.key) == ["s3cr3t-2"])
  }

  @Test(arguments: [
    "update, ids: [$var:other], values: { note: n }", "delete, ids: [$var:token, $var:token]",
  ])
  func `a missing or repeated id that is sensitive is not said`(operation: String) throws {
    let bench = try bench()
    try bench.sql(
      "CREATE TABLE card (code TEXT PRIMARY KEY, note TEXT); INSERT INTO card VALUES ('s3cr3t-1', 'a')"
    )
    let plan = variables + "  a: { entity: card, action: \(operation) }"
    guard case .refused(let diagnostics, _) = try bench.apply(plan) else {
      throw BenchFailure(text: "not refused")
    }
    #expect(!diagnostics.all.isEmpty)
    for diagnostic in diagnostics.all {
      #expect(!"\(diagnostic.message) \(diagnostic.facts)".contains("s3cr3t"))
      #expect(diagnostic.message.contains("(sensitive)"))
    }
  }

  /// All that a preview and an apply say, and whether it was carried out.
  private func outcomes(_ bench: Workbench, _ plan: String) throws -> [(String, Bool)] {
    let preview = "\(try bench.preview(plan))"
    var lock: Lock?
    let options = ApplyOptions(stageLock: {
      lock = $0
      return nil
    })
    let finish = try bench.finish(plan, options)
    return [
      (preview, false), ("\(finish.changeset)", false), ("\(finish.report)", true),
      ("\(lock as Any)", false), (try bench.sql("SELECT * FROM sow_policy").joined(), false),
    ]
  }
}
