internal import SowDatabase
internal import SowFiles
internal import SowModel

/// Writes the operations of a plan with the rows that a database has now.
final class Export {
  /// One operation that is written.
  struct Written {
    let operation: ExportedOperation
    let form: ExportedOperation.Form
    let count: Int
  }

  private let database: any Database
  private let conditions: [ResolvedCondition]
  /// Where rows that are too many go; nil puts all of them in the plan.
  private let folder: ExportFolder?
  /// By operation and field, the first row that cannot be written.
  private(set) var problems = Diagnostics()

  init(_ database: any Database, _ conditions: [ResolvedCondition], folder: ExportFolder?) {
    self.database = database
    self.conditions = conditions
    self.folder = folder
  }

  /// Writes the operation with its rows; rows beyond `limit` put all of them in a file.
  func write(_ operation: ExportedOperation, limit: Int, to plan: Outlet) throws -> Written {
    guard let folder else {
      var count = 0
      try rows(of: operation) { cells in
        if count == 0 { plan.write(operation.heading(.inline)) }
        count += 1
        plan.write(operation.line(cells))
        return true
      }
      if count == 0 { plan.write(operation.heading(.empty)) }
      return Written(operation: operation, form: count == 0 ? .empty : .inline, count: count)
    }
    var first: [[ExportedCell]] = []
    try rows(of: operation) { cells in
      first.append(cells)
      return first.count <= limit
    }
    guard first.count > limit else {
      let form: ExportedOperation.Form = first.isEmpty ? .empty : .inline
      plan.write(operation.heading(form))
      for cells in first { plan.write(operation.line(cells)) }
      return Written(operation: operation, form: form, count: first.count)
    }
    let (name, count) = try writeFile(of: operation, in: folder)
    let form = ExportedOperation.Form.file(name)
    plan.write(operation.heading(form))
    return Written(operation: operation, form: form, count: count)
  }

  // MARK: Files

  /// CSV, or JSONL where CSV would read some cell as something else: an empty text as null, or a
  /// text without a type as a number.
  private func writeFile(
    of operation: ExportedOperation, in folder: ExportFolder
  ) throws -> (name: String, count: Int) {
    let csv = try folder.file(operation.name + ".csv")
    csv.outlet.write(operation.csvHeader)
    var count = 0
    var isExact = true
    try rows(of: operation) { cells in
      guard let line = operation.csvLine(cells) else {
        isExact = false
        return false
      }
      csv.outlet.write(line)
      count += 1
      return true
    }
    if isExact {
      folder.keep(csv)
      return (csv.name, count)
    }
    let lines = try folder.file(operation.name + ".jsonl")
    count = 0
    try rows(of: operation) { cells in
      lines.outlet.write(operation.jsonLine(cells))
      count += 1
      return true
    }
    folder.keep(lines)
    return (lines.name, count)
  }

  // MARK: Rows

  /// Hands over the cells of every row that can be written; of others the first of each field is
  /// reported.
  private func rows(
    of operation: ExportedOperation, _ body: ([ExportedCell]) -> Bool
  ) throws(DatabaseError) {
    let width = operation.fields.count
    let checks = operation.fields.enumerated().compactMap { position, field in
      field.linkColumn.map { (position: position, column: $0) }
    }
    let scan = Scan(
      table: operation.table, conditions: operation.conditions + conditions,
      columns: operation.fields.map(\.source)
        + checks.map { Scan.Source(table: operation.table, column: $0.column) },
      order: operation.key)
    var reported: Set<Int> = []
    func report(_ field: Int, _ reason: Phrase, _ values: [Value]) {
      guard reported.insert(field).inserted else { return }
      let key = operation.key.map { values[$0].text }.joined(separator: ", ")
      problems.report(
        .notExported,
        [
          "entity": operation.entity, "field": operation.fields[field].name, "key": key,
          "reason": reason,
        ], at: nil)
    }
    try database.scan(scan) { values in
      for (offset, check) in checks.enumerated()
      where values[check.position].isNull && !values[width + offset].isNull {
        report(check.position, ExportedCell.Misfit.danglingReference.reason, values)
      }
      var cells: [ExportedCell] = []
      cells.reserveCapacity(width)
      for (position, field) in operation.fields.enumerated() {
        do throws(ExportedCell.Misfit) {
          let names = field.reference != nil || operation.key.contains(position)
          cells.append(try ExportedCell(values[position], of: field, isKey: names))
        } catch {
          report(position, error.reason, values)
        }
      }
      return cells.count < width || body(cells)
    }
  }
}

extension DiagnosticCode {
  static let notExported = DiagnosticCode(
    "not-exported", "\"{field}\" of the {entity} with the key {key} holds {reason}",
    vi: "\"{field}\" của {entity} với khóa {key} chứa {reason}",
    meaning: """
      A plan that is written from rows must give back exactly these rows. The type or rules of the \
      field do not let this value through; SQLite keeps any value in any column.
      """,
    example: "sow export --entity event    # a column DATE that holds \"soon\"",
    fix: "Correct the row, or the field's type in the schema: type: string takes any text.")
}
