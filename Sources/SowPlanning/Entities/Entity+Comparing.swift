internal import SowModel
internal import SowSchema

extension EntityResolver {
  /// Where a schema and the live table cannot both be right.
  func compare(
    _ schema: EntitySchema, _ compiled: CompiledSchema, with table: Table,
    into diagnostics: inout Diagnostics
  ) {
    for field in compiled.fields {
      guard let position = table.position(of: field.name) else { continue }
      compare(field, schema, with: table.columns[position], of: table, into: &diagnostics)
    }
    let declared = Set(compiled.fields.map(\.name))
    for column in table.columns where column.isDemanded && !declared.contains(column.name) {
      reportUnrequired(column, of: table, at: schema.range, into: &diagnostics)
    }
    checkPrimaryKey(of: schema, table, into: &diagnostics)
    for key in schema.unique { checkIndex(behind: key, of: schema, table, into: &diagnostics) }
    checkForeignKeys(of: schema, table, into: &diagnostics)
  }

  private func compare(
    _ field: SchemaField, _ schema: EntitySchema, with column: Column, of table: Table,
    into diagnostics: inout Diagnostics
  ) {
    if !field.type.canLie(in: column.type) {
      diagnostics.report(
        .columnType,
        [
          "field": field.name, "type": field.type.name, "table": table.name,
          "declared": column.declaredType,
        ], at: field.range)
    }
    let isFilled =
      field.isRequired || field.defaultValue != nil || schema.generated[field.name] != nil
      || schema.managed.fills(field.name)
    if column.isDemanded, !isFilled {
      reportUnrequired(column, of: table, at: field.range, into: &diagnostics)
    }
  }

  private func reportUnrequired(
    _ column: Column, of table: Table, at range: SourceRange, into diagnostics: inout Diagnostics
  ) {
    diagnostics.report(
      .columnNotRequired, ["table": table.name, "column": column.name], at: range,
      hint: .text(
        "add \"\(column.name)\" to required", vi: "hãy thêm \"\(column.name)\" vào required"))
  }

  /// sow finds rows again by the table's own key, whatever the schema calls one.
  private func checkPrimaryKey(
    of schema: EntitySchema, _ table: Table, into diagnostics: inout Diagnostics
  ) {
    let said = schema.primaryKey.compactMap { table.position(of: $0.value) }
    guard let first = schema.primaryKey.first, said.count == schema.primaryKey.count,
      Set(said) != Set(table.primaryKey)
    else { return }
    let own = table.primaryKey.map { table.columns[$0].name }.joined(separator: ", ")
    diagnostics.report(
      .otherPrimaryKey,
      [
        "table": table.name, "said": schema.primaryKey.map(\.value).joined(separator: ", "),
        "own": own.isEmpty ? Phrase("none", vi: "không có") : Phrase(same: "(\(own))"),
      ], at: first.range)
  }

  private func checkIndex(
    behind key: [Located<String>], of schema: EntitySchema, _ table: Table,
    into diagnostics: inout Diagnostics
  ) {
    let positions = key.compactMap { table.position(of: $0.value) }
    guard let first = key.first, positions.count == key.count, !table.isUnique(positions) else {
      return
    }
    // Each tenant may have its own.
    let tenant = schema.managed.tenant.flatMap { table.position(of: $0.value) }
    if let tenant, table.isUnique(positions + [tenant]) { return }
    let names = key.map(\.value).joined(separator: ", ")
    diagnostics.report(
      .missingUniqueIndex, ["table": table.name, "fields": names], at: first.range,
      hint: .text(Phrase(same: "CREATE UNIQUE INDEX … ON \(table.name) (\(names))")))
  }

  /// Each reference leads to a field that there is.
  func checkReferences(of schema: EntitySchema, into diagnostics: inout Diagnostics) {
    for reference in schema.references {
      let name = reference.entity.value
      guard let known = fieldNames(of: name) else {
        diagnostics.report(unknown(reference.entity))
        continue
      }
      guard !known.contains(reference.target) else { continue }
      diagnostics.report(
        .schemaUnknownField, ["entity": name, "field": reference.target],
        at: reference.entity.range,
        hint: nearest(to: reference.target, among: known).map(Diagnostic.Hint.didYouMean)
          ?? .text("it has {known}", vi: "nó có {known}", ["known": Phrase.listing(known)]))
    }
  }

  private func checkForeignKeys(
    of schema: EntitySchema, _ table: Table, into diagnostics: inout Diagnostics
  ) {
    for reference in schema.references {
      let name = reference.entity.value
      // What the reference itself gets wrong has had its diagnostic.
      guard fieldNames(of: name)?.contains(reference.target) == true,
        let field = table.position(of: reference.field.value)
      else { continue }
      let target = tableNames[name] ?? name
      let isDeclared = table.foreignKeys.contains { key in
        key.columns == [field] && key.table == target
          && key.referencedColumns == [reference.target]
      }
      if isDeclared { continue }
      diagnostics.report(
        .missingForeignKey,
        [
          "table": table.name, "field": reference.field.value,
          "target": "\(target).\(reference.target)",
        ], at: reference.field.range)
    }
  }
}

extension Column {
  /// Whether an insert must bring a value.
  var isDemanded: Bool { !isNullable && !hasDefault && generation == .none }
}

extension Table {
  /// Whether the primary key or a unique index is on exactly these columns.
  func isUnique(_ columns: [Int]) -> Bool {
    let wanted = Set(columns)
    return Set(primaryKey) == wanted || uniqueKeys.contains { Set($0) == wanted }
  }
}

extension FieldType {
  /// Whether a column of the other type may hold this one; only clear contradictions are false.
  func canLie(in column: FieldType) -> Bool {
    switch (self, column) {
    case (.any, _), (_, .any): true
    case (.decimal, .string): true  // Kept digit by digit.
    case (.integer, .date), (.integer, .time), (.integer, .timestamp): true  // Unix time.
    default:
      switch (kind, column.kind) {
      case (.number, .number), (.text, .text), (.text, .structure), (.text, .bytes): true
      case (.structure, .structure), (.structure, .bytes): true
      case (.structure, .text): column == .string
      case (.bytes, .bytes), (.bytes, .text): true
      default: false
      }
    }
  }

  private enum Kind { case number, text, structure, bytes }

  private var kind: Kind {
    switch self {
    case .integer, .decimal, .float, .boolean: .number
    case .string, .date, .time, .timestamp, .uuid, .any: .text
    case .object, .list: .structure
    case .bytes: .bytes
    }
  }
}

extension DiagnosticCode {
  static let columnType = DiagnosticCode(
    "column-type",
    #"the schema calls "{field}" {type}, but the column in "{table}" is {declared}"#,
    vi: #"schema nói "{field}" là {type}, nhưng cột trong "{table}" là {declared}"#,
    meaning: "The type in the schema contradicts the type of the live column.",
    example: "age: { type: string }   # the column is INTEGER",
    fix: "Correct the type in the schema, or alter the column.")
  static let columnNotRequired = DiagnosticCode(
    "column-not-required",
    #""{column}" of "{table}" may not be null and has no default, but the schema does not ask for it"#,
    vi: """
      "{column}" của "{table}" không được là null và không có giá trị mặc định, nhưng schema không \
      bắt buộc nó
      """,
    severity: .warning,
    meaning: "An insert that the schema accepts would be refused by the database.",
    example: "required: [name]   # the column email is NOT NULL, too",
    fix: "Add the field to required, or give it a default.")
  static let otherPrimaryKey = DiagnosticCode(
    "other-primary-key", #"the primary key of "{table}" is {own}, not ({said})"#,
    vi: #"khóa chính của "{table}" là {own}, không phải ({said})"#,
    meaning: "x-sow.primary_key names other fields than the primary key of the live table.",
    example: "x-sow: { primary_key: email }   # the table has PRIMARY KEY (customer_id)",
    fix: "Correct x-sow.primary_key; fields that are unique beside it go to x-sow.unique.")
  static let missingUniqueIndex = DiagnosticCode(
    "missing-unique-index", #"no unique index of "{table}" is on ({fields})"#,
    vi: #"không có chỉ mục duy nhất nào của "{table}" trên ({fields})"#,
    meaning: "x-sow calls fields unique, but the database would take the same values twice.",
    example: "x-sow: { unique: [[email]] }   # no UNIQUE (email)",
    fix: "Create the unique index, or correct x-sow.unique.")
  static let missingForeignKey = DiagnosticCode(
    "missing-foreign-key", #""{field}" of "{table}" has no foreign key to {target}"#,
    vi: #""{field}" của "{table}" không có khóa ngoại đến {target}"#,
    severity: .warning,
    meaning: "x-sow declares a reference that the database does not hold.",
    example: "x-sow: { references: { customer_id: customer.customer_id } }",
    fix: "Add the foreign key, or correct x-sow.references.")
}
