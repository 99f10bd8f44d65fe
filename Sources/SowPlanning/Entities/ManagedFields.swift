package import SowModel

/// The fields of an entity that sow fills itself, by position, and the rows that it never sees.
package struct ManagedFields: Sendable {
  /// Whose rows are seen; nil where the entity knows no tenants.
  package var tenant: Tenant?
  package var version: Version?
  /// The field that says that a row is deleted.
  package var softDelete: Int?
  /// What every new row holds, but where it is written.
  package var onInsert: [Stamp] = []
  /// What every row holds that is changed, the version aside.
  package var onUpdate: [Stamp] = []
  /// Fields that no plan sets: all but the tenant, which a row may name. An `update` may expect a
  /// version.
  var reserved: Set<Int> = []

  package struct Tenant: Sendable {
    package let field: Int
    /// Nil where nobody knows it, so that nothing is read or written either.
    package let value: Value?
  }

  package struct Version: Sendable {
    package let field: Int
    /// Whether it counts; else it holds the time of the run.
    package let counts: Bool
  }

  /// A value that is the same for all rows of a run.
  package struct Stamp: Sendable {
    package let field: Int
    package let content: Content
    /// What stands for a value that must not be shown.
    package let label: String?

    package enum Content: Sendable {
      case value(Value)
      /// The time of the run, as the field holds it.
      case now
    }
  }

}

extension Entity {
  /// The fields beside `columns` that sow fills on insert.
  package func stamped(beside columns: [Int]) -> [ManagedFields.Stamp] {
    managed?.onInsert.filter { !columns.contains($0.field) } ?? []
  }

  /// What stands for the values that sow itself wrote and that must not be shown, by field.
  package func stampLabels(isNew: Bool, isChanged: Bool) -> [Int: String] {
    let stamps = isNew ? managed?.onInsert : isChanged ? managed?.onUpdate : nil
    return Dictionary(
      (stamps ?? []).compactMap { stamp in stamp.label.map { (stamp.field, $0) } },
      uniquingKeysWith: { first, _ in first })
  }

  /// Whether a change of other fields changes the field, too.
  package func isStampedOnUpdate(_ field: Int) -> Bool {
    guard let managed else { return false }
    return managed.version?.field == field || managed.onUpdate.contains { $0.field == field }
  }

  /// What a row must pass to be seen; `isDeleted` asks for the rows that are deleted instead.
  package func visibility(isDeleted: Bool = false) -> [ResolvedCondition] {
    guard let managed else { return [] }
    var conditions: [ResolvedCondition] = []
    if let tenant = managed.tenant, let value = tenant.value {
      conditions.append(
        ResolvedCondition(column: tenant.field, comparison: .equal, operands: [value]))
    }
    if let field = managed.softDelete {
      conditions.append(
        fields[field].type == .boolean
          ? ResolvedCondition(
            column: field, comparison: isDeleted ? .equal : .notEqual, operands: [.boolean(true)])
          : ResolvedCondition(
            column: field, comparison: .isNull, operands: [.boolean(!isDeleted)]))
    }
    return conditions
  }

  /// Whether there may be rows that are not seen.
  var hidesRows: Bool { managed?.tenant != nil || managed?.softDelete != nil }

  /// Whether rows are marked as deleted, and stay.
  package var deletesSoftly: Bool { managed?.softDelete != nil }

  /// What the field of a deleted row holds, and what that of any other.
  package func deletedMark(_ isDeleted: Bool, now: Value) -> Value {
    guard let field = managed?.softDelete else { return .null }
    if fields[field].type == .boolean { return .boolean(isDeleted) }
    return isDeleted ? now : .null
  }

  /// Whether a value of the field for deletion says so.
  func says(deleted value: Value) -> Bool {
    guard let field = managed?.softDelete else { return false }
    if fields[field].type != .boolean { return !value.isNull }
    return value == .boolean(true) || value == .integer(1)
  }

  /// Fields whose old and new value are shown with a change: a counted version, and the mark of
  /// deletion.
  var changedAlong: [Int] {
    guard let managed else { return [] }
    let counted = managed.version.flatMap { $0.counts ? $0.field : nil }
    return [counted, managed.softDelete].compactMap { $0 }
  }

  /// The version after `held`.
  package func nextVersion(_ held: Value, now: Value) -> Value {
    guard managed?.version?.counts == true else { return now }
    guard case .integer(let number) = held, number < .max else { return .integer(1) }
    return .integer(number + 1)
  }

  /// Fields without that of the tenant, which is the same in all rows that are seen.
  func withoutTenant(_ fields: [Int]) -> [Int] {
    guard let tenant = managed?.tenant else { return fields }
    return fields.filter { $0 != tenant.field }
  }

  /// The unique keys of the table, that of the tenant left out.
  var tableKeys: [[Int]] { table.uniqueKeys.map(withoutTenant).filter { !$0.isEmpty } }

  /// The fields of which each row that is seen has values of its own: the table's unique keys and
  /// its primary key, that of the tenant left out.
  var takenKeys: [[Int]] {
    tableKeys + [withoutTenant(table.primaryKey)].filter { !$0.isEmpty }
  }

  /// Whether the database holds these fields unique among the rows that are seen.
  func isUnique(_ columns: [Int]) -> Bool {
    if table.isUnique(columns) { return true }
    return managed?.tenant.map { table.isUnique(columns + [$0.field]) } ?? false
  }
}
