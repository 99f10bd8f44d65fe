import SowFiles
import SowModel
import SowTestSupport
import Testing

/// The file of a saved plan gives back what was saved, or says what is wrong with it.
struct SavedPlanTests {
  private static let values: [Value] = [
    .null, .boolean(true), .integer(.max), .integer(.min), .float(0.1), .float(1e300),
    .text("\u{1B}[31m\"\\\n\u{202E}Trà"), .text(""), .bytes([0, 255, 128]),
    .list([.null, .list([])]),
    .object([Value.Member("b", .integer(1)), Value.Member("a", .null)]),
  ]

  private static func sample() throws -> SavedPlan {
    var values = values
    values.append(.decimal(try #require(ExactDecimal("-12345678901234567890.10"))))
    var change = OperationChange(name: "a", action: .sync, entity: "item")
    change.counts.update = 3
    change.differing = 3
    change.rows = [
      RowChange(
        kind: .update, address: "a[\"1\"]", entity: "item", key: "1",
        fields: values.map {
          FieldChange(field: "f", old: .value($0), new: .reference("b.id", $0))
        } + [
          FieldChange(field: "g", old: nil, new: .masked(label: "PHI")),
          FieldChange(field: "h", old: .masked(label: "PHI"), new: .reference("b.id", nil)),
          FieldChange(field: "i", old: nil, new: .pending),
        ])
    ]
    var removal = OperationRemoval(operation: "gone")
    removal.counts.delete = 1
    removal.differing = 1
    removal.rows = [
      RowChange(
        kind: .delete, address: "gone", entity: "item", key: nil, fields: [], reason: .leftPlan,
        obstacle: Phrase("when is false", vi: "when không đúng"))
    ]
    var changeset = Changeset(plan: "shop")
    changeset.operations = [change]
    changeset.removals = [removal]
    changeset.createdTables = ["item", "item.note"]
    changeset.cascades = [
      Cascade(table: "x", effect: .delete, count: 2),
      Cascade(table: "y", effect: .setNull(["p", "q"]), count: 1),
      Cascade(table: "z", effect: .setDefault(["p"]), count: 1),
    ]
    changeset.renames = [
      Rename(address: "a", was: "b", entity: "item", key: "1", rows: 1),
      Rename(address: "shop", was: "store", entity: nil, key: nil, rows: 3),
    ]
    changeset.counts.renamed = 4
    changeset.orphans = ["old[\"x\"]"]
    changeset.counts.update = 3
    changeset.owned = 7
    var arguments = SavedPlan.Arguments(plan: "plans/shop.yaml")
    arguments.folder = ""
    arguments.variableFiles = ["vars.yaml"]
    arguments.assignments = [
      SavedPlan.Assignment(name: "open", text: "a=b"),
      SavedPlan.Assignment(name: "secret", text: nil),
    ]
    arguments.prunes = true
    arguments.targets = ["a"]
    return SavedPlan(
      environment: "local", database: "sqlite:shop.db", scope: "s",
      ledger: .found(lineage: String(repeating: "0f", count: 16), serial: 4),
      arguments: arguments,
      files: [SavedPlan.ReadFile(path: "plans/shop.yaml", digest: "ab")],
      variables: values.map { SavedPlan.Variable(name: "v", content: .value($0)) } + [
        SavedPlan.Variable(name: "secret", content: .digest(RowDigest(high: 1, low: .max)))
      ],
      fingerprint: Fingerprint(
        operations: [Fingerprint.Part(operation: "a", digest: RowDigest(high: .max, low: 0))],
        changes: RowDigest(high: 0, low: 0x0123_4567_89AB_CDEF)),
      changeset: changeset, rowLimit: 20, streamLimit: 10)
  }

  private func text(_ saved: SavedPlan) -> String {
    final class Text { var all = "" }
    let text = Text()
    saved.write { text.all += $0 }
    return text.all
  }

  private func load(_ text: String) throws -> (saved: SavedPlan?, codes: [String]) {
    let folder = try TemporaryFolder()
    try folder.write(text, to: "a.saved")
    var files = SourceFiles()
    var diagnostics = Diagnostics()
    let saved = SavedPlan.load(
      path: folder.path + "/a.saved", limit: 1 << 20, files: &files, diagnostics: &diagnostics)
    return (saved, diagnostics.all.map(\.code.id))
  }

  @Test func `what is saved is what is loaded, every type exact`() throws {
    let saved = try Self.sample()
    let loaded = try load(text(saved))
    #expect(loaded.saved == saved)
    #expect(loaded.codes.isEmpty)
    #expect(loaded.saved.map(text) == text(saved))
  }

  @Test func `a plan without a ledger keeps the identity that was drawn`() throws {
    var saved = try Self.sample()
    saved.ledger = .drawn(
      Ledger(lineage: String(repeating: "0f", count: 16), secret: Array(0..<32)))
    saved.environment = nil
    saved.arguments.folder = nil
    saved.rowLimit = nil
    #expect(try load(text(saved)).saved == saved)
  }

  @Test func `each operation has a line of its own`() throws {
    let lines = text(try Self.sample()).split(separator: "\n")
    #expect(lines.count { $0.hasPrefix("    {") && $0.contains("\"action\"") } == 1)
  }

  @Test func `a file that is cut anywhere is damaged, and nothing else`() throws {
    let whole = Array(text(try Self.sample()).utf8)
    for count in stride(from: 1, to: whole.count - 2, by: 97) {
      let cut = try load(String(decoding: whole[..<count], as: UTF8.self))
      #expect(cut.saved == nil && cut.codes == ["saved-plan-damaged"], "\(count)")
    }
  }

  @Test(arguments: [
    ("\"format_version\": 1", "\"format_version\": 2", "saved-plan-newer"),
    ("\"format_version\": 1", "\"format_version\": 0", "saved-plan-damaged"),
    ("\"lineage\": \"0f", "\"lineage\": \"0g", "saved-plan-damaged"),
    ("\"lineage\": \"0f", "\"lineage\": \"", "saved-plan-damaged"),
    ("\"serial\": 4", "\"serial\": \"4\"", "saved-plan-damaged"),
    ("\"serial\": 4,\n", "", "saved-plan-damaged"),
    ("\"action\":\"sync\"", "\"action\":\"sink\"", "saved-plan-damaged"),
    ("\"effect\":\"set_null\"", "\"effect\":\"nil\"", "saved-plan-damaged"),
    ("\"reason\":\"left_plan\"", "\"reason\":\"bored\"", "saved-plan-damaged"),
    ("\"masked\":\"PHI\"", "\"masked\":\"PHI\",\"value\":1", "saved-plan-damaged"),
    ("\"decimal\":\"-1234", "\"decimal\":\"-x234", "saved-plan-damaged"),
    ("\"digest\": \"0", "\"digest\": \"", "saved-plan-damaged"),
  ])
  func `what sow never writes is refused`(old: String, new: String, code: String) throws {
    let whole = text(try Self.sample())
    try #require(whole.contains(old))
    let edited = try load(whole.replacing(old, with: new, maxReplacements: 1))
    #expect(edited.saved == nil)
    #expect(edited.codes == [code])
  }

  @Test func `files of sow are known by how they begin`() throws {
    let folder = try TemporaryFolder()
    let files: [(String, WrittenFile?)] = [
      (text(try Self.sample()), .savedPlan), ("{\"kind\":\"saved_plan\"}", .savedPlan),
      ("{ \"kind\": \"apply_reports\"", .report), ("{\n \"version\": 1", .lockfile),
      ("{ \"kind\": \"plan\" }", nil), ("plan: saved_plan", nil), ("", nil), ("{", nil),
    ]
    for (text, kind) in files {
      try folder.write(text, to: "f")
      #expect(WrittenFile(at: folder.path + "/f") == kind, "\(text.prefix(40))")
    }
    #expect(WrittenFile(at: folder.path) == nil)
    #expect(WrittenFile(at: "/dev/zero") == nil)
  }

  @Test func `a cut in the line of the secret does not show it`() throws {
    var saved = try Self.sample()
    saved.ledger = .drawn(
      Ledger(lineage: String(repeating: "0f", count: 16), secret: Array(0..<32)))
    let whole = text(saved)
    let end = try #require(whole.firstRange(of: "0a0b0c")).lowerBound
    let folder = try TemporaryFolder()
    try folder.write(String(whole[..<end]), to: "a.saved")
    var files = SourceFiles()
    var diagnostics = Diagnostics()
    _ = SavedPlan.load(
      path: folder.path + "/a.saved", limit: 1 << 20, files: &files, diagnostics: &diagnostics)
    let found = try #require(diagnostics.all.first)
    #expect(found.isSensitive && found.range?.start.column == 1)
  }
}
