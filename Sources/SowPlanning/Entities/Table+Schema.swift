internal import SowModel
internal import SowSchema

extension Table {
  /// The table that a schema describes: what `create_tables` makes and what stands in offline.
  init(
    _ schema: EntitySchema, compiled: CompiledSchema, tables: [String: String],
    decimals: NumberPrecision? = nil
  ) {
    let links = Set(schema.links.map(\.field.value))
    let stored = compiled.fields.filter { !links.contains($0.name) }
    let names = stored.map(\.name)
    let keys = Self.primaryKey(of: schema, fields: names)
    let columns = stored.map { field in
      let isOnlyKey = keys == [field.name]
      let said = schema.generated[field.name]?.value
      let isCounted =
        isOnlyKey && field.type == .integer && (said ?? .database) == .database
      return Column(
        name: field.name, declaredType: "", type: field.type,
        isNullable: field.isNullable && !keys.contains(field.name),
        hasDefault: field.defaultValue != nil, defaultValue: field.defaultValue,
        generation: isCounted ? .key(recycled: false) : .none,
        precision: field.type == .decimal ? decimals : nil)
    }
    func positions(_ fields: [String]) -> [Int] {
      fields.compactMap { field in names.firstIndex(of: field) }
    }
    self.init(
      name: schema.table?.value ?? schema.name, columns: columns, primaryKey: positions(keys),
      uniqueKeys: schema.unique.map { positions($0.map(\.value)) },
      foreignKeys: schema.references.filter { !links.contains($0.field.value) }.map { reference in
        ForeignKey(
          columns: positions([reference.field.value]),
          table: tables[reference.entity.value] ?? reference.entity.value,
          referencedColumns: [reference.target])
      },
      hasTriggers: false)
  }

  /// What the schema says; else the property `id` or `<entity>_id`, as tables are named.
  private static func primaryKey(of schema: EntitySchema, fields: [String]) -> [String] {
    if !schema.primaryKey.isEmpty { return schema.primaryKey.map(\.value) }
    return ["id", schema.name + "_id"].first(where: fields.contains).map { [$0] } ?? []
  }
}
