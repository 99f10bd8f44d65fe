internal import SowModel
internal import SowSchema

/// Finds and builds the entities that a plan names.
struct EntityResolver {
  /// Nil offline.
  let catalogue: Catalogue?
  /// Whether missing tables and columns will be made.
  let createsTables: Bool
  let schemas: [EntitySchema]
  /// Nil where nothing is read or written.
  let sources: ManagedSources?
  private let positions: [String: Int]
  /// The table of each entity that has a schema.
  let tableNames: [String: String]

  init(
    schemas: [EntitySchema], catalogue: Catalogue?, createsTables: Bool,
    sources: ManagedSources? = nil
  ) {
    self.sources = sources
    self.schemas = schemas
    self.catalogue = catalogue
    self.createsTables = createsTables
    positions = Dictionary(
      schemas.enumerated().map { ($0.element.name, $0.offset) },
      uniquingKeysWith: { first, _ in first })
    tableNames = Dictionary(
      schemas.map { ($0.name, $0.table?.value ?? $0.name) },
      uniquingKeysWith: { first, _ in first })
  }

  /// Whether a schema or a table has this name.
  func knows(_ name: String) -> Bool { positions[name] != nil || catalogue?[name] != nil }

  /// The entity called `name`, or nil after the diagnostics of its schema; its name is known.
  func resolve(_ name: String, into diagnostics: inout Diagnostics) -> Entity? {
    if let position = positions[name] { return entity(schemas[position], into: &diagnostics) }
    return catalogue?[name].map(Entity.init)
  }

  /// The entity that a schema makes of a table of which it says more than the table itself; nil
  /// where there is none, or after diagnostics.
  func entity(of table: String, into diagnostics: inout Diagnostics) -> Entity? {
    guard let schema = schemas.first(where: { tableNames[$0.name] == table }),
      !schema.managed.purposes.isEmpty || schema.permissions != nil, catalogue?[table] != nil
    else { return nil }
    return resolve(schema.name, into: &diagnostics)
  }

  /// The fields of an entity by its schema, and by its table where there is one; nil where neither
  /// is known.
  func fieldNames(of name: String) -> [String]? {
    let columns = catalogue?[tableNames[name] ?? name]?.columns.map(\.name)
    guard let position = positions[name] else { return columns }
    let properties = schemas[position].document["properties"]?.entries?.map(\.key.value) ?? []
    return properties + (columns ?? []).filter { !properties.contains($0) }
  }

  /// That nothing is called `name`. Offline it is only a warning, because the table may exist.
  func unknown(_ name: Located<String>) -> Diagnostic {
    let known = schemas.map(\.name) + (catalogue?.tables.map(\.name) ?? [])
    let hint = nearest(to: name.value, among: known).map(Diagnostic.Hint.didYouMean)
    guard catalogue != nil else {
      return Diagnostic(
        .unknownEntityOffline, ["entity": name.value], at: name.range, hint: hint)
    }
    return Diagnostic(
      .unknownEntity, ["entity": name.value, "known": Phrase.listing(Set(known).sorted())],
      at: name.range, hint: hint)
  }

  private func entity(_ schema: EntitySchema, into diagnostics: inout Diagnostics) -> Entity? {
    guard let compiled = CompiledSchema.compile(schema.document, into: &diagnostics) else {
      return nil
    }
    checkReferences(of: schema, into: &diagnostics)
    let offline = Table(
      schema, compiled: compiled, tables: tableNames, decimals: catalogue?.madeDecimals)
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
    var lacking: [Column] = []
    for field in compiled.fields where table.position(of: field.name) == nil {
      // Links lie elsewhere.
      guard var column = offline.columns.first(where: { $0.name == field.name }) else { continue }
      if createsTables, column.isNullable || field.defaultValue != nil {
        missing.append(table.columns.count)
        table.columns.append(column)
      } else {
        report(missing: column, of: table, at: field.range, into: &diagnostics)
        column.isNullable = true
        lacking.append(column)
      }
    }
    if isLive { compare(schema, compiled, with: table, into: &diagnostics) }
    // Told once; whatever uses it, or leaves it out, is no second mistake.
    table.columns += lacking
    let links = linkColumns(of: schema, compiled, table, into: &diagnostics)
    let missingLinks = links.indices.filter { links[$0].isMissing }.map { table.columns.count + $0 }
    table.columns += links.map(\.column)
    if isLive { missing += missingLinks }
    return entity(
      schema, compiled, table, isLive: isLive, missing: missing, missingLinks: missingLinks,
      into: &diagnostics)
  }

  /// Where columns are made, the statement that makes this one takes the place of a guess.
  private func report(
    missing column: Column, of table: Table, at range: SourceRange,
    into diagnostics: inout Diagnostics
  ) {
    let type = catalogue?.declaration(column.type) ?? ""
    diagnostics.report(
      .missingColumn, ["table": table.name, "column": column.name], at: range,
      hint: createsTables
        ? .text(
          Phrase(
            same: "ALTER TABLE \(table.name) ADD COLUMN \(column.name) \(type) NOT NULL DEFAULT …"))
        : nearest(to: column.name, among: table.columns.map(\.name))
          .map(Diagnostic.Hint.didYouMean))
  }

  private func entity(
    _ schema: EntitySchema, _ compiled: CompiledSchema, _ table: Table, isLive: Bool,
    missing: [Int], missingLinks: [Int], into diagnostics: inout Diagnostics
  ) -> Entity {
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
    for (name, label) in schema.sensitive.sorted(by: { $0.key < $1.key }) {
      _ = position(Located(name, at: label.range))
    }
    for (name, message) in schema.messages.sorted(by: { $0.key < $1.key }) {
      _ = position(Located(name, at: message.range))
    }
    for (name, kind) in schema.generated.sorted(by: { $0.key < $1.key }) {
      _ = position(Located(name, at: kind.range))
    }
    for key in schema.primaryKey { _ = position(key) }
    // Declared, or as the table has it.
    for key in table.primaryKey {
      let name = table.columns[key].name
      guard let label = schema.sensitive[name] else { continue }
      let declared = schema.primaryKey.first { $0.value == name }
      diagnostics.report(.sensitiveKey, ["field": name], at: declared?.range ?? label.range)
    }
    refuseLinks(in: schema, into: &diagnostics)
    let linkLabels = linkLabels(of: schema, table)
    let declared = Dictionary(
      compiled.fields.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    let fields = table.columns.enumerated().map { position, column in
      Entity.Field(
        column, declared[column.name], said: schema.generated[column.name]?.value,
        isImmutable: immutable.contains(position) || table.places(position),
        trims: trimmed.contains(position),
        label: schema.sensitive[column.name]?.value ?? linkLabels[column.name],
        isFilled: schema.managed.fills(column.name))
    }
    let managed = ManagedFields(schema, fields, sources, into: &diagnostics)
    let tenant = managed?.tenant?.field
    return Entity(
      name: schema.name, table: table, isLive: isLive, missingColumns: missing,
      missingLinks: missingLinks, fields: fields,
      uniqueKeys: uniqueKeys.map { $0.filter { $0 != tenant } }.filter { !$0.isEmpty },
      foreignFields: foreign, rowLimit: schema.rowLimit?.value, idLimit: schema.idLimit?.value,
      tooManyRows: schema.tooManyRows, schema: compiled, managed: managed,
      permissions: schema.permissions,
      messages: schema.messages.mapValues(\.value),
      title: schema.document["title"]?.scalar?.text)
  }
}

extension Entity {
  /// An entity without a schema: the live table as it stands.
  fileprivate convenience init(_ table: Table) {
    self.init(
      name: table.name, table: table, isLive: true, missingColumns: [],
      fields: table.columns.enumerated().map { position, column in
        Field(
          column, nil, said: nil, isImmutable: table.places(position), trims: false, label: nil,
          isFilled: false)
      },
      uniqueKeys: table.uniqueKeys, foreignFields: [], rowLimit: nil, idLimit: nil, schema: nil)
  }
}

extension Table {
  /// Whether the column says on which server a row lies.
  fileprivate func places(_ column: Int) -> Bool {
    distribution?.columns.contains(column) ?? false
  }
}

extension Entity.Field {
  /// What column and schema say together.
  fileprivate convenience init(
    _ column: Column, _ field: SchemaField?, said: EntitySchema.KeyGeneration?, isImmutable: Bool,
    trims: Bool, label: String?, isFilled: Bool
  ) {
    let generation: Entity.Generation =
      switch column.generation {
      case _ where said == .uuid: .uuid
      case .key(let recycled): .key(recycled: recycled)
      case .computed: .computed
      case .none: .none
      }
    self.init(
      name: column.name, type: field.map(\.type).flatMap { $0 == .any ? nil : $0 } ?? column.type,
      isNullable: column.isNullable && field?.isNullable ?? true,
      isOptional: column.isNullable || column.hasDefault || generation != .none || said != nil
        || field?.defaultValue != nil || isFilled,
      isRequired: field?.isRequired ?? false, isReadOnly: field?.isReadOnly ?? false,
      generation: generation, isImmutable: isImmutable, trims: trims, label: label,
      defaultValue: field?.defaultValue, precision: column.precision, isLink: column.link != nil)
  }
}
