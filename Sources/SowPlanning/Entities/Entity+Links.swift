internal import SowModel
internal import SowSchema

extension EntityResolver {
  /// The set-valued columns of a schema, to stand after those of its table; what cannot be one is
  /// reported and left out.
  func linkColumns(
    of schema: EntitySchema, _ compiled: CompiledSchema, _ table: Table,
    into diagnostics: inout Diagnostics
  ) -> [(column: Column, isMissing: Bool)] {
    guard let first = schema.links.first else { return [] }
    guard table.primaryKey.count == 1 else {
      diagnostics.report(.linkWithoutKey, ["entity": schema.name], at: first.field.range)
      return []
    }
    let key = table.columns[table.primaryKey[0]]
    return schema.links.compactMap { link in
      guard let field = compiled.fields.first(where: { $0.name == link.field.value }) else {
        let names = compiled.fields.map(\.name)
        diagnostics.report(
          .schemaUnknownField, ["entity": schema.name, "field": link.field.value],
          at: link.field.range,
          hint: nearest(to: link.field.value, among: names).map(Diagnostic.Hint.didYouMean))
        return nil
      }
      guard table.position(of: field.name) == nil else {
        diagnostics.report(
          .linkIsColumn, ["field": field.name, "table": table.name], at: link.field.range)
        return nil
      }
      guard case .list(let item) = field.type, item.canBeLinked, !field.isNullable else {
        diagnostics.report(.linkNotList, ["field": field.name], at: field.range)
        return nil
      }
      let target = schema.references.first { $0.field.value == field.name }
      let made = Table(
        link, parent: table, key, item: item,
        target: target.map { (tableNames[$0.entity.value] ?? $0.entity.value, $0.target) })
      let live = catalogue?[made.name]
      if catalogue != nil, live == nil, !createsTables {
        diagnostics.report(
          .missingTable, ["table": made.name, "entity": schema.name], at: link.table.range,
          hint: nearest(to: made.name, among: catalogue?.tables.map(\.name) ?? [])
            .map(Diagnostic.Hint.didYouMean))
        return nil
      }
      guard let links = links(link, live ?? made, made, into: &diagnostics) else { return nil }
      let column = Column(
        name: field.name, declaredType: "", type: field.type, isNullable: false, hasDefault: true,
        generation: .none, link: links)
      return (column, live == nil)
    }
  }

  /// The links in a table; nil after the diagnostic of a column that it lacks. It is held against
  /// the one that sow would make.
  private func links(
    _ link: EntitySchema.Link, _ table: Table, _ made: Table, into diagnostics: inout Diagnostics
  ) -> LinkTable? {
    let positions = [link.own, link.other].enumerated().compactMap { place, name -> Int? in
      guard let position = table.position(of: name.value) else {
        diagnostics.report(
          .missingColumn, ["table": table.name, "column": name.value], at: name.range,
          hint: nearest(to: name.value, among: table.columns.map(\.name))
            .map(Diagnostic.Hint.didYouMean))
        return nil
      }
      let (wanted, found) = (made.columns[place], table.columns[position])
      if !wanted.type.canLie(in: found.type) {
        diagnostics.report(
          .columnType,
          [
            "field": name.value, "type": wanted.type.name, "table": table.name,
            "declared": found.declaredType,
          ], at: name.range)
      }
      return position
    }
    guard positions.count == 2 else { return nil }
    for (position, column) in table.columns.enumerated()
    where column.isDemanded && !positions.contains(position) {
      diagnostics.report(
        .linkDemands, ["table": table.name, "column": column.name], at: link.table.range)
    }
    for key in made.foreignKeys {
      let (name, position) = (key.columns == [0] ? link.own : link.other, positions[key.columns[0]])
      let isThere = table.foreignKeys.contains {
        $0.columns == [position] && $0.table == key.table
          && $0.referencedColumns == key.referencedColumns
      }
      if isThere { continue }
      diagnostics.report(
        .missingForeignKey,
        [
          "table": table.name, "field": name.value,
          "target": key.table + "." + key.referencedColumns[0],
        ], at: name.range)
    }
    return LinkTable(table: table, own: positions[0], other: positions[1])
  }

  /// A set of links is no part of a key, and nothing to trim or to make.
  func refuseLinks(in schema: EntitySchema, into diagnostics: inout Diagnostics) {
    guard !schema.links.isEmpty else { return }
    let links = Set(schema.links.map(\.field.value))
    let places: [(String, [Located<String>])] = [
      ("primary_key", schema.primaryKey), ("unique", schema.unique.flatMap { $0 }),
      ("trim", schema.trim),
      (
        "generated",
        schema.generated.sorted { $0.key < $1.key }.map { Located($0.key, at: $0.value.range) }
      ),
    ]
    for (place, names) in places {
      for name in names where links.contains(name.value) {
        diagnostics.report(.linkMisplaced, ["field": name.value, "place": place], at: name.range)
      }
    }
  }

  /// What stands for links whose members are sensitive where they come from, by field.
  func linkLabels(of schema: EntitySchema, _ table: Table) -> [String: String] {
    var labels: [String: String] = [:]
    for column in table.columns {
      guard let link = column.link else { continue }
      let declared = schema.references.first { $0.field.value == column.name }
      let key = link.table.foreignKeys.first { $0.columns == [link.other] }
      let target = declared.map { (tableNames[$0.entity.value] ?? $0.entity.value, $0.target) }
      guard let (name, field) = target ?? key.map({ ($0.table, $0.referencedColumns[0]) }),
        let other = schemas.first(where: { ($0.table?.value ?? $0.name) == name })
      else { continue }
      labels[column.name] = other.sensitive[field]?.value
    }
    return labels
  }
}

extension Table {
  /// The table that `create_tables` makes for links. Its rows go with those that they belong to
  /// because sow takes them along, not by a cascade: so a row that is deleted by hand keeps its
  /// links from being lost in silence.
  fileprivate init(
    _ link: EntitySchema.Link, parent: Table, _ key: Column, item: FieldType,
    target: (table: String, field: String)?
  ) {
    func column(_ name: String, _ type: FieldType) -> Column {
      Column(
        name: name, declaredType: "", type: type, isNullable: false, hasDefault: false,
        generation: .none)
    }
    var foreignKeys = [
      ForeignKey(columns: [0], table: parent.name, referencedColumns: [key.name])
    ]
    if let target {
      foreignKeys.append(
        ForeignKey(columns: [1], table: target.table, referencedColumns: [target.field]))
    }
    self.init(
      name: link.table.value,
      columns: [column(link.own.value, key.type), column(link.other.value, item)],
      primaryKey: [0, 1], uniqueKeys: [], foreignKeys: foreignKeys, hasTriggers: false)
  }
}

extension FieldType {
  /// Whether values of the type name a row exactly.
  fileprivate var canBeLinked: Bool {
    switch self {
    case .string, .integer, .date, .time, .timestamp, .uuid: true
    case .decimal, .float, .boolean, .bytes, .object, .list, .any: false
    }
  }
}

extension DiagnosticCode {
  static let linking: [DiagnosticCode] = [
    linkWithoutKey, linkIsColumn, linkNotList, linkDemands, linkMisplaced, linkTableWritten,
  ]

  static let linkWithoutKey = DiagnosticCode(
    "link-without-key", #""{entity}" has links, so it needs a primary key of one field"#,
    vi: #""{entity}" có liên kết nên cần khóa chính gồm một trường"#,
    meaning: "Each link names the row that it belongs to by the key of that row, in one column.",
    example: "x-sow: { primary_key: [a, b], links: { … } }",
    fix: "Give the table a primary key of one field, or leave the join table an entity.")
  static let linkIsColumn = DiagnosticCode(
    "link-is-column", #""{field}" is a link, and a column of "{table}" too"#,
    vi: #""{field}" là liên kết, đồng thời là cột của "{table}""#,
    meaning: "A link lies in the join table, so nothing of it can be in the table itself.",
    example: "x-sow: { links: { name: { … } } }   # people has a column name",
    fix: "Give the link another name.")
  static let linkNotList = DiagnosticCode(
    "link-not-list", #""{field}" is a link, so its type is a list of keys"#,
    vi: #""{field}" là liên kết nên kiểu của nó là danh sách khóa"#,
    meaning: """
      A link is the set of the keys that a row is linked with: type: array, with items of type \
      integer or string (format uuid, date, time or date-time, too), and never null.
      """,
    example: "category_ids: { type: string }\nx-sow: { links: { category_ids: { … } } }",
    fix: "Write { type: array, items: { type: integer } }; no link at all is [].")
  static let linkDemands = DiagnosticCode(
    "link-demands",
    #""{column}" of the join table "{table}" may not be null and has no default"#,
    vi: #""{column}" của bảng nối "{table}" không được null và không có giá trị mặc định"#,
    meaning: "Links are written as two keys; nothing would fill another column.",
    example: "CREATE TABLE tagging (post_id, tag_id, weight INTEGER NOT NULL)",
    fix: "Give the column a default, or make the join table an entity of its own.")
  static let linkMisplaced = DiagnosticCode(
    "link-misplaced", #""{field}" is a set of links, so it cannot be in {place}"#,
    vi: #""{field}" là tập hợp liên kết nên không thể nằm trong {place}"#,
    meaning: "Links lie in a table of their own: rows are not found, ordered or made by them.",
    example: "where: { category_ids: [1] }",
    fix: "Use other fields there, or read the join table as an entity of its own.")
  static let linkTableWritten = DiagnosticCode(
    "link-table-written", #"the rows of "{table}" are the links "{field}" of "{entity}""#,
    vi: #"các bản ghi của "{table}" là liên kết "{field}" của "{entity}""#,
    meaning: """
      The rows of a join table belong to the rows that have the links: sow takes away those that \
      the set does not have. Two operations would undo each other's work in every run.
      """,
    example: "one operation sets category_ids, another creates rows of activity_category",
    fix: "Write the links in one of the two ways.")
}
