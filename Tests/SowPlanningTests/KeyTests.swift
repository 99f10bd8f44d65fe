import SowModel
import SowPlanning
import Testing

struct KeyTests {
  static let tables = """
    CREATE TABLE country (country_id INTEGER PRIMARY KEY AUTOINCREMENT, code TEXT UNIQUE,
      name TEXT, region TEXT);
    CREATE TABLE bare (name TEXT);
    CREATE TABLE text_key (code TEXT PRIMARY KEY, name TEXT);
    CREATE TABLE pair (a INTEGER, b INTEGER, n TEXT, PRIMARY KEY (a, b));
    """

  static let mistakes: [(String, [String], hint: String?)] = [
    ("action: create, entity: bare, values: { name: x }", ["no-primary-key @ bare"], nil),
    (
      "action: create, entity: text_key, values: { name: x }", ["no-primary-key @ text_key"],
      #"write "code", or let the schema generate it"#
    ),
    ("action: create, entity: pair, values: { a: 1 }", ["no-primary-key @ pair"], nil),
    (
      "action: upsert, entity: country, key: [name], values: { name: x }",
      ["key-not-unique @ name"],
      "unique are (country_id), (code)"
    ),
    (
      "action: upsert, entity: country, key: [code, name], values: { code: x, name: x }",
      ["key-not-unique @ code"], nil
    ),
    ("action: upsert, entity: country, values: { name: x }", ["upsert-without-key @ upsert"], nil),
    (
      "action: upsert, entity: country, key: [cod], values: { code: x }", ["unknown-field @ cod"],
      "did you mean code"
    ),
    (
      "action: upsert, entity: country, key: [code], values: { name: x }",
      ["key-not-written @ code"], nil
    ),
    ("action: upsert, entity: country, values: { code: ~ }", ["null-key @ ~"], nil),
    ("action: upsert, entity: country, rows: [{ code: a }, { code: ~ }]", ["null-key @ ~"], nil),
    ("action: sync, entity: country, rows: [{ name: x }]", ["upsert-without-key @ sync"], nil),
    ("action: sync, entity: country, rows: [{ code: a }, { code: ~ }]", ["null-key @ ~"], nil),
    ("action: read, entity: pair, ids: [1]", ["ids-need-one-key @ [1]"], nil),
    (
      "action: update, entity: country, key: [code], where: { code: a }, values: { name: x }",
      ["action-refuses @ code"], nil
    ),
    (
      "action: create, entity: country, rows: [{ code: a }, { code: b }, { code: a }, { code: a }]",
      ["duplicate-instance @ { code: a }", "duplicate-instance @ { code: a }"], nil
    ),
    (
      "action: create, entity: country, rows: [{ name: a }, { name: a }]", ["content-key @ op"],
      #"add "key" with the fields that identify a row"#
    ),
    (
      "action: create, entity: country, for_each: { items: [{ c: ~ }], key: c }, values: { name: x }",
      ["element-without-key @ { c: ~ }"], nil
    ),
  ]

  @Test(arguments: [
    (
      "action: create, entity: country, values: { code: a }, on_match: keep",
      "action-refuses @ keep"
    ),
    ("action: read, entity: country, ids: [1], on_match: update", "action-refuses @ update"),
    (
      "action: read, entity: country, ids: [1], lifecycle: { ignore: [name] }",
      "action-refuses @ { ignore: [name] }"
    ),
    (
      "action: delete, entity: country, ids: [1], lifecycle: { replace: true }",
      "action-refuses @ { replace: true }"
    ),
    (
      "action: create, entity: country, values: { code: a }, lifecycle: { ignore: [nam] }",
      "unknown-field @ nam"
    ),
    (
      "action: create, entity: country, values: { code: a }, lifecycle: { ignore: [name] }",
      "ignored-not-written @ name"
    ),
  ])
  func `on_match and lifecycle where they have no meaning`(
    _ operation: String, _ expected: String
  ) throws {
    let findings = try CheckBench(Self.tables).check("operations:\n  op: { \(operation) }\n")
    #expect(findings.map(\.description) == [expected])
  }

  @Test(arguments: mistakes)
  func `keys that cannot find a row`(
    _ operation: String, _ expected: [String], _ hint: String?
  ) throws {
    let findings = try CheckBench(Self.tables).check("operations:\n  op: { \(operation) }\n")
    #expect(findings.map(\.description) == expected)
    if let hint { #expect(findings.first?.hint == hint) }
  }

  @Test(arguments: [
    "action: create, entity: text_key, values: { code: a, name: x }",
    "action: create, entity: pair, values: { a: 1, b: 2 }",
    "action: upsert, entity: pair, values: { a: 1, b: 2, n: x }",
    "action: upsert, entity: country, key: [country_id], values: { country_id: 3, name: x }",
    "action: upsert, entity: country, values: { country_id: 3, name: x }",
    "action: upsert, entity: country, values: { code: VN }",
    "action: create, entity: country, values: { name: x }",
  ])
  func `keys that find a row`(_ operation: String) throws {
    let findings = try CheckBench(Self.tables).check("operations:\n  op: { \(operation) }\n")
    #expect(findings.isEmpty, "\(findings)")
  }

  @Test func `the key is the operation's own, else the first unique one, else the primary one`()
    throws
  {
    let bench = try CheckBench(
      """
      CREATE TABLE seat (seat_id INTEGER PRIMARY KEY, code TEXT UNIQUE, label TEXT UNIQUE, n INTEGER)
      """,
      schemas: [
        "seat": """
        type: object
        properties:
          seat_id: { type: integer }
          code: { type: [string, "null"] }
          label: { type: [string, "null"] }
          n: { type: [integer, "null"] }
        x-sow: { unique: [[label], [code]] }
        """
      ])
    let text = """
      operations:
        own: { action: upsert, entity: seat, key: [code], rows: [{ seat_id: 1, code: 01, label: x }] }
        first: { action: upsert, entity: seat, rows: [{ seat_id: 2, code: b, label: 1.10 }] }
        primary: { action: upsert, entity: seat, rows: [{ seat_id: +3, n: 1 }] }
        null_part:
          action: create
          entity: seat
          rows: [{ label: z }, { label: ~, n: 5 }, { label: ~, n: 5 }]
      """
    let keys = try bench.proof(text).instances.map(\.key)
    // As written, whatever the type of the field makes of it.
    #expect(keys.prefix(4) == [#""01""#, #""1.10""#, #""+3""#, #""z""#])
    #expect(keys[4].hasPrefix("\"#") && keys[5] == keys[4].dropLast() + "-2\"")
  }

  @Test func `every repeated key names the first row`() throws {
    let text = """
      operations:
        op:
          action: create
          entity: country
          rows:
            - { code: a, name: first }
            - { code: a, name: second }
            - { code: a, name: third }
      """
    let findings = try CheckBench(Self.tables).check(text)
    #expect(findings.map(\.place) == ["{ code: a, name: second }", "{ code: a, name: third }"])
    #expect(findings.allSatisfy { $0.related == ["{ code: a, name: first }"] })
  }

  @Test func `rows without a key are known by their content, counted where it repeats`() throws {
    let text = """
      operations:
        op: { action: create, entity: country, rows: [{ name: a }, { name: b }, { name: a }] }
      """
    let bench = try CheckBench(Self.tables)
    let keys = try bench.proof(text).instances.map(\.key)
    #expect(keys.allSatisfy { $0.hasPrefix("\"#") })
    #expect(keys[2] == keys[0].dropLast() + "-2\"")
    #expect(keys[0] != keys[1])
    // The address of a row for ever: it must never change.
    #expect(keys[0] == "\"#4ef22fc810472362\"")
  }

  @Test func `the key of a unique field without an index is refused offline, too`() throws {
    let bench = try CheckBench(schemas: [
      "country": """
      type: object
      properties:
        country_id: { type: integer }
        code: { type: string }
        name: { type: string }
      x-sow: { unique: [[code]] }
      """
    ])
    let findings = try bench.check(
      """
      operations:
        good: { action: upsert, entity: country, values: { code: VN, name: x } }
        bad: { action: upsert, entity: country, key: [name], values: { code: VN, name: x } }
      """)
    #expect(findings.map(\.description) == ["key-not-unique @ name"])
  }

  @Test(arguments: [("integer", []), ("string", ["no-primary-key @ seat"])])
  func `offline an integer that is the primary key counts itself up, a text does not`(
    type: String, expected: [String]
  ) throws {
    let bench = try CheckBench(schemas: [
      "seat": """
      type: object
      properties:
        code: { type: \(type) }
        name: { type: string }
      x-sow: { primary_key: code }
      """
    ])
    let findings = try bench.check(
      "operations: { op: { action: create, entity: seat, values: { name: x } } }")
    #expect(findings.map(\.description) == expected)
  }

  // MARK: Sensitive keys

  static let person = [
    "person": """
    type: object
    properties:
      person_id: { type: integer, readOnly: true }
      email: { type: string }
      name: { type: string }
      boss: { type: [integer, "null"] }
    required: [email]
    x-sow: { primary_key: person_id, unique: [[email]], sensitive: { email: PHI } }
    """
  ]
  static let people = """
    CREATE TABLE person (person_id INTEGER PRIMARY KEY AUTOINCREMENT, email TEXT NOT NULL UNIQUE,
      name TEXT, boss INTEGER);
    """

  @Test(arguments: [
    "rows: [{ email: ann@x }]",
    "for_each: { items: [{ mail: ann@x }], key: mail }, values: { email: $each:mail }",
    "for_each: [ann@x], values: { email: $each:value }",
    "for_each: { \"ann@x\": {} }, values: { email: \"${each:key}\" }",
    "for_each: { items: [{ mail: ann@x }], key: mail }, values: { email: \"a ${each:mail}\" }",
  ])
  func `a sensitive key is hidden in the address, and found by its value`(_ rows: String) throws {
    let bench = try CheckBench(Self.people, schemas: Self.person)
    let text = """
      operations:
        people: { action: create, entity: person, \(rows) }
        other: { action: create, entity: person, values: { email: bob@x, boss: '$ref:people["ann@x"].person_id' } }
      """
    let plan = try bench.proof(text)
    let key = plan.instances[0].key
    #expect(key.hasPrefix("\"~") && key.utf8.count == 19 && !key.contains("ann"))
  }

  @Test func `a sensitive field may not be in the primary key`() throws {
    let bench = try CheckBench(
      "CREATE TABLE guest (email TEXT PRIMARY KEY, name TEXT)",
      schemas: [
        "guest": """
        type: object
        properties: { email: { type: string }, name: { type: [string, "null"] } }
        required: [email]
        x-sow: { primary_key: email, sensitive: { email: PHI } }
        """
      ])
    let findings = try bench.check(
      "operations: { a: { action: create, entity: guest, values: { email: a@x } } }\n")
    #expect(findings.map(\.code) == ["sensitive-key"])
  }

  @Test func `a file whose column feeds a sensitive field hides its key`() throws {
    let bench = try CheckBench(
      Self.people, schemas: Self.person, files: ["p.csv": "mail,up\nann@x,bob@x\nbob@x,\n"])
    let text = """
      operations:
        people:
          action: create
          entity: person
          for_each: { file: p.csv, key: mail }
          values: { email: $each:mail, boss: "$ref:people[$each:up].person_id" }
      """
    let keys = try bench.proof(text).instances.map(\.key)
    #expect(keys.count == 2)
    #expect(keys.allSatisfy { $0.hasPrefix("\"~") && $0.utf8.count == 19 })
  }
}
