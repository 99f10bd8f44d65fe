import SowModel
import SowPlanning
import Testing

struct ReferenceTests {
  static let tables = """
    CREATE TABLE artist (artist_id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, meta JSON);
    CREATE TABLE album (album_id INTEGER PRIMARY KEY AUTOINCREMENT, title TEXT NOT NULL,
      artist_id INTEGER REFERENCES artist, links JSON, note TEXT);
    """

  static func plan(_ album: String) -> String {
    """
    variables:
      one: { type: integer, default: 1 }
      nothing: { default: null }
    operations:
      acdc: { action: create, entity: artist, values: { name: AC/DC } }
      many:
        action: create
        entity: artist
        rows:
          - { name: Accept }
          - { name: Aerosmith }
      gone: { action: delete, entity: artist, where: { name: x } }
      found: { action: read, entity: artist, where: { name: y } }
      album:
        action: create
        entity: album
        values: { title: T, \(album) }
    """
  }

  static let mistakes: [(String, code: String, says: String, hint: String?)] = [
    (
      "artist_id: $ref:acdcc.artist_id", "unknown-operation", #""artist_id" refers to "acdcc""#,
      "did you mean acdc"
    ),
    (
      "artist_id: $ref:zzzzzzzz.artist_id", "unknown-operation",
      "there are: acdc, many, gone, found, album", nil
    ),
    (
      "artist_id: $ref:acdc.artistid", "unknown-reference-field", "artist_id, name, meta",
      "did you mean artist_id"
    ),
    (
      "note: $ref:acdc.artist_id", "link-type", "of type integer",
      #"inside of other text it becomes text: "… ${ref:acdc.artist_id}""#
    ),
    ("artist_id: $ref:acdc.name", "link-type", "of type string", nil),
    (
      "artist_id: $ref:many.artist_id", "instance-needed", "many",
      #"write $ref:many["key"].artist_id"#
    ),
    (
      "artist_id: '$ref:many[\"Acept\"].artist_id'", "unknown-instance", "Acept",
      #"did you mean "Accept""#
    ),
    (
      "artist_id: '$ref:many[\"zzzzzzz\"].artist_id'", "unknown-instance", "zzz",
      #"its rows are "Accept", "Aerosmith""#
    ),
    ("artist_id: $ref:many.2.artist_id", "unknown-instance", "[2]", nil),
    ("artist_id: $ref:acdc.1.artist_id", "unknown-instance", "[1]", nil),
    ("artist_id: $ref:gone.artist_id", "reference-to-delete", "gone", nil),
    ("note: $ref:acdc.name.first", "no-member", "first", nil),
    ("note: $var:on", "unknown-variable", "on", "did you mean one"),
    ("note: $var:one", "link-type", "integer", nil),
    ("title: $var:nothing", "null-refused", "title", nil),
    ("note: $env:NOTHING", "environment-unset", "NOTHING", nil),
    ("note: \"a ${var:nothing}\"", "null-in-text", "note", nil),
    (
      "artist_id: { $lookup: { entity: artst, where: { name: x }, field: artist_id } }",
      "unknown-entity", "album, artist", "did you mean artist"
    ),
    (
      "artist_id: { $lookup: { entity: artist, where: { nam: x }, field: artist_id } }",
      "unknown-field", "nam", "did you mean name"
    ),
    (
      "artist_id: { $lookup: { entity: artist, where: { name: x }, field: name } }", "link-type",
      "$lookup", nil
    ),
  ]

  @Test(arguments: mistakes)
  func `a link that leads nowhere says what there is`(
    _ written: String, _ code: String, _ says: String, _ hint: String?
  ) throws {
    let text =
      written.hasPrefix("title:")
      ? Self.plan("x: 1").replacing("title: T, x: 1", with: written) : Self.plan(written)
    let findings = try CheckBench(Self.tables).check(text)
      .filter { $0.code != "content-key" }
    try #require(findings.count == 1, "\(findings)")
    #expect(findings[0].code == code)
    #expect(findings[0].message.contains(says), "\(findings[0].message)")
    if let hint { #expect(findings[0].hint == hint) }
    let first = written.firstIndex(of: ":").map { written[written.index($0, offsetBy: 2)...] }
    #expect(first?.contains(findings[0].place) == true && !findings[0].place.isEmpty)
  }

  static let unknowable: [(String, String)] = [
    ("action: read, entity: artist, where: { name: x }, limit: $ref:acdc.name", "link-type"),
    ("action: read, entity: artist, where: { name: { in: $var:one } }", "link-type"),
    (
      "action: read, entity: artist, where: { artist_id: { between: $var:few } }",
      "between-needs-two"
    ),
    ("action: read, entity: artist, ids: $var:one", "link-type"),
    (
      "action: create, entity: artist, for_each: $ref:acdc.artist_id, values: { name: $each:value }",
      "link-type"
    ),
    (
      "action: create, entity: artist, for_each: $var:one, values: { name: $each:value }",
      "for-each-not-known"
    ),
    (
      "action: create, entity: artist, for_each: $var:tow, values: { name: $each:value }",
      "unknown-variable"
    ),
    (
      "action: create, entity: album, for_each: { a: { ids: [[1]] } }, values: { title: a, links: '$ref:many[$each:ids].meta' }",
      "key-part-not-scalar"
    ),
  ]

  @Test(arguments: unknowable)
  func `what a plan is made of is known before the run`(_ operation: String, _ code: String) throws
  {
    let text =
      Self.plan("note: x").replacing(
        "nothing: { default: null }", with: "few: { type: array, default: [1] }")
      + "\n  other: { \(operation) }\n"
    let findings = try CheckBench(Self.tables).check(text)
    #expect(findings.first?.code == code, "\(findings.map(\.message))")
  }

  @Test func `elements and ids may come from a variable`() throws {
    let text = """
      variables:
        names: { type: array, default: [x, y] }
        ids: { type: array, default: [1, 2] }
        few: { type: integer, default: 1 }
      operations:
        many: { action: create, entity: artist, for_each: $var:names, values: { name: $each:value } }
        some: { action: read, entity: artist, ids: $var:ids }
        one: { action: read, entity: artist, where: { artist_id: { in: $var:ids } }, limit: $var:few }
      """
    let plan = try CheckBench(Self.tables).proof(text)
    #expect(plan.instances.map(\.key) == [#""x""#, #""y""#, "", ""])
  }

  static let sound = [
    "artist_id: $ref:acdc.artist_id", "artist_id: $ref:acdc.0.artist_id",
    "artist_id: '$ref:many[\"Accept\"].artist_id'", "artist_id: $ref:many.1.artist_id",
    "artist_id: $ref:found.artist_id", "artist_id: $ref:found.3.artist_id",
    "note: \"no. ${ref:acdc.artist_id}\"", "links: [$ref:acdc.artist_id, { a: $ref:acdc.name }]",
    "note: $ref:acdc.name", "links: $ref:acdc.meta.links.0", "note: '$$ref:x.y'",
    "artist_id: $var:nothing",
    "artist_id: { $lookup: { entity: artist, where: { name: $ref:acdc.name }, field: artist_id } }",
  ]

  @Test(arguments: sound)
  func `a link that leads somewhere is taken`(_ written: String) throws {
    let text = Self.plan(written).replacing(
      "nothing: { default: null }", with: "nothing: { type: integer, default: null }")
    let findings = try CheckBench(Self.tables).check(text)
    #expect(findings.isEmpty, "\(findings)")
  }

  @Test func `a read that is referred to without a number must find one row`() throws {
    let bench = try CheckBench(Self.tables)
    func expectation(_ written: String) throws -> SowModel.Expectation? {
      try bench.proof(Self.plan(written)).operations.first { $0.name == "found" }?.expect
    }
    #expect(try expectation("artist_id: $ref:found.artist_id") == .one)
    #expect(try expectation("note: \"a ${ref:found.name}\"") == .one)
    #expect(try expectation("artist_id: $ref:found.0.artist_id") == .any)
    #expect(try expectation("artist_id: 1") == .any)
  }

  @Test func `a key over a list gives a list, null where an item is null`() throws {
    let bench = try CheckBench(Self.tables)
    let text = """
      operations:
        artists:
          action: create
          entity: artist
          for_each: { a: {}, b: {} }
          values: { name: $each:key }
        albums:
          action: create
          entity: album
          for_each:
            items:
              - { code: x, ids: [a, ~, b], one: a }
              - { code: y, ids: [], one: ~ }
            key: code
          values:
            title: $each:code
            artist_id: "$ref:artists[$each:one].artist_id"
            links: "$ref:artists[$each:ids].artist_id"
      """
    let plan = try bench.proof(text)
    let albums = plan.instances.filter { $0.operation == 1 }
    #expect(albums.map(\.key) == [#""x""#, #""y""#])
    // The order of fields: title, artist_id, links.
    let first = plan.cells[Int(albums[0].firstCell)..<Int(albums[0].firstCell) + 3].map { $0 }
    guard case .reference(0, 0) = first[1] else {
      Issue.record("\(first[1])")
      return
    }
    guard case .computed(let position) = first[2],
      case .list(let items) = plan.computed[Int(position)]
    else {
      Issue.record("\(first[2])")
      return
    }
    #expect(items.count == 3)
    if case .value(.null) = items[1] {} else { Issue.record("\(items[1])") }
    if case .reference(1, 0) = items[2] {} else { Issue.record("\(items[2])") }
    if case .value(.null) = plan.cells[Int(albums[1].firstCell) + 1] {
    } else {
      Issue.record("a null cell makes a null reference")
    }
  }

  @Test func `a key of several parts`() throws {
    let bench = try CheckBench(
      "CREATE TABLE line (a INTEGER, b TEXT, n INTEGER, up TEXT, PRIMARY KEY (a, b))")
    let text = """
      operations:
        lines:
          action: create
          entity: line
          key: [a, b]
          rows:
            - { a: 1, b: x }
            - { a: 1, b: y }
        more: { action: create, entity: line, values: { a: 2, b: x, n: '$ref:lines["1","y"].a' } }
        wrong: { action: create, entity: line, values: { a: 3, b: x, n: '$ref:lines["1","z"].a' } }
      """
    let findings = try bench.check(text)
    #expect(findings.map(\.code) == ["unknown-instance"])
    #expect(findings.first?.line == 10)
  }

  @Test func `a null where none may be is refused, whatever brought it`() throws {
    let bench = try CheckBench(Self.tables)
    let text = """
      operations:
        artists: { action: create, entity: artist, for_each: { a: {} }, values: { name: $each:key } }
        albums:
          action: create
          entity: album
          for_each: { items: [{ code: x, up: ~ }], key: code }
          values: { title: "$ref:artists[$each:up].name" }
        plain: { action: create, entity: album, values: { title: null } }
        quoted: { action: create, entity: album, values: { title: "null" } }
      """
    let findings = try bench.check(text)
    #expect(findings.map(\.code) == ["null-refused", "null-refused"])
    #expect(findings.map(\.line) == [7, 8])
    #expect(findings.last?.hint == "quote it to make it text")
  }
}
