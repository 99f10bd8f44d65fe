internal import SowModel

/// What fills managed columns: the environment's tenant, and the plan's variables.
struct ManagedSources: Sendable {
  private let tenant: String?
  /// The name of the environment; nil where there is none.
  private let environment: String?
  private let isOffline: Bool
  /// Nil where no row is written.
  private let inputs: InputCompiler?

  /// For reading alone.
  init(_ surroundings: Surroundings) {
    tenant = surroundings.tenant
    environment = surroundings.name
    isOffline = false
    inputs = nil
  }

  init(
    _ surroundings: Surroundings, _ variables: Variables, _ secrets: KeySecrets, isOffline: Bool
  ) {
    tenant = surroundings.tenant
    environment = surroundings.name
    self.isOffline = isOffline
    inputs = InputCompiler(
      variables: variables, entities: [], entityNumbers: [:], targets: [], names: [:], unread: [],
      secrets: secrets)
  }
}

extension ManagedFields {
  /// What a schema says, by position; what is wrong with it is reported. Without `sources` only
  /// what needs none.
  init?(
    _ schema: EntitySchema, _ fields: [Entity.Field], _ sources: ManagedSources?,
    into diagnostics: inout Diagnostics
  ) {
    let said = schema.managed
    guard !said.purposes.isEmpty || !said.injections.isEmpty else { return nil }
    var found = ManagedFields()
    found.reserved = Set(
      (said.purposes + said.injections).compactMap { name in
        name.value == said.tenant?.value ? nil : fields.firstIndex { $0.name == name.value }
      })
    func field(_ name: Located<String>, _ diagnostics: inout Diagnostics) -> Int? {
      guard let position = fields.firstIndex(where: { $0.name == name.value }) else {
        diagnostics.report(
          .schemaUnknownField, ["entity": schema.name, "field": name.value], at: name.range,
          hint: nearest(to: name.value, among: fields.map(\.name))
            .map(Diagnostic.Hint.didYouMean))
        return nil
      }
      return position
    }
    // One column has one purpose; what is injected may be injected again on update.
    var places: [String: SourceRange] = [:]
    for (name, isInjected) in said.purposes.map({ ($0, false) })
      + said.injections.map({ ($0, true) })
    {
      if let first = places[name.value] {
        diagnostics.report(.managedTwice, ["field": name.value], at: name.range, related: [first])
      } else if !isInjected {
        places[name.value] = name.range
      }
    }
    if let name = said.tenant, let position = field(name, &diagnostics) {
      let value = sources?.tenant(fields[position], name, schema, &diagnostics)
      found.tenant = Tenant(field: position, value: value)
      found.onInsert.append(
        Stamp(field: position, content: .value(value ?? .null), label: nil))
    }
    if let version = said.version,
      let position = field(Located(version.value.field, at: version.range), &diagnostics)
    {
      let counts = version.value.rule == .increment
      let type = fields[position].type
      if type == (counts ? .integer : .timestamp) {
        found.version = Version(field: position, counts: counts)
        found.onInsert.append(
          Stamp(field: position, content: counts ? .value(.integer(1)) : .now, label: nil))
      } else {
        diagnostics.report(
          .managedType,
          [
            "key": "version", "field": version.value.field,
            "wanted": counts ? "type: integer" : "format: date-time", "given": type.name,
          ], at: version.range)
      }
    }
    if let name = said.softDelete, let position = field(name, &diagnostics) {
      found.addSoftDelete(fields[position], position, name, &diagnostics)
    }
    for (injections, isUpdate) in [(said.injected, false), (said.injectedOnUpdate, true)] {
      for injection in injections {
        guard let position = field(injection.field, &diagnostics),
          let stamp = sources?.stamp(injection, fields[position], position, &diagnostics)
        else { continue }
        if isUpdate { found.onUpdate.append(stamp) } else { found.onInsert.append(stamp) }
      }
    }
    self = found
  }

  private mutating func addSoftDelete(
    _ field: Entity.Field, _ position: Int, _ name: Located<String>,
    _ diagnostics: inout Diagnostics
  ) {
    guard field.type == .boolean || field.type == .timestamp && field.isNullable else {
      diagnostics.report(
        .managedType,
        [
          "key": "soft_delete", "field": field.name,
          "wanted": Phrase(
            #"type: boolean or type: [string, "null"], format: date-time"#,
            vi: #"type: boolean hoặc type: [string, "null"], format: date-time"#),
          "given": field.type.name,
        ], at: name.range)
      return
    }
    softDelete = position
    if field.type == .boolean {
      onInsert.append(Stamp(field: position, content: .value(.boolean(false)), label: nil))
    }
  }
}

extension ManagedSources {
  func tenant(
    _ field: Entity.Field, _ name: Located<String>, _ schema: EntitySchema,
    _ diagnostics: inout Diagnostics
  ) -> Value? {
    guard let tenant else {
      // Which environment a plan is for may be open until it meets a database.
      if isOffline, environment == nil { return nil }
      let hint: Diagnostic.Hint =
        environment.map {
          .text(
            "set tenant: for the environment \"\($0)\" of sow.yaml",
            vi: "hãy đặt tenant: cho môi trường \"\($0)\" của sow.yaml")
        }
        ?? .text(
          "set tenant: for an environment of sow.yaml, and choose it with -e",
          vi: "hãy đặt tenant: cho một môi trường của sow.yaml, và chọn nó bằng -e")
      diagnostics.report(
        .tenantUnset, ["entity": schema.name], at: name.range, hint: hint)
      return nil
    }
    switch Scalar(tenant, style: .cell).value(as: field.type) {
    case .success(let value): return value
    case .failure(let mistake):
      diagnostics.report(
        .valueType, ["field": field.name, "reason": mistake.reason], at: name.range,
        hint: .text("this is the tenant of the environment", vi: "đây là tenant của môi trường"))
      return nil
    }
  }

  fileprivate func stamp(
    _ injection: ManagedColumns.Injection, _ field: Entity.Field, _ position: Int,
    _ diagnostics: inout Diagnostics
  ) -> ManagedFields.Stamp? {
    if case .scalar(Scalar("now"), _) = injection.input,
      field.type == .timestamp || field.type == .date
    {
      return ManagedFields.Stamp(field: position, content: .now, label: nil)
    }
    guard let inputs else { return nil }
    var sink = InputCompiler.Sink()
    let cell = inputs.cell(injection.input, .init(field), each: .none, into: &sink)
    diagnostics.merge(sink.diagnostics)
    // After a diagnostic the field still counts as filled.
    return ManagedFields.Stamp(
      field: position, content: .value(cell?.known ?? .null), label: sink.label)
  }
}

extension DiagnosticCode {
  static let tenantUnset = DiagnosticCode(
    "tenant-unset", #"the rows of "{entity}" belong to tenants, and the environment has none"#,
    vi: #"các bản ghi của "{entity}" thuộc về tenant, mà môi trường không có tenant nào"#,
    meaning: """
      An entity with x-sow.tenant is read and written for one tenant, which the environment names. \
      A database given with --database alone has no environment, and so no tenant.
      """,
    example: "x-sow: { tenant: tenant_id }      # and no tenant: in sow.yaml",
    fix: "Set it in sow.yaml: environments: { local: { tenant: acme } }.")
  static let managedTwice = DiagnosticCode(
    "managed-twice", #"x-sow fills "{field}" for two purposes"#,
    vi: #"x-sow điền "{field}" cho hai mục đích"#,
    meaning: """
      A column holds the tenant, the version, the mark of deletion, or an injected value: one of \
      them. The same field may be both under injected and under injected_on_update.
      """,
    example: "x-sow: { version: { field: updated_at, by: now }, injected: { updated_at: now } }",
    fix: "Use another column for one of them; the version is set on insert, too.")
  static let managedType = DiagnosticCode(
    "managed-type", #"{key} needs {wanted}, and "{field}" is {given}"#,
    vi: #"{key} cần {wanted}, mà "{field}" là {given}"#,
    meaning: "sow fills the field itself, and its type does not hold what sow would write.",
    example: "x-sow: { version: { field: row_version, by: increment } }   # a string",
    fix: "Correct the type of the field, or name another one.")
}
