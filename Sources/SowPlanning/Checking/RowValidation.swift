internal import SowModel
internal import SowSchema

/// Checks rows of one column set against the entity's schema.
///
/// It belongs to one thread, as the validator inside does.
final class RowValidation {
  private let entity: Entity
  private let columns: [Int]
  private let defaults: [Value]
  private let validator: RowValidator?
  /// What is not known here: of a whole row the fields that sow fills, of a patch all that it
  /// leaves out.
  private let rest: [RowCell]
  /// Columns of which nothing but their type is asked.
  private let isPlain: [Bool]
  private var row: [RowCell] = []

  /// - Note: a whole row gets the schema's defaults, as its insert will.
  init(_ entity: Entity, columns: [Int], isWhole: Bool) {
    self.entity = entity
    let defaulted = isWhole ? entity.defaulted(beside: columns) : []
    let others =
      isWhole
      ? entity.stamped(beside: columns).map(\.field)
      : entity.fields.indices.filter { !columns.contains($0) }
    self.columns = columns + defaulted + others
    rest = others.map { .pending(entity.fields[$0].type) }
    defaults = defaulted.compactMap { entity.fields[$0].defaultValue }
    let names = self.columns.map { entity.fields[$0].name }
    let validator = entity.schema?.validator(for: names)
    self.validator = validator
    isPlain = columns.enumerated().map { offset, field in
      validator?.accepts(every: entity.fields[field].type, at: offset) ?? true
    }
  }

  /// Whether a value that the field holds can change what was found while it was not known.
  func concerns(_ value: Value, at offset: Int) -> Bool {
    !isPlain[offset] || !value.isOf(entity.fields[columns[offset]].type)
  }

  /// The violations of a row whose cells are in the order of the columns; a cell without a value
  /// is only known after the apply.
  func violations(_ values: some Sequence<Value?>) -> [SchemaViolation] {
    row.removeAll(keepingCapacity: true)
    for (column, value) in zip(columns, values) {
      row.append(value.map { .value($0) } ?? .pending(entity.fields[column].type))
    }
    return violations()
  }

  /// The violations of a row of which everything is known.
  func violations(_ values: ArraySlice<Value>) -> [SchemaViolation] {
    row.removeAll(keepingCapacity: true)
    for index in values.indices { row.append(.value(values[index])) }
    return violations()
  }

  private func violations() -> [SchemaViolation] {
    guard let validator else { return [] }
    for value in defaults { row.append(.value(value)) }
    row += rest
    return validator.validate(row)
  }
}

extension Value {
  /// Whether the value has the type and so do its items; what a database gave need not.
  fileprivate func isOf(_ type: FieldType) -> Bool {
    if case (.list(let items), .list(let element)) = (self, type) {
      return items.allSatisfy { $0.isOf(element) }
    }
    return !isNull && fitting(type) == self
  }
}

extension Entity {
  /// The fields beside `columns` that an insert fills with the schema's default.
  package func defaulted(beside columns: [Int]) -> [Int] {
    let filled = Set(managed?.onInsert.map(\.field) ?? [])
    return fields.indices.filter {
      fields[$0].defaultValue != nil && !columns.contains($0) && !filled.contains($0)
    }
  }

  /// What a row lacks that neither schema nor database fills.
  func missing(beside columns: [Int]) -> [Int] {
    fields.indices.filter { field in
      !columns.contains(field) && !fields[field].isOptional && !fields[field].isRequired
        && !primaryKey.contains(field)  // That has a diagnostic of its own.
    }
  }
}

extension Diagnostic {
  /// The violation at the place of the value; `allowed` gives a suggestion where nothing is secret.
  init(
    _ violation: SchemaViolation, of entity: Entity, at range: SourceRange, text: String?,
    isSensitive: Bool
  ) {
    var hint = violation.hint
    if hint == nil, let text, !isSensitive {
      hint = nearest(to: text, among: violation.allowed).map { .didYouMean($0) }
    }
    self.init(
      violation.code, violation.facts, at: range, hint: hint, related: [violation.range],
      isSensitive: isSensitive)
    wording = violation.field.flatMap { entity.messages[$0] }
  }
}

extension PlanChecker {
  /// Checks what is known of the instance's row.
  mutating func validate(
    _ number: Int, _ element: Plan.Element, _ operation: DataOperation, _ entity: Entity
  ) {
    let action = operation.action.value
    guard action.insertsRows || action == .update else { return }
    let instance = instances[number]
    let columnSet = Int(instance.columnSet)
    let columns = columnSets[columnSet].columns
    let isWhole = action != .update
    if isWhole { checkMissing(columnSet, of: entity, at: element.range) }
    guard entity.schema != nil else { return }
    let slot = columnSet * 2 + (isWhole ? 1 : 0)
    let validation =
      validators[slot] ?? RowValidation(entity, columns: columns, isWhole: isWhole)
    validators[slot] = validation
    let first = Int(instance.firstCell)
    let violations =
      unsettled.isEmpty
      ? validation.violations(cells[first..<first + columns.count].lazy.map(\.known))
      : validation.violations(
        columns.indices.map { unsettled.contains($0) ? nil : cells[first + $0].known })
    for violation in violations { report(violation, element, entity) }
  }

  private mutating func report(
    _ violation: SchemaViolation, _ element: Plan.Element, _ entity: Entity
  ) {
    let member = element.members.first { $0.name.value == violation.field }
    let isRow = if case .row = element.each { true } else { false }
    let range = isRow ? element.range : member?.input.range ?? element.range
    let position = violation.field.flatMap(entity.position)
    let isSensitive = position.map { entity.fields[$0].label != nil } ?? false
    var text: String?
    if case .scalar(let scalar, _)? = member?.input { text = scalar.text }
    sink.diagnostics.report(
      Diagnostic(violation, of: entity, at: range, text: text, isSensitive: isSensitive))
  }

  mutating func checkMissing(_ columnSet: Int, of entity: Entity, at range: SourceRange) {
    if missing[columnSet] == nil {
      missing[columnSet] = entity.missing(beside: columnSets[columnSet].columns)
    }
    for field in missing[columnSet] ?? [] {
      sink.diagnostics.report(
        .missingField, ["field": entity.fields[field].name, "entity": entity.name], at: range)
    }
  }
}
