import SowTestSupport
import Foundation
import SowTestSupport
import Testing

/// The two ways to write the sample database down.
enum ChinookPlan: String, CaseIterable, CustomTestStringConvertible {
  /// One operation a table, over its CSV file.
  case bulk
  /// One operation a row.
  case named

  func write(_ data: ChinookData, into project: TemporaryProject) throws {
    var text = "operations:\n"
    for table in data.tables {
      switch self {
      case .bulk:
        let target = project.folder.appending(path: "plans/data/\(table.name).csv")
        try FileManager.default.createDirectory(
          at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
        try FileManager.default.copyItem(
          at: data.files.appending(path: "\(table.name).csv"), to: target)
        text += Self.bulk(table)
      case .named:
        for row in data.rows[table.name] ?? [] { text += Self.named(row, of: table) }
      }
    }
    try project.write(text, to: "plans/\(rawValue).yaml")
  }

  var testDescription: String { rawValue }

  private static func bulk(_ table: ChinookData.Table) -> String {
    let values = table.columns.filter { $0.name != table.generatedKey }.map { column in
      let link = table.references[column.name]
      let value =
        link.map { "\"$ref:\($0.table)s[$each:\(column.name)].\($0.column)\"" }
        ?? "$each:\(column.name)"
      return "      \(column.name): \(value)\n"
    }
    let key = table.primaryKey.joined(separator: ", ")
    return """
        \(table.name)s:
          action: create
          entity: \(table.name)
          for_each: { file: data/\(table.name).csv, key: [\(key)] }
          values:
      \(values.joined())
      """
  }

  private static func named(_ row: [String?], of table: ChinookData.Table) -> String {
    var values: [String] = []
    var keys: [String] = []
    for (column, cell) in zip(table.columns, row) {
      guard let cell else { continue }
      if table.primaryKey.contains(column.name) { keys.append(cell) }
      if column.name == table.generatedKey { continue }
      if let link = table.references[column.name] {
        values.append("      \(column.name): $ref:\(link.table)_\(cell).\(link.column)\n")
      } else {
        let isPlain = column.isInteger || column.isNumber
        values.append("      \(column.name): \(isPlain ? cell : quoted(cell))\n")
      }
    }
    return """
        \(table.name)_\(keys.joined(separator: "_")):
          action: create
          entity: \(table.name)
          values:
      \(values.joined())
      """
  }

  private static func quoted(_ text: String) -> String {
    let escaped = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
    return "\"\(escaped)\""
  }
}
