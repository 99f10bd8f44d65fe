internal import SowModel
internal import SowSchema

/// Finds and builds the entities that a plan names.
struct EntityResolver {
  let schemas: [EntitySchema]
  /// Nil offline.
  let catalogue: Catalogue?
  /// Whether missing tables and columns will be made.
  let createsTables: Bool

  /// The entity called `name.value`, or nil after a diagnostic. Offline a name without a schema is
  /// only a warning, because the table may exist.
  func resolve(_ name: Located<String>, into diagnostics: inout Diagnostics) -> Entity? {
    if let schema = schemas.first(where: { $0.name == name.value }) {
      return entity(schema, into: &diagnostics)
    }
    if let table = catalogue?[name.value] { return entity(of: table) }
    let known = schemas.map(\.name) + (catalogue?.tables.map(\.name) ?? [])
    let hint = nearest(to: name.value, among: known).map(Diagnostic.Hint.didYouMean)
    if catalogue == nil {
      diagnostics.report(.unknownEntityOffline, ["entity": name.value], at: name.range, hint: hint)
    } else {
      let list = known.isEmpty ? "none" : known.sorted().joined(separator: ", ")
      diagnostics.report(
        .unknownEntity, ["entity": name.value, "known": list], at: name.range, hint: hint)
    }
    return nil
  }

  /// An entity without a schema: the live table as it stands.
  private func entity(of table: Table) -> Entity {
    let fields = table.columns.map { column in
      Entity.Field(
        name: column.name, type: column.type, isNullable: column.isNullable,
        isOptional: column.isNullable || column.hasDefault || column.generation != .none,
        isRequired: false, isReadOnly: false,
        generation: generation(column, said: nil), isImmutable: false, trims: false, label: nil,
        defaultValue: nil)
    }
    return Entity(
      name: table.name, table: table, isLive: true, missingColumns: [], fields: fields,
      uniqueKeys: table.uniqueKeys, foreignFields: [], rowLimit: nil, idLimit: nil, schema: nil)
  }

  private func entity(_ schema: EntitySchema, into diagnostics: inout Diagnostics) -> Entity? {
    guard let compiled = CompiledSchema.compile(schema.document, into: &diagnostics) else {
      return nil
    }
    let offline = Table(schema, compiled: compiled, tables: tableNames)
    var table = catalogue?[offline.name] ?? offline
    let isLive = catalogue?[offline.name] != nil
    if catalogue != nil, !isLive, !createsTables {
      diagnostics.report(
        .missingTable, ["table": offline.name, "entity": schema.name],
        at: schema.table?.range ?? schema.range,
        hint: nearest(to: offline.name, among: catalogue?.tables.map(\.name) ?? [])
          .map(Diagnostic.Hint.didYouMean))
      return nil
    }
    var missing: [Int] = []
    for field in compiled.fields where table.position(of: field.name) == nil {
      guard let column = offline.columns.first(where: { $0.name == field.name }) else { continue }
      if createsTables, column.isNullable || field.defaultValue != nil {
        missing.append(table.columns.count)
        table.columns.append(column)
      } else {
        diagnostics.report(
          .missingColumn, ["table": table.name, "column": field.name], at: field.range,
          hint: nearest(to: field.name, among: table.columns.map(\.name))
            .map(Diagnostic.Hint.didYouMean))
      }
    }
    return entity(schema, compiled, table, isLive: isLive, missing: missing, into: &diagnostics)
  }

  private func entity(
    _ schema: EntitySchema, _ compiled: CompiledSchema, _ table: Table, isLive: Bool,
    missing: [Int], into diagnostics: inout Diagnostics
  ) -> Entity? {
    let declared = Dictionary(
      compiled.fields.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    func position(_ name: Located<String>) -> Int? {
      if let position = table.position(of: name.value) { return position }
      diagnostics.report(
        .schemaUnknownField, ["entity": schema.name, "field": name.value], at: name.range,
        hint: nearest(to: name.value, among: table.columns.map(\.name))
          .map(Diagnostic.Hint.didYouMean))
      return nil
    }
    let immutable = Set(schema.immutable.compactMap(position))
    let trimmed = Set(schema.trim.compactMap(position))
    let uniqueKeys = schema.unique.map { $0.compactMap(position) }.filter { !$0.isEmpty }
    let foreign = schema.references.compactMap { reference -> Entity.ForeignField? in
      guard let field = position(reference.field) else { return nil }
      return Entity.ForeignField(
        field: field, table: tableNames[reference.entity.value] ?? reference.entity.value,
        target: reference.target)
    }
    for (name, label) in schema.sensitive { _ = position(Located(name, at: label.range)) }
    for (name, kind) in schema.generated { _ = position(Located(name, at: kind.range)) }
    for key in schema.primaryKey where schema.sensitive[key.value] != nil {
      diagnostics.report(.sensitiveKey, ["field": key.value], at: key.range)
    }
    let fields = table.columns.enumerated().map { position, column in
      let field = declared[column.name]
      let said = schema.generated[column.name]?.value
      return Entity.Field(
        name: column.name, type: field.map { $0.type == .any ? column.type : $0.type } ?? column.type,
        isNullable: column.isNullable && (field?.isNullable ?? true),
        isOptional: column.isNullable || column.hasDefault || column.generation != .none
          || said != nil || field?.defaultValue != nil,
        isRequired: field?.isRequired ?? false, isReadOnly: field?.isReadOnly ?? false,
        generation: generation(column, said: said), isImmutable: immutable.contains(position),
        trims: trimmed.contains(position), label: schema.sensitive[column.name]?.value,
        defaultValue: field?.defaultValue)
    }
    return Entity(
      name: schema.name, table: table, isLive: isLive, missingColumns: missing, fields: fields,
      uniqueKeys: uniqueKeys, foreignFields: foreign, rowLimit: schema.rowLimit?.value,
      idLimit: schema.idLimit?.value, schema: compiled)
  }

  private func generation(
    _ column: Column, said: EntitySchema.KeyGeneration?
  ) -> Entity.Generation {
    if said == .uuid { return .uuid }
    switch column.generation {
    case .key(let recycled): return .key(recycled: recycled)
    case .computed: return .computed
    case .none: return .none
    }
  }

  /// The table of each entity that has a schema.
  private var tableNames: [String: String] {
    Dictionary(
      schemas.map { ($0.name, $0.table?.value ?? $0.name) }, uniquingKeysWith: { first, _ in first })
  }
}
