package import SowModel

/// What plans may say of columns that sow fills itself.
extension PlanChecker {
  // MARK: The tenant

  /// A row may name the environment's tenant, and no other.
  mutating func checkTenant(
    _ value: Value, _ field: Int, _ entity: Entity, at range: SourceRange
  ) {
    guard let tenant = entity.managed?.tenant, tenant.field == field,
      tenant.isOther(than: value)
    else { return }
    sink.diagnostics.report(.otherTenant, at: range)
  }

  /// A filter for the rows of another tenant finds nothing, and means to.
  mutating func checkTenants(
    _ conditions: [CheckedCondition], _ filter: [Condition], _ entity: Entity
  ) {
    guard let tenant = entity.managed?.tenant else { return }
    for (condition, written) in zip(conditions, filter)
    where condition.field == tenant.field && condition.comparison == .equal {
      guard let value = condition.operands.first?.known, tenant.isOther(than: value) else {
        continue
      }
      let refusal = Diagnostic(.otherTenant, at: written.operand.range)
      // The query is that of the instance at hand.
      if failsAlone, let number = instances.indices.last {
        invalid[number] = invalid[number] ?? refusal
      } else {
        sink.diagnostics.report(refusal)
      }
    }
  }

  // MARK: Deleted rows

  /// A row that is only marked as deleted keeps its unique values, so that no new one can have them.
  mutating func checkReplacing(_ operation: DataOperation, _ entity: Entity) {
    guard let replaces = operation.replaces, replaces.value, entity.deletesSoftly else { return }
    sink.diagnostics.report(.softReplace, ["entity": entity.name], at: replaces.range)
  }

  // MARK: The version

  /// Whether a value of an `update` is no value, but the version that its rows must have.
  func expectsVersion(_ name: String, _ operation: DataOperation, _ entity: Entity) -> Bool {
    guard operation.action.value == .update, let version = entity.managed?.version else {
      return false
    }
    return entity.position(of: name) == version.field
  }

  /// The filter of an `update` or `delete` without the version that it expects, and that one: a
  /// row of another version is a conflict, not a row that does not match. A filter by the version
  /// alone stays one.
  func versions(
    of operation: DataOperation, _ entity: Entity
  ) -> (filter: [Condition], versions: [Input]) {
    let filter = operation.filter ?? []
    guard let version = entity.managed?.version,
      operation.action.value == .update || operation.action.value == .delete
    else { return (filter, []) }
    var versions = operation.values.filter {
      expectsVersion($0.name.value, operation, entity)
    }.map(\.input)
    let others = filter.filter { condition in
      condition.comparison != .equal || entity.position(of: condition.field.value) != version.field
    }
    guard !others.isEmpty || operation.ids != nil else { return (filter, versions) }
    versions += filter.filter { condition in
      condition.comparison == .equal && entity.position(of: condition.field.value) == version.field
    }.map(\.operand)
    return (others, versions)
  }

  /// An `update` must set something beside the version that it expects.
  mutating func checkVersionAlone(_ operation: DataOperation, _ entity: Entity) {
    guard let first = operation.values.first,
      operation.values.allSatisfy({ expectsVersion($0.name.value, operation, entity) })
    else { return }
    sink.diagnostics.report(
      .onlyVersion, ["field": first.name.value], at: first.name.range)
  }
}

extension ManagedFields.Tenant {
  /// Whether a row that holds `value` is another tenant's.
  func isOther(than value: Value) -> Bool { self.value.map { !$0.isSameKey(as: value) } ?? false }
}

extension Batch {
  /// Fails the rows that name another tenant than the environment's, or one that nobody knows yet.
  mutating func checkTenant() {
    guard let tenant = entity.managed?.tenant,
      let offset = columns.firstIndex(of: tenant.field)
    else { return }
    for index in rows.indices where !rows[index].fate.isDead {
      let place = index * columns.count + offset
      if pending.contains(place) {
        rows[index].end(
          .failed,
          Diagnostic(
            .notKnownYet, ["field": entity.fields[tenant.field].name], at: rows[index].range,
            hint: .text(
              "leave it out: every row gets the tenant of the environment",
              vi: "hãy bỏ nó đi: bản ghi nào cũng nhận tenant của môi trường")))
      } else if tenant.isOther(than: values[place]) {
        rows[index].end(.failed, Diagnostic(.otherTenant, at: rows[index].range))
      }
    }
  }
}

extension DiagnosticCode {
  package static let otherTenant = DiagnosticCode(
    "other-tenant", "Cannot access other tenant's data",
    vi: "Không thể truy cập dữ liệu của tenant khác",
    meaning: """
      The entity's rows belong to tenants, and a run works for the tenant of its environment alone: \
      a row, a filter or an owned row is of another one. Status code 403.
      """,
    example: "values: { tenant_id: other }      # the environment says tenant: acme",
    fix: "Leave the tenant out of the plan, or choose the environment of the other tenant with -e.")
  package static let managedField = DiagnosticCode(
    "managed-field", #"sow itself sets "{field}" of "{entity}""#,
    vi: #"chính sow đặt "{field}" của "{entity}""#,
    meaning: """
      x-sow gives the field a purpose: a version, the mark of deletion, or an injected value. A plan \
      does not set it. Only an update may name the version: the one that its row must have. Status \
      code 403.
      """,
    example: "values: { created_by: luis }      # x-sow: { injected: { created_by: $env:USER } }",
    fix: "Leave the field out; rows are deleted by the action delete.")
  static let softReplace = DiagnosticCode(
    "soft-replace", #"rows of "{entity}" are only marked as deleted, so none is replaced"#,
    vi: #"bản ghi của "{entity}" chỉ được đánh dấu là đã xóa, nên không bản ghi nào được thay thế"#,
    meaning: """
      lifecycle.replace deletes a row and inserts it anew. With x-sow.soft_delete the old row stays, \
      with its key and its unique values.
      """,
    example: "lifecycle: { replace: true }      # x-sow: { soft_delete: deleted_at }",
    fix: "Take replace out, and write the new row as one of its own.")
  static let onlyVersion = DiagnosticCode(
    "only-version", #"the update sets nothing beside "{field}", which is the version it expects"#,
    vi: #"update không đặt gì ngoài "{field}", là phiên bản mà nó chờ đợi"#,
    meaning: "In the values of an update the version is the one that the row must have.",
    example: "action: update\nvalues: { row_version: 3 }",
    fix: "Set another field.")
}
