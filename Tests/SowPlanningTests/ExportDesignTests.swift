import SowModel
import SowPlanning
import Testing

struct ExportDesignTests {
  /// What is decided about the tables of `sql`, operation by operation.
  private func design(
    _ sql: String, schemas: [String: String] = [:], only names: [String]? = nil,
    isPartial: Bool = false, drawsKeys: Bool = false
  ) throws -> (lines: [String], notes: [ExportDesign.Note]) {
    let bench = try CheckBench(sql, schemas: schemas)
    var diagnostics = Diagnostics()
    let entities = bench.entities(names, into: &diagnostics)
    #expect(diagnostics.isEmpty)
    let design = ExportDesign(entities, isPartial: isPartial, drawsKeys: drawsKeys)
    let lines = design.operations.map { operation in
      let fields = operation.fields.enumerated().map { position, field in
        (operation.key.contains(position) ? "*" : "") + field.name
          + (field.reference.map { " → \($0.operation).\($0.field)" } ?? "")
          + (field.source.links.isEmpty ? "" : " by \(field.source.links.count)")
      }
      return "\(operation.name)\(operation.drawsKeys ? " draws" : ""): "
        + fields.joined(separator: ", ")
        + (operation.dependsOn.isEmpty ? "" : " after \(operation.dependsOn)")
    }
    return (lines, design.notes)
  }

  @Test func `a natural key names a row, else the key that the database made`() throws {
    let sql = """
      CREATE TABLE a (id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE);
      CREATE TABLE b (id INTEGER PRIMARY KEY, code TEXT UNIQUE, a INTEGER REFERENCES a);
      CREATE TABLE c (id INTEGER PRIMARY KEY, x INTEGER NOT NULL, y REAL NOT NULL, UNIQUE (x, y));
      CREATE TABLE d (id INTEGER PRIMARY KEY, a INTEGER NOT NULL REFERENCES a, n TEXT NOT NULL,
        UNIQUE (a, n));
      """
    #expect(
      try design(sql).lines == [
        "a: *code", "b: *id, code, a → a.id by 1", "c: *id, x, y", "d: *a → a.id by 1, *n",
      ])
    #expect(
      try design(sql, drawsKeys: true).lines == [
        "a: *code", "b draws: *id, code, a → a.id by 1", "c draws: *id, x, y",
        "d: *a → a.id by 1, *n",
      ])
  }

  @Test func `a row that others refer to is named by one value`() throws {
    let sql = """
      CREATE TABLE a (id INTEGER PRIMARY KEY, x INTEGER NOT NULL, y INTEGER NOT NULL, UNIQUE (x, y));
      CREATE TABLE b (id INTEGER PRIMARY KEY, a INTEGER REFERENCES a);
      """
    #expect(try design(sql).lines == ["a: *id, x, y", "b: *id, a → a.id"])
    #expect(try design(sql, only: ["a"]).lines == ["a: *x, *y"])
  }

  @Test func `a name is followed to the row that has it`() throws {
    let sql = """
      CREATE TABLE a (id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE);
      CREATE TABLE b (a INTEGER PRIMARY KEY REFERENCES a, n TEXT) WITHOUT ROWID;
      CREATE TABLE c (id INTEGER PRIMARY KEY, b INTEGER REFERENCES b);
      """
    #expect(
      try design(sql).lines == [
        "a: *code", "b: *a → a.id by 1, n", "c: *id, b → b.a by 2",
      ])
  }

  @Test func `what is not exported, or only in part, is not referred to`() throws {
    let sql = """
      CREATE TABLE a (id INTEGER PRIMARY KEY, boss INTEGER REFERENCES a);
      CREATE TABLE b (id INTEGER PRIMARY KEY, a INTEGER REFERENCES a);
      """
    let part = try design(sql, only: ["a"], isPartial: true)
    #expect(part.lines == ["a: *id, boss"])
    #expect(part.notes == [.bareKeys(entity: "a", field: "boss", target: "a")])
    let alone = try design(sql, only: ["b"])
    #expect(alone.lines == ["b: *id, a"])
    #expect(alone.notes == [.bareKeys(entity: "b", field: "a", target: "a")])
  }

  @Test func `each table comes after those that it refers to, as far as that can be`() throws {
    let sql = """
      CREATE TABLE a (id INTEGER PRIMARY KEY, c INTEGER REFERENCES c);
      CREATE TABLE b (x INTEGER, y INTEGER, PRIMARY KEY (x, y));
      CREATE TABLE c (id INTEGER PRIMARY KEY, d INTEGER REFERENCES d);
      CREATE TABLE d (id INTEGER PRIMARY KEY, c INTEGER REFERENCES c);
      CREATE TABLE "a b" (id INTEGER PRIMARY KEY, x INTEGER, y INTEGER, FOREIGN KEY (x, y) REFERENCES b);
      """
    #expect(
      try design(sql, only: ["a", "a b", "b", "c", "d"]).lines == [
        "b: *x, *y", "table_a_b: *id, x, y after [\"b\"]", "a: *id, c → c.id", "c: *id, d → d.id",
        "d: *id, c → c.id",
      ])
  }

  @Test func `keys that lead to each other without end are written as they are`() throws {
    let sql = """
      CREATE TABLE a (id TEXT PRIMARY KEY REFERENCES b);
      CREATE TABLE b (id TEXT PRIMARY KEY REFERENCES a);
      """
    let design = try design(sql)
    #expect(design.lines.count == 2)
    #expect(design.lines.contains { !$0.contains("→") })
  }

  @Test func `a field that nobody may write is left out`() throws {
    let schema = """
      type: object
      properties:
        id: { type: integer, readOnly: true }
        name: { type: string }
        seen: { type: [string, "null"], readOnly: true }
      x-sow: { primary_key: id }
      """
    let sql = """
      CREATE TABLE a (id INTEGER PRIMARY KEY, name TEXT, seen TEXT, twice INTEGER AS (id * 2));
      """
    #expect(try design(sql, schemas: ["a": schema]).lines == ["a draws: *id, name"])
  }
}
