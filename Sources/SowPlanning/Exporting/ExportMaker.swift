internal import SowModel

/// What is known of all entities before the first operation is made.
struct ExportMaker {
  let entities: [Entity]
  private let isPartial: Bool
  private let names: [String]
  /// The tables with the types that the schemas say, so that values are read as these.
  private let tables: [Table]
  private let numbers: [String: Int]
  private var keys: [Key] = []
  /// By entity, then field: what a reference there leads to.
  private var references: [[Int: Reference]] = []

  private struct Key {
    var fields: [Int]
    /// Whether the database draws another one for each row.
    var isDrawn = false
  }

  private struct Reference {
    var target: Int
    var field: Int
  }

  init(_ entities: [Entity], isPartial: Bool, drawsKeys: Bool) {
    self.entities = entities
    self.isPartial = isPartial
    names = operationNames(of: entities)
    tables = entities.map(\.typedTable)
    numbers = Dictionary(
      entities.enumerated().map { ($0.element.table.name, $0.offset) },
      uniquingKeysWith: { first, _ in first })
    let found = entities.map { links(of: $0) }
    // A part of the rows is known by the same key as all of them.
    let referred = Set(entities.flatMap { ($0.singleKeys + $0.linkKeys).map(\.table) })
    for entity in entities {
      let isReferred = referred.contains(entity.table.name)
      keys.append(key(of: entity, isReferred: isReferred, drawsKeys: drawsKeys))
    }
    references = found.map { $0.filter { _, link in keys[link.target].fields.count == 1 } }
    // A key that leads through itself names nothing.
    for index in entities.indices {
      for (field, link) in references[index] where leaf(of: link.target) == nil {
        references[index][field] = nil
      }
    }
  }

  // MARK: Keys

  private func key(of entity: Entity, isReferred: Bool, drawsKeys: Bool) -> Key {
    let primaryKey = entity.withoutTenant(entity.primaryKey)
    let isOwn = primaryKey.allSatisfy { entity.isWritten($0) }
    if isOwn, entity.generatedKey == nil { return Key(fields: primaryKey) }
    let natural = (entity.uniqueKeys + entity.tableKeys).first { fields in
      // References name a row by one value.
      (fields.count == 1 || !isReferred) && entity.isUnique(fields)
        && fields.allSatisfy { entity.identifies($0) }
    }
    if let natural { return Key(fields: natural) }
    return Key(fields: entity.primaryKey, isDrawn: drawsKeys || !isOwn)
  }

  // MARK: References

  /// The single fields that refer to rows which are exported, too.
  private func links(of entity: Entity) -> [Int: Reference] {
    var found: [Int: Reference] = [:]
    for (field, table, target) in entity.singleKeys + entity.linkKeys where found[field] == nil {
      guard let number = numbers[table], !(isPartial && table == entity.table.name),
        let position = entities[number].position(of: target), isName(target)
      else { continue }
      found[field] = Reference(target: number, field: position)
    }
    return found
  }

  func targets(of index: Int) -> Set<Int> {
    Set(references[index].values.map(\.target)).union(
      entities[index].table.foreignKeys.compactMap { numbers[$0.table] })
  }

  /// Where the value is that names the rows of an entity; nil where the way there does not end.
  private func leaf(of index: Int) -> Scan.Source? {
    var links: [Scan.Link] = []
    var (current, field) = (index, keys[index].fields[0])
    var visited: Set<Int> = []
    while let reference = references[current][field] {
      guard visited.insert(current).inserted else { return nil }
      links.append(
        link(field, to: reference))
      (current, field) = (reference.target, keys[reference.target].fields[0])
    }
    return Scan.Source(links: links, table: tables[current], column: field)
  }

  /// The way to a row that is exported, too.
  private func link(_ field: Int, to reference: Reference) -> Scan.Link {
    Scan.Link(
      column: field, table: tables[reference.target], target: reference.field,
      conditions: entities[reference.target].visibility())
  }

  // MARK: Operations

  func operation(_ index: Int, notes: inout [ExportDesign.Note]) -> ExportedOperation {
    let entity = entities[index]
    let key = keys[index]
    let positions = entity.fields.indices.filter { position in
      key.fields.contains(position) || entity.isWritten(position) && entity.generatedKey != position
    }
    let needsNames = key.isDrawn || !references[index].isEmpty
    let fields = positions.enumerated().map { offset, position in
      field(
        position, of: index,
        column: needsNames && !isName(entity.fields[position].name)
          ? "column_\(offset + 1)" : entity.fields[position].name)
    }
    for (field, table, _) in entity.singleKeys + entity.linkKeys
    where references[index][field] == nil {
      guard positions.contains(field) else { continue }
      notes.append(
        .bareKeys(entity: entity.name, field: entity.fields[field].name, target: table))
    }
    let shown = Set(references[index].values.map(\.target))
    let hidden = targets(of: index).subtracting(shown).subtracting([index]).sorted()
    return ExportedOperation(
      name: names[index], entity: entity.name, table: tables[index], fields: fields,
      key: key.fields.compactMap(positions.firstIndex), drawsKeys: key.isDrawn,
      dependsOn: hidden.map { names[$0] }, conditions: entity.visibility())
  }

  private func field(_ position: Int, of index: Int, column: String) -> ExportedOperation.Field {
    let entity = entities[index]
    let field = entity.fields[position]
    guard let reference = references[index][position], let leaf = leaf(of: reference.target) else {
      return ExportedOperation.Field(
        name: field.name, column: column,
        source: Scan.Source(table: tables[index], column: position), type: field.type,
        isNullable: field.isNullable, trims: field.trims, precision: field.precision,
        reference: nil, linkColumn: nil)
    }
    let target = entities[reference.target]
    let referred = (names[reference.target], target.fields[reference.field].name)
    if let link = entity.table.columns[position].link {
      var source = leaf
      source.set = position
      source.links.insert(
        Scan.Link(column: link.other, table: tables[reference.target], target: reference.field),
        at: 0)
      return ExportedOperation.Field(
        name: field.name, column: column, source: source,
        type: .list(of: leaf.table.columns[leaf.column].type), isNullable: false, trims: false,
        precision: nil, reference: referred, linkColumn: nil)
    }
    var source = leaf
    // Where the field holds the name itself, nothing has to be looked up.
    let isName = leaf.links.isEmpty && leaf.column == reference.field
    if isName {
      source = Scan.Source(table: tables[index], column: position)
    } else {
      source.links.insert(
        link(position, to: reference), at: 0)
    }
    return ExportedOperation.Field(
      name: field.name, column: column, source: source,
      type: leaf.table.columns[leaf.column].type, isNullable: field.isNullable, trims: false,
      precision: nil, reference: referred, linkColumn: isName ? nil : position)
  }
}

/// Names that operations can have, each once.
private func operationNames(of entities: [Entity]) -> [String] {
  var taken = Set(entities.map(\.name).filter { isName($0) })
  return entities.map { entity in
    if isName(entity.name) { return entity.name }
    let letters = entity.name.utf8.map { isNameByte($0) ? $0 : UInt8(ascii: "_") }
    let stem = "table_" + String(decoding: letters.prefix(80), as: UTF8.self)
    var name = stem
    var count = 1
    while !taken.insert(name).inserted {
      count += 1
      name = "\(stem)_\(count)"
    }
    return name
  }
}
