import Foundation
import SowTestSupport
import Testing

/// Tables that are partitioned over two servers by `postgres_fdw`, seen through a third one.
struct ForeignServerTests {
  @Test func `a table over two servers is seeded, planned again and changed like any other`() throws
  {
    let scene = try ForeignScene()
    defer { scene.remove() }
    let first = try scene.run("sow plan --detailed-exitcode", 2)
    #expect(first.out.contains("Plan: 7 to create"), "\(first.out)")
    try scene.run("sow apply --yes", 0)
    #expect(try scene.rows(in: .north) == ["AN An", "CUC Cúc", "EM Em"])
    #expect(try scene.rows(in: .south) == ["BINH Bình", "DAO Đào"])
    #expect(
      try scene.front("SELECT visit_id, note FROM visit ORDER BY 1") == ["1|first", "2|second"])
    try scene.run("sow plan --detailed-exitcode", 0)
    try scene.run("sow lock check", 0)

    try scene.edit { $0.replacing("name: An,", with: "name: Ân,") }
    let changed = try scene.run("sow plan --detailed-exitcode", 2)
    #expect(changed.out.contains("\"An\" → \"Ân\""), "\(changed.out)")
    #expect(changed.out.contains("Plan: 1 to update, 6 unchanged."), "\(changed.out)")
    try scene.run("sow apply --yes", 0)
    #expect(try scene.rows(in: .north) == ["AN Ân", "CUC Cúc", "EM Em"])

    try scene.edit { $0.replacing("      - { code: DAO, name: Đào, region: south }\n", with: "") }
    let deleted = try scene.run("sow apply --yes", 0)
    #expect(deleted.out.contains("1 deleted"), "\(deleted.out)")
    #expect(try scene.rows(in: .south) == ["BINH Bình"])
    try scene.run("sow plan --detailed-exitcode", 0)
    try scene.run("sow lock check", 0)
  }

  @Test func `drift on one of the servers is seen, and set back`() throws {
    let scene = try ForeignScene()
    defer { scene.remove() }
    try scene.run("sow apply --yes", 0)
    try scene.run("UPDATE customer SET name = 'X' WHERE code = 'BINH'", in: .south)
    try scene.run("DELETE FROM customer WHERE code = 'CUC'", in: .north)
    let drift = try scene.run("sow drift --detailed-exitcode", 2)
    #expect(drift.out.contains("binh") && drift.out.contains("CUC"), "\(drift.out)")
    try scene.run("sow apply --yes", 0)
    #expect(try scene.rows(in: .north) == ["AN An", "CUC Cúc", "EM Em"])
    #expect(try scene.rows(in: .south) == ["BINH Bình", "DAO Đào"])
    try scene.run("sow plan --detailed-exitcode", 0)
  }

  @Test func `a row goes to another server only as another row`() throws {
    let scene = try ForeignScene()
    defer { scene.remove() }
    try scene.run("sow apply --yes", 0)
    try scene.edit { $0.replacing("name: Bình, region: south", with: "name: Bình, region: north") }
    let refused = try scene.run("sow plan", 3)
    #expect(refused.errors.contains("error[immutable-field]"), "\(refused.errors)")
    #expect(refused.errors.contains("lifecycle"), "\(refused.errors)")
    try scene.edit { text in
      text.replacing("binh:\n", with: "binh:\n    lifecycle: { replace: true }\n")
    }
    try scene.run("sow apply --yes", 0)
    #expect(try scene.rows(in: .north) == ["AN An", "BINH Bình", "CUC Cúc", "EM Em"])
    #expect(try scene.rows(in: .south) == ["DAO Đào"])
    try scene.run("sow plan --detailed-exitcode", 0)
  }

  @Test func `the plan says that no index holds the keys`() throws {
    let scene = try ForeignScene()
    defer { scene.remove() }
    let text = try scene.run("sow plan", 0)
    #expect(text.errors.contains("warning[key-not-held]"), "\(text.errors)")
    #expect(
      text.errors.contains(#"no index holds (customer_id), (code) of "customer" unique"#),
      "\(text.errors)")
    let json = try scene.run("sow plan -f json", 0)
    #expect(json.out.contains(#""code": "key-not-held""#), "\(json.out)")
    let vietnamese = try scene.run("sow plan --language vi", 0)
    #expect(vietnamese.errors.contains("không chỉ mục nào giữ"), "\(vietnamese.errors)")
    let check = try scene.run("sow schema check", 0)
    #expect(check.out.contains("no difference"), "\(check.out)")
  }

  @Test func `a key that is there twice is an error, whoever wrote it`() throws {
    let scene = try ForeignScene()
    defer { scene.remove() }
    try scene.run("sow apply --yes", 0)
    // Each server holds it once, so that no index of theirs would see it.
    try scene.run(
      "INSERT INTO customer VALUES (gen_random_uuid(), 'CUC', 'Other', 'south')", in: .south)
    try scene.write(
      "more", "{ action: upsert, key: [code], rows: [{ code: CUC, name: Cúc, region: north }] }")
    let read = try scene.run("sow plan plans/more.yaml", 1)
    #expect(read.errors.contains(#"two rows of customer have the same "#), "\(read.errors)")

    let id = try scene.front("SELECT customer_id FROM customer WHERE code = 'BINH'")[0]
    try scene.run(
      "INSERT INTO customer VALUES ('\(id)', 'TWIN', 'Other', 'north')", in: .north)
    let owned = try scene.run("sow plan plans/shop.yaml", 1)
    #expect(
      owned.errors.contains(#"two rows of customer have the same "customer_id""#),
      "\(owned.errors)")
  }

  @Test func `a key that a run would write twice fails alone, as with an index`() throws {
    let scene = try ForeignScene()
    defer { scene.remove() }
    try scene.run(
      """
      INSERT INTO visit VALUES (7, 'there', 'north')
      """, in: .north)
    try scene.project.write(
      """
      options: { atomic: false, on_error: continue }
      operations:
        visits:
          action: create
          entity: visit
          key: [note]
          rows:
            - { visit_id: 6, note: six, region: south }
            - { visit_id: 7, note: seven, region: south }
            - { visit_id: 8, note: eight, region: south }
      """, to: "plans/shop.yaml")
    try scene.project.write(
      ForeignScene.visits.replacing(", readOnly: true", with: ""), to: "schemas/visit.yaml")
    let applied = try scene.run("sow apply --yes", 4)
    #expect(
      applied.errors.contains(#"visits["seven"] takes the visit_id of row 7 of "visit""#),
      "\(applied.errors)")
    #expect(try scene.front("SELECT visit_id FROM visit ORDER BY 1") == ["6", "7", "8"])
  }

  @Test func `what one of the servers refuses leaves nothing on the other`() throws {
    let scene = try ForeignScene()
    defer { scene.remove() }
    try scene.run("ALTER TABLE customer ADD CHECK (name <> 'Đào')", in: .south)
    let refused = try scene.run("sow apply --yes", 1)
    #expect(refused.errors.contains("customers[\"DAO\"]") || refused.out.contains("DAO"))
    #expect(try scene.rows(in: .north) == [])
    #expect(try scene.rows(in: .south) == [])
    #expect(try scene.front("SELECT count(*) FROM pg_tables WHERE tablename LIKE 'sow%'") == ["0"])
  }

  @Test func `without a declared key rows cannot be written`() throws {
    let scene = try ForeignScene()
    defer { scene.remove() }
    try scene.project.write(
      ForeignScene.visits.replacing("primary_key: visit_id", with: "table: visit"),
      to: "schemas/visit.yaml")
    let refused = try scene.run("sow plan", 3)
    #expect(refused.errors.contains("error[no-primary-key]"), "\(refused.errors)")
    #expect(refused.errors.contains("x-sow.primary_key"), "\(refused.errors)")
  }

  @Test func `rows of both servers are exported`() throws {
    let scene = try ForeignScene()
    defer { scene.remove() }
    try scene.run("sow apply --yes", 0)
    let export = try scene.run("sow export --entity customer", 0)
    for code in ["AN", "BINH", "CUC", "DAO", "EM"] {
      #expect(export.out.contains("code: \(code)"), "\(export.out)")
    }
  }
}

/// A project whose two tables lie on two servers.
private struct ForeignScene {
  enum Side: String, CaseIterable { case north, south }

  let project: TemporaryProject
  private let server: PostgresServer
  private let url: String
  private let sides: [Side: (server: PostgresServer, url: String)]

  /// The two servers, started when they are first asked for.
  private static let servers = Result {
    [Side.north: try PostgresServer(), .south: try PostgresServer()]
  }

  init() throws {
    server = try PostgresServer.shared()
    url = try server.makeDatabase()
    sides = try Self.servers.get().mapValues { ($0, try $0.makeDatabase()) }
    project = try TemporaryProject()
    try server.run(
      """
      CREATE EXTENSION postgres_fdw;
      CREATE TABLE customer (\(Self.customer)) PARTITION BY LIST (region);
      CREATE SEQUENCE visit_number;
      CREATE TABLE visit (\(Self.visit)) PARTITION BY LIST (region);
      ALTER TABLE visit ALTER visit_id SET DEFAULT nextval('visit_number');
      """, on: url)
    for (side, place) in sides {
      try place.server.run(
        "CREATE TABLE customer (\(Self.customer)); CREATE TABLE visit (\(Self.visit))",
        on: place.url)
      try server.run(
        """
        CREATE SERVER \(side) FOREIGN DATA WRAPPER postgres_fdw
          OPTIONS (host '\(place.server.socket)', dbname '\(PostgresServer.name(in: place.url))');
        CREATE USER MAPPING FOR sow SERVER \(side) OPTIONS (user 'sow');
        CREATE FOREIGN TABLE customer_\(side) PARTITION OF customer FOR VALUES IN ('\(side)')
          SERVER \(side) OPTIONS (table_name 'customer');
        CREATE FOREIGN TABLE visit_\(side) PARTITION OF visit FOR VALUES IN ('\(side)')
          SERVER \(side) OPTIONS (table_name 'visit');
        """, on: url)
    }
    try project.write("environments: { local: { database: \"\(url)\" } }\n", to: "sow.yaml")
    try project.write(Self.customers, to: "schemas/customer.yaml")
    try project.write(Self.visits, to: "schemas/visit.yaml")
    try project.write(Self.plan, to: "plans/shop.yaml")
  }

  func remove() { project.remove() }

  @discardableResult
  func run(_ command: String, _ code: Int32) throws -> TemporaryProject.Output {
    let output = try project.run(command)
    #expect(output.code == code, "\(command): \(output.out)\(output.errors)")
    return output
  }

  func run(_ sql: String, in side: Side) throws {
    let place = try #require(sides[side])
    try place.server.run(sql, on: place.url)
  }

  /// The customers that a server holds.
  func rows(in side: Side) throws -> [String] {
    let place = try #require(sides[side])
    return Self.lines(
      try place.server.run("SELECT code || ' ' || name FROM customer ORDER BY 1", on: place.url))
  }

  /// What the server says that sow talks to.
  func front(_ sql: String) throws -> [String] { Self.lines(try server.run(sql, on: url)) }

  private static func lines(_ text: String) -> [String] {
    text.split(separator: "\n").map(String.init)
  }

  func edit(_ change: (String) -> String) throws {
    let bytes = try #require(project.read("plans/shop.yaml"))
    let text = String(decoding: bytes, as: UTF8.self)
    let changed = change(text)
    try #require(changed != text)
    try project.write(changed, to: "plans/shop.yaml")
  }

  /// Another plan of one operation on customers.
  func write(_ plan: String, _ operation: String) throws {
    try project.write(
      "operations:\n  \(plan): \(operation.replacing("{ action", with: "{ entity: customer, action"))\n",
      to: "plans/\(plan).yaml")
  }

  private static let customer = """
    customer_id uuid NOT NULL, code text NOT NULL, name text NOT NULL, region text NOT NULL
    """
  private static let visit = "visit_id bigint NOT NULL, note text NOT NULL, region text NOT NULL"

  private static let customers = """
    type: object
    properties:
      customer_id: { type: string, format: uuid, readOnly: true }
      code: { type: string }
      name: { type: string }
      region: { enum: [north, south] }
    required: [code, name, region]
    x-sow: { primary_key: customer_id, generated: { customer_id: uuid }, unique: [[code]] }
    """

  static let visits = """
    type: object
    properties:
      visit_id: { type: integer, readOnly: true }
      note: { type: string }
      region: { type: string }
    required: [note, region]
    x-sow: { primary_key: visit_id }
    """

  private static let plan = """
    operations:
      an:
        action: create
        entity: customer
        values: { code: AN, name: An, region: north }
      binh:
        action: create
        entity: customer
        values: { code: BINH, name: Bình, region: south }
      customers:
        action: sync
        entity: customer
        key: [code]
        rows:
          - { code: CUC, name: Cúc, region: north }
          - { code: DAO, name: Đào, region: south }
          - { code: EM, name: Em, region: north }
      first: { action: create, entity: visit, values: { note: first, region: north } }
      second: { action: create, entity: visit, values: { note: second, region: south } }

    """
}
