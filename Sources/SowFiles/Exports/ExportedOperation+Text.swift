package import SowModel

extension ExportedOperation {
  /// How the rows are written.
  package enum Form: Hashable, Sendable {
    /// There are none.
    case empty
    /// In the plan file itself.
    case inline
    /// In a file that the plan names by this path.
    case file(String)
  }

  /// The lines of the operation; those of `rows` follow where they are `inline`.
  package func heading(_ form: Form) -> String {
    var text = "  \(name):\n"
    text += "    action: \(drawsKeys ? "create" : "upsert")\n"
    text += "    entity: \(YAMLText.text(entity))\n"
    if !drawsKeys { text += "    key: \(names(key.map { fields[$0].name }))\n" }
    if !dependsOn.isEmpty { text += "    depends_on: \(YAMLText.list(dependsOn))\n" }
    switch form {
    case .empty: text += "    rows: []\n"
    case .file(let path) where isPlain:
      text += "    rows: { file: \(YAMLText.text(path)) }\n"
    case .file(let path):
      text += "    for_each: { file: \(YAMLText.text(path)), key: \(columnNames) }\n" + values
    case .inline where drawsKeys:
      text += values + "    for_each:\n      key: \(columnNames)\n      items:\n"
    case .inline: text += "    rows:\n"
    }
    return text
  }

  /// One row in the plan file.
  package func line(_ cells: [ExportedCell]) -> String {
    let members = zip(fields, cells).map { field, cell in
      if drawsKeys { return (name: field.column, text: cell.yaml(as: field.type)) }
      return (name: field.name, text: text(of: cell, field))
    }
    let indent = drawsKeys ? "        " : "      "
    return indent + "- " + YAMLText.mapping(members) + "\n"
  }

  // MARK: Files

  package var csvHeader: String {
    fields.map { ExportedCell.csvQuoted($0.column) }.joined(separator: ",") + "\n"
  }

  /// One line of a CSV file; nil where CSV would read another value.
  package func csvLine(_ cells: [ExportedCell]) -> String? {
    var parts: [String] = []
    for (field, cell) in zip(fields, cells) {
      guard let text = cell.csv(of: field) else { return nil }
      parts.append(text)
    }
    // A line of nothing is a row of one column only.
    return parts.joined(separator: ",") + "\n"
  }

  package func jsonLine(_ cells: [ExportedCell]) -> String {
    let members = zip(fields, cells).map { YAMLText.quoted($0.column) + ": " + $1.json }
    return "{" + members.joined(separator: ", ") + "}\n"
  }

  // MARK: Parts

  private var columnNames: String { names(key.map { fields[$0].column }) }

  private func names(_ names: [String]) -> String {
    let texts = names.map(YAMLText.text)
    return texts.count == 1 ? texts[0] : YAMLText.list(texts)
  }

  /// What each row of a file, or each item, sets.
  private var values: String {
    var text = "    values:\n"
    for (position, field) in fields.enumerated() where !(drawsKeys && key.contains(position)) {
      text += "      \(YAMLText.text(field.name)): "
      if let reference = field.reference {
        text += "\"$ref:\(reference.operation)[$each:\(field.column)].\(reference.field)\"\n"
      } else {
        text += "$each:\(field.column)\n"
      }
    }
    return text
  }

  private func text(of cell: ExportedCell, _ field: Field) -> String {
    guard let reference = field.reference else { return cell.yaml(as: field.type) }
    if case .structure(.list(let keys)) = cell {
      return "[" + keys.map { self.text(of: $0.text, reference) }.joined(separator: ", ") + "]"
    }
    return cell.keyText.map { text(of: $0, reference) } ?? cell.yaml(as: field.type)
  }

  private func text(of key: String, _ reference: (operation: String, field: String)) -> String {
    let link = Reference(
      operation: reference.operation, instance: [.text(key)], path: [reference.field])
    let text = "$ref:" + link.text
    let isSimple = text.unicodeScalars.allSatisfy { $0.isASCII && $0.value >= 0x20 && $0 != "'" }
    return isSimple ? "'\(text)'" : YAMLText.quoted(text)
  }
}
