import SowModel
import SowPlanning
import Testing

struct SchemaTests {
  static let person = """
    type: object
    properties:
      person_id: { type: integer, readOnly: true }
      name: { type: string, maxLength: 8 }
      kind: { enum: [faculty, resident] }
      level: { type: [integer, "null"], minimum: 1, maximum: 3 }
      active: { type: boolean, default: false }
    required: [name, kind]
    if: { properties: { kind: { const: resident } } }
    then: { required: [level] }
    x-sow:
      primary_key: person_id
      unique: [[name]]
      immutable: [kind]
      trim: [name]
      limits: { rows: [1, 2], ids: [1, 2] }
    """

  @Test func `ten mistakes of one file are said at once, each at its place`() throws {
    let text = """
      operations:
        a: { action: create, entity: person, values: { name: A, kind: facultee } }
        b: { action: create, entity: person, values: { name: far too long, kind: faculty } }
        c: { action: create, entity: person, values: { name: C, kind: resident } }
        d: { action: create, entity: person, values: { kind: faculty, levle: 2 } }
        e: { action: create, entity: person, values: { name: E, kind: faculty, level: two } }
        f: { action: create, entity: person, values: { name: F, kind: faculty, active: yes } }
        g: { action: create, entity: person, values: { person_id: 1, name: G, kind: faculty } }
        h: { action: update, entity: person, where: { name: A }, values: { kind: resident } }
        i: { action: create, entity: person, values: { name: ~, kind: faculty } }
        j: { action: delete, entity: person, ids: [1, 2, 3] }
        k: { action: create, entity: person, rows: [{ name: 1, kind: faculty }, { name: 2, kind: faculty }, { name: 3, kind: faculty }] }
      """
    let findings = try CheckBench(schemas: ["person": Self.person]).check(text)
    #expect(
      findings.map(\.description) == [
        "schema-enum @ facultee", "schema-max-length @ far too long", "schema-required @ c",
        "schema-required @ d", "unknown-field @ levle", "value-type @ two", "value-type @ yes",
        "generated-field @ person_id", "immutable-field @ kind", "null-refused @ ~",
        "entity-limit @ [1, 2, 3]", "entity-limit @ k",
      ])
    #expect(findings[0].hint == "did you mean faculty")
    #expect(findings[4].hint == "did you mean level")
    #expect(findings[6].hint == "did you mean true")
  }

  @Test func `text is trimmed before it is checked`() throws {
    let text = """
      operations:
        a: { action: create, entity: person, values: { name: "  Luís Ng   ", kind: faculty } }
      """
    let bench = try CheckBench("", schemas: ["person": Self.person])
    bench.createsTables = true
    let plan = try bench.proof(text)
    let name = plan.cells.first
    if case .value(.text("Luís Ng"))? = name {} else { Issue.record("\(String(describing: name))") }
  }

  @Test func `where each row fails alone, a wrong row is no mistake of the plan`() throws {
    let rows = """
      operations:
        a:
          action: create
          entity: person
          rows: [{ name: A, kind: faculty, level: two }, { name: B, kind: nothing }]
      """
    let bench = try CheckBench("", schemas: ["person": Self.person])
    bench.createsTables = true
    let lenient = "options: { atomic: false, on_error: continue }\n" + rows
    #expect(
      try bench.proof(lenient).invalid.mapValues(\.code.id) == [0: "value-type", 1: "schema-enum"])
    #expect(try bench.check(rows).map(\.code) == ["value-type", "schema-enum"])
    let structural = lenient.replacing("level:", with: "levle:")
    #expect(try bench.check(structural).map(\.code) == ["unknown-field"])
    #expect(try bench.validate(lenient).map(\.code) == ["value-type", "schema-enum"])
  }

  // MARK: Against the live table

  static let contradictions: [(column: String, property: String, [String])] = [
    ("age INTEGER", "age: { type: string }", ["column-type"]),
    ("age TEXT", "age: { type: integer }", ["column-type"]),
    ("age TEXT", "age: { type: boolean }", ["column-type"]),
    ("age JSON", "age: { type: number }", ["column-type"]),
    ("age DECIMAL(10,2)", "age: { type: string, format: date }", ["column-type"]),
    ("age INTEGER", "age: { type: boolean }", []),
    ("age BOOLEAN", "age: { type: boolean }", []),
    ("age TEXT", "age: { type: string, format: date-time }", []),
    ("age TEXT", "age: { type: string, format: uuid }", []),
    ("age TEXT", "age: { type: object }", []),
    ("age TEXT", "age: { type: number }", []),
    ("age DATE", "age: { type: string }", []),
    ("age VARCHAR(3)", "age: { type: string }", []),
    ("age INTEGER NOT NULL", "age: { type: integer }", ["column-not-required"]),
    ("age INTEGER NOT NULL DEFAULT 1", "age: { type: integer }", []),
    ("age INTEGER NOT NULL", "age: { type: integer, default: 1 }", []),
    ("age INTEGER, other TEXT NOT NULL", "age: { type: integer }", ["column-not-required"]),
    ("ago INTEGER", "age: { type: integer }", ["missing-column"]),
    ("age INTEGER", "age: { type: integer }\nx-sow: { unique: [[age]] }", ["missing-unique-index"]),
    ("age INTEGER UNIQUE", "age: { type: integer }\nx-sow: { unique: [[age]] }", []),
    (
      "age INTEGER", "age: { type: integer }\nx-sow: { references: { age: t.id } }",
      ["missing-foreign-key"]
    ),
    (
      "age INTEGER REFERENCES t", "age: { type: integer }\nx-sow: { references: { age: t.id } }", []
    ),
    (
      "age INTEGER", "age: { type: integer }\nx-sow: { immutable: [agee] }",
      ["schema-unknown-field"]
    ),
  ]

  @Test(arguments: contradictions)
  func `a schema and the live table are held against each other`(
    _ column: String, _ property: String, _ expected: [String]
  ) throws {
    let bench = try CheckBench(
      "CREATE TABLE t (id INTEGER PRIMARY KEY, \(column))",
      schemas: ["t": "type: object\nproperties:\n  id: { type: integer }\n  \(property)\n"])
    let findings = try bench.check(
      "operations:\n  r: { action: read, entity: t, where: { id: 1 } }\n")
    #expect(findings.map(\.code) == expected, "\(findings.map(\.message))")
  }

  // MARK: Numbers

  static let numbers: [(String, String, Bool)] = [
    ("DECIMAL(20,6)", "3.98", true), ("DECIMAL(20,6)", "123456789.123456", true),
    ("DECIMAL(20,6)", "1234567890.123456", false), ("DECIMAL(20,6)", "9007199254740993", true),
    ("DECIMAL(20,6)", "9223372036854775808", false), ("DECIMAL(20,6)", "1e-320", false),
    ("DOUBLE", "0.1", true), ("TEXT", "1234567890.12345678901", true),
  ]

  @Test(arguments: numbers)
  func `a decimal that the column would alter is refused`(
    _ type: String, _ number: String, _ isKept: Bool
  ) throws {
    let schemas = [
      "t": "type: object\nproperties: { id: { type: integer }, n: { type: number } }\n"
    ]
    let bench = try CheckBench(
      "CREATE TABLE t (id INTEGER PRIMARY KEY, n \(type))", schemas: schemas,
      files: ["t.csv": "id,n\n1,\(number)\n"])
    let expected = isKept ? [] : ["inexact-number"]
    let plain = "operations:\n  a: { action: create, entity: t, values: { n: \(number) } }\n"
    #expect(try bench.check(plain).map(\.code) == expected)
    let file = "operations:\n  a: { action: create, entity: t, rows: { file: t.csv } }\n"
    #expect(try bench.validate(file).map(\.code) == expected)
  }

  @Test func `a table that sow will make keeps the same numbers`() throws {
    let bench = try CheckBench(
      "",
      schemas: ["t": "type: object\nproperties: { id: { type: integer }, n: { type: number } }\n"])
    bench.createsTables = true
    let findings = try bench.check(
      "operations:\n  a: { action: create, entity: t, values: { n: 1234567890.123456789 } }\n")
    #expect(findings.map(\.description) == ["inexact-number @ 1234567890.123456789"])
  }

  // MARK: Variables and files

  @Test func `variables are checked by their type, and never hold an unset environment`() throws {
    let text = """
      variables:
        number: { type: integer, default: many }
        missing: { type: string }
        secret: { type: string }
      operations:
        a: { action: read, entity: t, where: { id: 1 } }
      """
    let bench = try CheckBench("CREATE TABLE t (id INTEGER PRIMARY KEY)")
    let place = SourceRange(
      file: FileID(index: 0), start: SourcePosition(line: 1, column: 1),
      end: SourcePosition(line: 1, column: 1))
    bench.variables = ["secret": Node(.scalar(Scalar("$env:TOKEN")), at: place)]
    let findings = try bench.check(text)
    #expect(
      findings.map(\.description) == [
        "variable-type @ number", "variable-unset @ missing", "environment-unset @ secret",
      ])
    bench.environment = ["TOKEN": "s3cret"]
    #expect(try bench.check(text).map(\.code) == ["variable-type", "variable-unset"])
  }

  @Test func `rows of files are read even where other operations are wrong`() throws {
    let bench = try CheckBench(
      schemas: ["person": Self.person],
      files: ["p.csv": "name,kind,level\nB,nothing,\nC,resident,9\n"])
    let text = """
      operations:
        wrong: { action: create, entity: person, values: { nam: A } }
        file: { action: create, entity: person, for_each: { file: p.csv, key: name }, values: { name: $each:name, kind: $each:kind, level: $each:level } }
        title: { action: create, entity: person, for_each: { file: p.csv, key: name }, values: { name: $each:nmae, kind: $each:kind } }
      """
    let codes = try bench.validate(text).map(\.code)
    #expect(codes.filter { $0 == "unknown-each" }.count == 1)
    #expect(codes.contains("schema-enum") && codes.contains("schema-maximum"))
    #expect(codes.contains("unknown-field"))
  }

  @Test(arguments: [
    "rows: [{ n: a }, { n: b }, { n: c }]", "rows: { file: t.csv }",
    "for_each: { a: {}, b: {}, c: {} }, values: { n: $each:key }",
    "for_each: { file: t.csv, key: n }, values: { n: $each:n }",
  ])
  func `more rows than the limit are refused, wherever they stand`(_ rows: String) throws {
    let bench = try CheckBench(
      "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, n TEXT UNIQUE)",
      files: ["t.csv": "n\na\nb\nc\n"])
    let text = "operations:\n  a: { action: create, entity: t, key: [n], \(rows) }\n"
      .replacing("key: [n], for_each", with: "for_each")
    bench.limits.rows = 3
    #expect(try bench.validate(text).isEmpty)
    bench.limits.rows = 2
    #expect(try bench.validate(text).map(\.code) == ["too-many-instances"])
  }

  @Test(arguments: [
    ("a: { action: create, entity: nothing, values: { n: x } }", "unknown-entity"),
    ("a: { action: create, entity: t, values: { m: x } }", "unknown-field"),
    ("a: { action: create, entity: t, values: { n: $ref:b.n } }", "unknown-operation"),
    ("a: { action: create, entity: t, values: { n: x }, depends_on: [a] }", "cycle"),
    ("a: { action: read, entity: t, where: { m: 1 } }", "unknown-field"),
  ])
  func `a mistake of structure stops the plan in every mode`(
    _ operation: String, _ code: String
  ) throws {
    let bench = try CheckBench("CREATE TABLE t (id INTEGER PRIMARY KEY, n TEXT)")
    for atomic in [true, false] {
      for onError in ["stop", "continue"] {
        let text =
          "options: { atomic: \(atomic), on_error: \(onError) }\noperations:\n  \(operation)\n"
        #expect(try bench.check(text).map(\.code) == [code])
        #expect(throws: BenchFailure.self) { try bench.proof(text) }
      }
    }
  }

  @Test func `a column that is missing is told once, with the statement that makes it`() throws {
    let schema = """
      type: object
      properties:
        id: { type: integer, readOnly: true }
        label: { type: string }
        price: { type: number, default: 1 }
      required: [label]
      x-sow: { primary_key: id }
      """
    let bench = try CheckBench("CREATE TABLE t (id INTEGER PRIMARY KEY)", schemas: ["t": schema])
    bench.createsTables = true
    let findings = try bench.check(
      "operations: { a: { action: create, entity: t, values: { label: x, price: 2 } } }\n")
    #expect(findings.map(\.code) == ["missing-column"])
    #expect(findings.first?.hint == "ALTER TABLE t ADD COLUMN label TEXT NOT NULL DEFAULT …")
    let optional = try CheckBench(
      "CREATE TABLE t (id INTEGER PRIMARY KEY)",
      schemas: [
        "t": schema.replacing("required: [label]\n", with: "").replacing(
          "label: { type: string }", with: "label: { type: [string, \"null\"] }")
      ])
    optional.createsTables = true
    #expect(
      try optional.check(
        "operations: { a: { action: create, entity: t, values: { label: x, price: 2 } } }\n"
      ).isEmpty)
  }

  @Test func `an update may run over the rows of a file`() throws {
    let bench = try CheckBench(
      "CREATE TABLE t (id INTEGER PRIMARY KEY, n TEXT)", files: ["t.csv": "id,n\n1,a\n2,b\n"])
    let plan = try bench.proof(
      """
      operations:
        a:
          action: update
          entity: t
          for_each: { file: t.csv, key: id }
          where: { id: $each:id }
          values: { n: $each:n }
      """)
    #expect(plan.instances.map(\.key) == [#""1""#, #""2""#])
  }

  @Test(arguments: [
    ("action: update, entity: t, where: { id: 1 }", "action-needs @ update"),
    ("action: update, entity: t, values: { n: x }", "action-needs @ update"),
    ("action: delete, entity: t", "action-needs @ delete"),
    ("action: read, entity: t", "action-needs @ read"),
    ("action: create, entity: t", "action-needs @ create"),
    ("action: create, entity: t, values: { n: x }, where: { id: 1 }", "action-refuses @ id"),
    ("action: delete, entity: t, where: { id: 1 }, values: { n: x }", "action-refuses @ { n: x }"),
    ("action: read, entity: t, where: { id: { gt: ~ } }", "null-refused @ ~"),
    ("action: read, entity: t, where: { ids: 1 }", "unknown-field @ ids"),
    ("action: read, entity: t, ids: [x]", "value-type @ x"),
    ("action: read, entity: t, where: { id: 1 }, select: [m]", "unknown-field @ m"),
    ("action: read, entity: t, where: { id: 1 }, sort: -m", "unknown-field @ -m"),
  ])
  func `what an action needs, and what does not go with it`(
    _ operation: String, _ expected: String
  ) throws {
    let bench = try CheckBench("CREATE TABLE t (id INTEGER PRIMARY KEY, n TEXT)")
    let findings = try bench.check("operations:\n  a: { \(operation) }\n")
    #expect(findings.map(\.description) == [expected])
  }
}
