internal import SowModel

/// What is worth to know of the tables that a plan writes, and stops nothing.
extension PlanChecker {
  /// Says each thing once, at the first operation that has to do with it.
  mutating func tellOfTables() {
    var isTold = entities.map { _ in false }
    var columns: Set<[Int]> = []
    let hasForeign = entities.map { $0.table.columns.contains(where: \.isForeignType) }
    for index in operations.indices where operations[index].action != .read {
      let number = operations[index].entity
      guard !isTold[number] || hasForeign[number] else { continue }
      let (operation, entity) = (operations[index], entities[number])
      let range = plan.operations[index].entity.range
      if !isTold[number] { tellOfKeys(entity, at: range) }
      isTold[number] = true
      guard hasForeign[number] else { continue }
      for column in writtenColumns(of: operation)
      where entity.table.columns[column].isForeignType
        && columns.insert([operation.entity, column]).inserted
      {
        sink.diagnostics.report(
          .foreignType,
          [
            "entity": entity.name, "field": entity.fields[column].name,
            "type": entity.table.columns[column].declaredType,
          ], at: place(of: column, entity, index) ?? range)
      }
    }
  }

  private mutating func tellOfKeys(_ entity: Entity, at range: SourceRange) {
    guard entity.table.distribution != nil, !entity.primaryKey.isEmpty else { return }
    let keys = ([entity.primaryKey] + entity.table.uniqueKeys).map { key in
      "(" + key.map { entity.fields[$0].name }.joined(separator: ", ") + ")"
    }
    sink.diagnostics.report(
      .keyNotHeld, ["table": entity.table.name, "keys": Phrase.listing(keys)], at: range)
  }

  private func writtenColumns(of operation: CheckedOperation) -> [Int] {
    let sets = Set(instances[operation.instances].map { Int($0.columnSet) })
    return (sets.sorted() + (operation.stream.map { [$0.columnSet] } ?? []))
      .flatMap { columnSets[$0].columns }
  }

  /// Where an operation first names the field among its values.
  private func place(of column: Int, _ entity: Entity, _ index: Int) -> SourceRange? {
    plan.operations[index].values.first { $0.name.value == entity.fields[column].name }?.name.range
  }
}

extension DiagnosticCode {
  static let keyNotHeld = DiagnosticCode(
    "key-not-held", #"no index holds {keys} of "{table}" unique: its rows lie on other servers"#,
    vi: #"không chỉ mục nào giữ {keys} của "{table}" là duy nhất: bản ghi nằm trên máy chủ khác"#,
    severity: .warning,
    meaning: """
      A table that is foreign, or partitioned over foreign servers, can have no unique index, so its \
      keys are those that its schema declares. sow looks itself whether a key that it reads or writes \
      is there twice; what others write beside it nobody holds unique, and servers commit one after \
      the other.
      """,
    example: "CREATE TABLE customer (…) PARTITION BY LIST (region)   # each part a FOREIGN TABLE",
    fix: "Nothing, as long as nobody else writes the same keys: it is said so that you know.")
  static let foreignType = DiagnosticCode(
    "foreign-type", #""{field}" of "{entity}" is {type}: its values travel as text, with a cast"#,
    vi: #""{field}" của "{entity}" là {type}: giá trị được gửi dạng văn bản, kèm phép ép kiểu"#,
    severity: .warning,
    meaning: """
      sow knows no more of the column's type than its text form, so it cannot check a value before \
      the database does, and compares what the column is written as.
      """,
    example: "address: 10.0.0.1   # the column is inet",
    fix: "Write values in the form that the database gives them back in.")
}
