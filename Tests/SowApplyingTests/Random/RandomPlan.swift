import SowModel

/// Numbers that a seed decides, on every machine the same.
struct SeededNumbers: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// At least 0 and below `count`.
  mutating func number(_ count: Int) -> Int { Int(next() >> 1) % count }

  mutating func chance(_ percent: Int) -> Bool { number(100) < percent }

  mutating func pick<Element>(_ elements: [Element]) -> Element { elements[number(elements.count)] }
}

/// A table of a random database; all have the same columns.
///
/// `kind` is never written by a plan, so that filters may ask for it.
struct RandomTable {
  /// `written` keys come from the plan, `growing` ones are never used again, `recycled` ones are.
  enum Key: CaseIterable { case written, growing, recycled }

  static let columns = ["id", "code", "a", "b", "label", "kind", "parent"]

  let name: String
  let key: Key
  /// The position of the table that `parent` refers to, which may be the table itself.
  let parent: Int

  func sql(_ tables: [RandomTable]) -> String {
    let id =
      switch key {
      case .written: "TEXT NOT NULL PRIMARY KEY"
      case .growing: "INTEGER PRIMARY KEY AUTOINCREMENT"
      case .recycled: "INTEGER PRIMARY KEY"
      }
    let target = parent < tables.count ? tables[parent] : self
    return """
      CREATE TABLE \(name) (
        id \(id), code TEXT NOT NULL UNIQUE, a TEXT, b INTEGER, label TEXT UNIQUE, kind TEXT,
        parent \(target.key == .written ? "TEXT" : "INTEGER") REFERENCES \(target.name));

      """
  }
}

/// A plan that can be edited and written as text.
struct RandomPlan {
  enum Form: CaseIterable { case plain, rows, elements }

  /// A row of an operation; the number of an operation stays when it gets another name.
  struct Link: Equatable {
    var operation: Int
    var code: String
  }

  struct Row {
    var code: String
    var a: String?
    var b: Int?
    var label: String?
    var parent: Link?
  }

  struct Operation {
    var number: Int
    var name: String
    var action: Action
    var table: Int
    var form = Form.plain
    /// Of `create`, `upsert` and `sync`.
    var rows: [Row] = []
    /// Which of `a`, `b`, `label` and `parent` are written.
    var columns: [String] = []
    /// Of `update` and `delete`.
    var filter = ""
    var values = ""
    var ignored: [String] = []
    var lifecycle: [String] = []
    var keepsMatches = false
    var condition: String?
    var formerNames: [String] = []

    func holds(_ code: String) -> Bool { rows.contains { $0.code == code } }
  }

  let tables: [RandomTable]
  var options = ""
  var operations: [Operation] = []

  var text: String {
    var text = """
      plan: random
      options: { \(options) }
      variables: { yes: { type: boolean, default: true }, no: { type: boolean, default: false } }
      operations:

      """
    for operation in operations { text += lines(operation) }
    return text
  }

  private func lines(_ operation: Operation) -> String {
    var lines = [
      "action: \(operation.action.rawValue)", "entity: \(tables[operation.table].name)",
    ]
    switch operation.action {
    case .update, .delete, .read:
      lines.append("where: \(operation.filter)")
      lines.append("expect: any")
      if operation.action == .update { lines.append("values: \(operation.values)") }
    case .create, .upsert, .sync: lines += content(operation)
    }
    if let condition = operation.condition { lines.append("when: $var:\(condition)") }
    if operation.keepsMatches { lines.append("on_match: keep") }
    if !operation.formerNames.isEmpty {
      lines.append("moved_from: [\(operation.formerNames.joined(separator: ", "))]")
    }
    var lifecycle = operation.lifecycle
    if !operation.ignored.isEmpty {
      lifecycle.append("ignore: [\(operation.ignored.joined(separator: ", "))]")
    }
    if !lifecycle.isEmpty {
      lines.append("lifecycle: { \(lifecycle.joined(separator: ", ")) }")
    }
    return "  \(operation.name):\n" + lines.map { "    \($0)\n" }.joined()
  }

  private func content(_ operation: Operation) -> [String] {
    let key = "key: [code]"
    switch operation.form {
    case .plain:
      let values = operation.rows.prefix(1).map { flow(fields($0, operation)) }.joined()
      return operation.action == .create ? ["values: \(values)"] : [key, "values: \(values)"]
    case .rows:
      let rows = operation.rows.map { "\n      - " + flow(fields($0, operation)) }
      return [key, rows.isEmpty ? "rows: []" : "rows:" + rows.joined()]
    case .elements:
      let elements = operation.rows.map { row in
        "\n      \(row.code): "
          + flow(
            fields(row, operation).filter { $0.0 != "code" && $0.0 != "parent" } + [("z", "1")])
      }
      var values = [("code", "$each:key")]
      if tables[operation.table].key == .written { values.append(("id", "$each:id")) }
      for column in operation.columns where column != "parent" {
        values.append((column, "$each:\(column)"))
      }
      if operation.columns.contains("parent") {
        values.append(("parent", reference(operation.rows.first?.parent, except: operation)))
      }
      return [
        key, elements.isEmpty ? "for_each: {}" : "for_each:" + elements.joined(),
        "values: " + flow(values),
      ]
    }
  }

  private func fields(_ row: Row, _ operation: Operation) -> [(String, String)] {
    var fields = [("code", row.code)]
    if tables[operation.table].key == .written { fields.append(("id", "k_" + row.code)) }
    for column in operation.columns {
      switch column {
      case "a": fields.append(("a", row.a ?? "null"))
      case "b": fields.append(("b", row.b.map(String.init) ?? "null"))
      case "label": fields.append(("label", row.label ?? "null"))
      default: fields.append(("parent", reference(row.parent, except: nil)))
      }
    }
    return fields
  }

  private func flow(_ fields: [(String, String)]) -> String {
    "{ " + fields.map { "\($0.0): \($0.1)" }.joined(separator: ", ") + " }"
  }

  /// The reference as the plan would write it now; null where its row is in the plan no more.
  private func reference(_ link: Link?, except own: Operation?) -> String {
    guard let link, link.operation != own?.number,
      let target = operations.first(where: { $0.number == link.operation }),
      target.holds(link.code)
    else { return "null" }
    return target.form == .plain
      ? "$ref:\(target.name).id" : "'$ref:\(target.name)[\"\(link.code)\"].id'"
  }

  /// The columns that the plan may write in the row with this code, or, with a kind, by filter.
  func mayWrite(_ code: String, in table: Int) -> Set<String> {
    var columns: Set<String> = []
    for operation in operations where operation.table == table {
      switch operation.action {
      case .upsert, .sync:
        guard !operation.keepsMatches, operation.holds(code) else { continue }
        columns.formUnion(Set(operation.columns).subtracting(operation.ignored))
      case .update: columns.formUnion(["a", "b"])
      default: break
      }
    }
    return columns
  }
}
