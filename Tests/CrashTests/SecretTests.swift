import Foundation
import SowTestSupport
import Testing

/// No secret leaves the tables that it is for.
struct SecretTests {
  /// All secrets of the tests hold this, and nothing else does.
  private static let mark = "s3cr3t"
  private static let arguments = "--var admin_password=s3cr3t-var"
  private static let environment = "TOKEN=s3cr3t-env "

  private func project(_ operations: String) throws -> TemporaryProject {
    let project = try TemporaryProject()
    try project.write(
      "environments: { local: { database: \"sqlite:shop.db\", create_tables: true } }\n",
      to: "sow.yaml")
    try project.write(
      """
      type: object
      properties:
        account_id: { type: integer, readOnly: true }
        login: { type: string }
        password: { type: string, minLength: 3 }
        token: { type: [string, "null"] }
        note: { type: [string, "null"] }
      required: [login, password]
      x-sow:
        primary_key: account_id
        unique: [[login], [token]]
        sensitive: { password: secret, token: secret }
      """, to: "schemas/account.yaml")
    try write(operations, project)
    return project
  }

  private func write(_ operations: String, _ project: TemporaryProject) throws {
    try project.write(
      """
      variables:
        admin_password: { type: string, sensitive: true }
      operations:
      \(operations)
      """, to: "plans/a.yaml")
  }

  static let operations = """
      admin:
        action: create
        entity: account
        values: { login: admin, password: $var:admin_password, token: $env:TOKEN }
      bob:
        action: create
        entity: account
        values:
          login: bob
          password: s3cr3t-plain
          token: "t-${env:TOKEN}"
          note: "for ${ref:admin.password} by ${var:admin_password}"
      keyed:
        action: upsert
        entity: account
        key: [token]
        rows:
          - { login: k1, password: s3cr3t-one, token: s3cr3t-key-1 }
          - { login: k2, password: s3cr3t-two, token: s3cr3t-key-2 }
      shown:
        action: read
        entity: account
        ids: [$ref:admin.account_id]
    """

  /// Everything that a run wrote, beside the table that the secrets are for.
  private func traces(_ output: TemporaryProject.Output, _ project: TemporaryProject) throws
    -> [(what: String, text: String)]
  {
    let ledger = try project.run(
      "sqlite3 shop.db '.dump sow_%' 2>&1; sqlite3 shop.db 'SELECT cast(done AS TEXT) FROM sow_policy'"
    )
    var traces = [
      ("stdout", output.out), ("stderr", output.errors), ("ledger", ledger.out),
    ]
    for name in ProjectState.files(of: project) where name.hasSuffix(".json") {
      traces.append((name, String(decoding: project.read(name) ?? [], as: UTF8.self)))
    }
    return traces
  }

  private func expectNoSecret(
    _ command: String, code: Int32, _ project: TemporaryProject,
    sourceLocation: Testing.SourceLocation = #_sourceLocation
  ) throws -> TemporaryProject.Output {
    let output = try project.run("\(Self.environment)\(command) \(Self.arguments)")
    #expect(
      output.code == code, "\(command)\n\(output.out)\(output.errors)",
      sourceLocation: sourceLocation)
    for (what, text) in try traces(output, project) {
      #expect(
        !text.contains(Self.mark), "\(command), \(what)\n\(text)", sourceLocation: sourceLocation)
    }
    return output
  }

  @Test(arguments: ["", " --format json", " --verbose --all"])
  func `no secret is in what a run says and keeps`(options: String) throws {
    let project = try project(Self.operations)
    defer { project.remove() }
    _ = try expectNoSecret("sow validate\(options)", code: 0, project)
    _ = try expectNoSecret("sow plan\(options)", code: 0, project)
    _ = try expectNoSecret("sow apply --yes --report report.json\(options)", code: 0, project)
    let rows = try project.run("sqlite3 shop.db 'SELECT password, token, note FROM account'")
    #expect(rows.out.contains("s3cr3t-var|s3cr3t-env|"), "the secrets did get where they belong")
    #expect(rows.out.contains("for s3cr3t-var by s3cr3t-var"))
    // An update shows neither the old value nor the new one; drift neither what it found.
    try write(Self.operations.replacing("s3cr3t-plain", with: "s3cr3t-other"), project)
    _ = try expectNoSecret("sow plan\(options)", code: 0, project)
    _ = try project.run(
      "sqlite3 shop.db \"UPDATE account SET password = 's3cr3t-drift' WHERE login = 'admin'\"")
    _ = try expectNoSecret("sow plan\(options)", code: 0, project)
    _ = try expectNoSecret("sow apply --yes --report report.json\(options)", code: 0, project)
    for command in ["sow ledger list", "sow ledger show bob", "sow lock check"] {
      let output = try project.run(command)
      #expect(output.code == 0, "\(command): \(output.errors)")
      #expect(!(output.out + output.errors).contains(Self.mark), "\(command)")
    }
  }

  private static func created(_ values: String...) -> String {
    "x:\n    action: create\n    entity: account\n    values:\n      login: x\n"
      + values.map { "      \($0)\n" }.joined()
  }

  /// Rows that something refuses, and the tables that do.
  static let refusals = [
    (
      "another row has the same token",
      "x: { action: create, entity: account, values: { login: x, password: s3cr3t-x, token: s3cr3t-there } }",
      """
      CREATE TABLE account (account_id INTEGER PRIMARY KEY AUTOINCREMENT, login TEXT NOT NULL UNIQUE,
        password TEXT NOT NULL, token TEXT UNIQUE, note TEXT);
      INSERT INTO account (login, password, token) VALUES ('old', 's3cr3t-old', 's3cr3t-there');
      """
    ),
    (
      "a check", "x: { action: create, entity: account, values: { login: x, password: s3cr3t-x } }",
      """
      CREATE TABLE account (account_id INTEGER PRIMARY KEY AUTOINCREMENT, login TEXT NOT NULL UNIQUE,
        password TEXT NOT NULL CHECK (length(password) > 100), token TEXT UNIQUE, note TEXT);
      """
    ),
    (
      "a trigger that says it",
      "x: { action: create, entity: account, values: { login: x, password: $var:admin_password } }",
      """
      CREATE TABLE account (account_id INTEGER PRIMARY KEY AUTOINCREMENT, login TEXT NOT NULL UNIQUE,
        password TEXT NOT NULL, token TEXT UNIQUE, note TEXT);
      CREATE TRIGGER t BEFORE INSERT ON account WHEN new.login = 'x'
        BEGIN SELECT raise(ABORT, 's3cr3t-trigger'); END;
      """
    ),
    (
      "a list for a text", Self.created("password: s3cr3t-x", "token: [s3cr3t-list]"), ""
    ),
    ("an object for a text", Self.created("password: { a: s3cr3t-x }"), ""),
    ("a length", Self.created("password: $env:SHORT"), ""),
    (
      "a variable without a value", Self.created("password: $env:UNSET", "token: s3cr3t-t"), ""
    ),
    (
      "two rows of one key",
      """
      x:
          action: upsert
          entity: account
          key: [token]
          rows:
            - { login: x, password: s3cr3t-x, token: s3cr3t-t }
            - { login: y, password: s3cr3t-x, token: s3cr3t-t }
      """, ""
    ),
  ]

  @Test(arguments: refusals, ["", " --format json"])
  func `no secret is in an error`(
    refusal: (name: String, operation: String, tables: String), options: String
  ) throws {
    let project = try project("  " + refusal.operation)
    defer { project.remove() }
    try project.write(refusal.tables, to: "../tables.sql")
    #expect(try project.run("sqlite3 shop.db < ../tables.sql").code == 0)
    let command = "SHORT=s3 sow apply --yes --report report.json\(options)"
    let output = try project.run("\(Self.environment)\(command) \(Self.arguments)")
    #expect(output.code == 1 || output.code == 3, "\(output.out)\(output.errors)")
    for (what, text) in try traces(output, project) {
      #expect(!text.contains(Self.mark), "\(refusal.name), \(what)\n\(text)")
    }
  }

  @Test func `a password in a database URL is not said`() throws {
    let project = try project("  x: { action: read, entity: account, ids: [1] }")
    defer { project.remove() }
    for url in ["postgres://ann:s3cr3t-url@localhost/shop", "mysql://ann:s3cr3t-url@h/x"] {
      let output = try project.run("sow plan --database '\(url)' \(Self.arguments)")
      #expect(output.code != 0)
      #expect(!(output.out + output.errors).contains(Self.mark), "\(output.errors)")
    }
  }
}
