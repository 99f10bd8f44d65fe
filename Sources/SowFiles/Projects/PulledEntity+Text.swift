package import SowModel

extension PulledEntity {
  /// The schema file that stands for the table: equal tables give equal text.
  package var schemaText: String {
    var text = """
      # Written by sow schema pull, and yours to edit: sow schema check compares it with the database.
      $schema: https://json-schema.org/draft/2020-12/schema
      title: \(YAMLText.text(name))
      type: object
      properties:

      """
    for (position, column) in table.columns.enumerated() {
      text += "  \(YAMLText.text(column.name)): \(property(of: column, at: position))\n"
    }
    text += list("required", requiredNames, indent: "")
    text += "x-sow:\n"
    for line in extraLines { text += line }
    return text
  }

  // MARK: Properties

  private func property(of column: Column, at position: Int) -> String {
    let isComputed = column.generation == .computed
    var members = typeMembers(of: column, isNullable: column.isNullable || isComputed)
    if let length = column.declaredLength { members.append(("maxLength", String(length))) }
    let value = column.defaultValue.flatMap { column.accepts($0) ? $0 : nil }
    if let value { members.append(("default", YAMLText.value(value))) }
    if isComputed { members.append(("readOnly", "true")) }
    let isFilled = isComputed || column.hasDefault && value == nil
    return YAMLText.mapping(members) + (isFilled ? "  # filled by the database" : "")
  }

  private func typeMembers(
    of column: Column, isNullable: Bool
  ) -> [(name: String, text: String)] {
    var words: [String]
    var format: String?
    switch column.type {
    case .string: words = ["string"]
    case .integer: words = ["integer"]
    case .decimal: words = ["number"]
    case .float: (words, format) = (["number"], "double")
    case .boolean: words = ["boolean"]
    case .date: (words, format) = (["string"], "date")
    case .time: (words, format) = (["string"], "time")
    case .timestamp: (words, format) = (["string"], "date-time")
    case .uuid: (words, format) = (["string"], "uuid")
    case .bytes: (words, format) = (["string"], "byte")
    case .object: words = ["object"]
    case .list: words = ["array"]
    case .any: words = isNullable ? [] : ["string", "number", "boolean", "object", "array"]
    }
    if isNullable, !words.isEmpty { words.append("\"null\"") }
    var members: [(name: String, text: String)] = []
    if !words.isEmpty {
      members.append(("type", words.count == 1 ? words[0] : YAMLText.list(words)))
    }
    if let format { members.append(("format", format)) }
    return members
  }

  /// What an insert has to bring.
  private var requiredNames: [String] {
    table.columns.filter { !$0.isNullable && !$0.hasDefault && $0.generation == .none }
      .map(\.name)
  }

  // MARK: x-sow

  private var extraLines: [String] {
    var lines: [String] = []
    if table.name != name { lines.append("  table: \(YAMLText.text(table.name))\n") }
    let key = names(table.primaryKey)
    lines.append(
      key.count == 1
        ? "  primary_key: \(YAMLText.text(key[0]))\n" : list("primary_key", key, indent: "  "))
    if let counted = table.primaryKey.first, case .key = table.columns[counted].generation {
      lines.append(
        "  generated: \(YAMLText.mapping([(table.columns[counted].name, "database")]))\n")
    }
    if !unique.isEmpty {
      lines.append("  unique:\n")
      lines += unique.map { "    - \(YAMLText.list(names($0).map(YAMLText.text)))\n" }
    }
    if !references.isEmpty {
      lines.append("  references:\n")
      lines += references.map { reference in
        let target = YAMLText.text("\(reference.entity).\(reference.target)")
        return "    \(YAMLText.text(table.columns[reference.column].name)): \(target)\n"
      }
    }
    return lines
      + otherForeignKeys.map { key in
        let target = "\(key.table) (\(key.referencedColumns.joined(separator: ", ")))"
        let text = "(\(names(key.columns).joined(separator: ", "))) → \(target)"
        // A name may hold anything, and a comment ends with its line.
        return "  # not among the references: the foreign key \(YAMLText.quoted(text))\n"
      }
  }

  private func names(_ columns: [Int]) -> [String] { columns.map { table.columns[$0].name } }

  /// `key: [a, b]`, one name a line where that is too wide, nothing where there is none.
  private func list(_ key: String, _ names: [String], indent: String) -> String {
    guard !names.isEmpty else { return "" }
    let items = names.map(YAMLText.text)
    let line = "\(indent)\(key): \(YAMLText.list(items))"
    if line.unicodeScalars.count <= YAMLText.width { return line + "\n" }
    return "\(indent)\(key):\n" + items.map { "\(indent)  - \($0)\n" }.joined()
  }
}

extension Column {
  /// Whether the property's own rules let the default pass; SQLite does not hold a length.
  fileprivate func accepts(_ value: Value) -> Bool {
    switch (type, value) {
    case (.string, .text(let text)): text.unicodeScalars.count <= declaredLength ?? .max
    case (.object, .object): true
    case (.object, _): false
    default: true
    }
  }
}
