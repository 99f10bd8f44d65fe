internal import SowDatabase
internal import SowModel
internal import SowPlanning

extension TableDefinition {
  /// The table that `create_tables` makes for an entity.
  init(_ entity: Entity) {
    let names = entity.fields.map(\.name)
    self.init(
      name: entity.table.name,
      columns: entity.fields.indices.filter { !entity.fields[$0].isLink }.map {
        Column(entity, $0)
      },
      primaryKey: entity.primaryKey.map { names[$0] },
      unique: entity.table.uniqueKeys.map { $0.map { names[$0] } },
      foreignKeys: entity.table.foreignKeys.compactMap { key in
        guard let column = key.columns.first, let target = key.referencedColumns.first else {
          return nil
        }
        return ForeignKey(column: names[column], table: key.table, target: target)
      })
  }

  /// The table that `create_tables` makes for links.
  init(_ link: LinkTable) {
    let columns = link.table.columns
    self.init(
      name: link.table.name,
      columns: columns.map {
        Column(
          name: $0.name, type: $0.type, isNullable: false, defaultValue: nil,
          isGeneratedKey: false)
      },
      primaryKey: link.table.primaryKey.map { columns[$0].name }, unique: [],
      foreignKeys: link.table.foreignKeys.map {
        ForeignKey(
          column: columns[$0.columns[0]].name, table: $0.table, target: $0.referencedColumns[0])
      })
  }

  /// The definitions of the entities and links that the database lacks, referenced tables first.
  static func missing(of entities: [Entity]) -> [TableDefinition] {
    var waiting = entities.filter { !$0.isLive }.map { TableDefinition($0) }
    for link in entities.flatMap(\.newLinkTables)
    where !waiting.contains(where: { $0.name == link.table.name }) {
      waiting.append(TableDefinition(link))
    }
    var ordered: [TableDefinition] = []
    while !waiting.isEmpty {
      let names = Set(waiting.map(\.name))
      let ready = waiting.filter { table in
        table.foreignKeys.allSatisfy { $0.table == table.name || !names.contains($0.table) }
      }
      // Tables that refer to each other: SQLite takes them in any order.
      let next = ready.isEmpty ? waiting : ready
      ordered += next
      let made = Set(next.map(\.name))
      waiting.removeAll { made.contains($0.name) }
    }
    return ordered
  }
}

extension TableDefinition.Column {
  init(_ entity: Entity, _ position: Int) {
    let field = entity.fields[position]
    let isCounted = if case .key = field.generation { true } else { false }
    self.init(
      name: field.name, type: field.type, isNullable: field.isNullable,
      defaultValue: field.defaultValue, isGeneratedKey: isCounted && entity.generatedKey == position
    )
  }
}
