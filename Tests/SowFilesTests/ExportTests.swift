import SowFiles
import SowModel
import SowTestSupport
import Testing

/// What is written reads back as what it was.
struct ExportTests {
  private static func field(
    _ type: FieldType, isNullable: Bool = true, trims: Bool = false,
    precision: NumberPrecision? = nil
  ) -> ExportedOperation.Field {
    let column = Column(
      name: "f", declaredType: "", type: type, isNullable: isNullable, hasDefault: false,
      generation: .none)
    let table = Table(
      name: "t", columns: [column], primaryKey: [0], uniqueKeys: [], foreignKeys: [],
      hasTriggers: false)
    return ExportedOperation.Field(
      name: "f", column: "f", source: Scan.Source(table: table, column: 0), type: type,
      isNullable: isNullable, trims: trims, precision: precision, reference: nil, linkColumn: nil)
  }

  private static func operation(_ field: ExportedOperation.Field) -> ExportedOperation {
    ExportedOperation(
      name: "op", entity: "t", table: field.source.table, fields: [field], key: [0],
      drawsKeys: false, dependsOn: [])
  }

  static let texts = [
    "plain", "two words", "", " ", "null", "~", "NO", "true", "01234", "1:30", "1.10", "-", "- a",
    "#", "a #b", "a: b", "a,b", "[", "{x}", "\"", "'", "\\", "it's \"x\"", "a\nb", "a\r\nb", "\t",
    "é",
    "e\u{301}", "Việt Nam", "\u{1B}[31m", "\u{85}\u{2028}\u{FEFF}\u{FFFE}\u{202E}", "😀", "$ref:a.b",
    "$$ref:a.b", "$$$ref:a.b", "pa$$word", "${HOME}", "x ${ref:a.b} y", "${var:", "$each:a", "$",
    "%",
    "@a", "`", "|", ">", "? a", "*a", "&a", "!a", "a\\", "y", "=", "<<",
  ]

  @Test(arguments: texts)
  func `text comes back byte for byte from a plan, a JSONL file and a CSV file`(text: String) throws
  {
    for isNullable in [true, false] {
      let field = Self.field(.string, isNullable: isNullable)
      let cell = try ExportedCell(.text(text), of: field, isKey: false)
      let operation = Self.operation(field)
      let plan = "operations:\n" + operation.heading(.inline) + operation.line([cell])
      #expect(Self.inlineText(plan) == Array(text.utf8))
      #expect(try fileText(operation.jsonLine([cell]), "a.jsonl") == Array(text.utf8))
      guard let line = operation.csvLine([cell]) else {
        #expect(text.isEmpty && isNullable)
        continue
      }
      #expect(try fileText(operation.csvHeader + line, "a.csv") == Array(text.utf8))
    }
  }

  /// The only field of the only row of a plan, as text that is not null.
  private static func inlineText(_ plan: String) -> [UInt8]? {
    let loaded = Loaded(plan)
    guard loaded.diagnostics.isEmpty, case .inline(let rows)? = loaded.plan?.operations[0].rows,
      case .scalar(let scalar, _)? = rows.first?.members.first?.input, !scalar.isNull
    else { return nil }
    return Array(scalar.text.utf8)
  }

  private func fileText(_ text: String, _ name: String) throws -> [UInt8]? {
    let folder = try TemporaryFolder()
    _ = try folder.write(text, to: name)
    _ = try folder.write(
      "operations: { a: { action: create, entity: x, rows: { file: \(name) } } }", to: "p.yaml")
    var files = SourceFiles()
    var diagnostics = Diagnostics()
    let plan = Plan.load(
      path: folder.path + "/p.yaml", project: Project(root: folder.path, environments: []),
      files: &files, diagnostics: &diagnostics)
    guard case .file(let source, _)? = plan?.operations.first?.rows else { return nil }
    let cursor = try source.open()
    var row = DataRow()
    guard try cursor.next(into: &row), case .scalar(let scalar)? = row.cells.first,
      !scalar.isNull, try !cursor.next(into: &row)
    else { return nil }
    return Array(scalar.text.utf8)
  }

  @Test(arguments: [
    (FieldType.integer, Value.text("7")), (.date, .text("soon")), (.string, .bytes([0])),
    (.string, .text("a\0b")), (.decimal, .text("1.50")), (.decimal, .bytes([0xD7, 0x6D, 0xF8])),
    (.boolean, .integer(2)), (.uuid, .text("x")), (.float, .float(.infinity)),
    (.any, .float(2)), (.any, .bytes([1])), (.object([:]), .text("{")),
  ])
  func `a value that would come back as another one is a misfit`(type: FieldType, value: Value) {
    #expect(throws: ExportedCell.Misfit.self) {
      try ExportedCell(value, of: Self.field(type), isKey: false)
    }
  }

  @Test(arguments: [
    (FieldType.decimal, Value.text("1.5"), "\"1.5\""), (.any, .float(1.5), "1.5"),
    (.float, .float(0.1), "0.1"), (.bytes, .bytes([0, 255]), "\"AP8=\""),
    (.any, .text("1"), "\"1\""), (.boolean, .boolean(true), "true"), (.integer, .null, "null"),
    (.object([:]), .object([.init("a", .list([.text("$ref:a.b")]))]), "{\"a\": [\"$$ref:a.b\"]}"),
  ])
  func `a value has one form in a plan`(type: FieldType, value: Value, text: String) throws {
    let cell = try ExportedCell(value, of: Self.field(type), isKey: false)
    #expect(cell.yaml(as: type) == text)
  }

  @Test func `null, empty keys, trimmed text and lost digits are misfits`() throws {
    let fifteen = NumberPrecision.binary(digits: 15, keepsIntegers: true)
    let long = try #require(ExactDecimal("0.30000000000000004"))
    let cases: [(Value, ExportedOperation.Field, Bool, String)] = [
      (.null, Self.field(.string, isNullable: false), false, "null"),
      (.text(""), Self.field(.string), true, "key"),
      (.text(" a"), Self.field(.string, trims: true), false, "spaces"),
      (.decimal(long), Self.field(.decimal, precision: fifteen), false, "digits"),
    ]
    for (value, field, isKey, word) in cases {
      let misfit = #expect(throws: ExportedCell.Misfit.self) {
        try ExportedCell(value, of: field, isKey: isKey)
      }
      #expect(misfit?.reason.english.contains(word) == true)
    }
  }
}
