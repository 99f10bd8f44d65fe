internal import SowModel
internal import SowSchema

/// A named query as its files and the database agree on it.
final class CallableQuery: Sendable {
  let name: String
  /// Its parameters, as the fields of a row.
  let parameters: Entity
  /// What it gives, as the fields of a row; unknown where neither files nor database say so.
  let columns: Entity
  /// Nil after a diagnostic.
  let statement: QueryStatement?
  /// Whether the database cannot run it before tables or columns are made.
  let awaitsTables: Bool
  private let tables: Set<String>?

  init(
    name: String, parameters: Entity, columns: Entity, statement: QueryStatement?,
    tables: Set<String>?, awaitsTables: Bool
  ) {
    self.name = name
    self.parameters = parameters
    self.columns = columns
    self.statement = statement
    self.tables = tables
    self.awaitsTables = awaitsTables
  }

  /// Whether it may read a table: where the database does not say, one that its text names.
  func reads(_ table: String) -> Bool {
    tables?.contains(table) ?? statement?.words.contains(table.lowercased()) ?? false
  }
}

/// What a `read` asks a named query for.
struct CheckedCall: Sendable {
  let query: CallableQuery
  /// Parameters by position, with their values.
  let given: [(parameter: Int, cell: Cell)]
  /// Whether all that is given was checked with the plan.
  let isChecked: Bool
}

extension Entity {
  /// The parameters or columns of a query, as the fields of a row.
  ///
  /// Its table has a name that no table can have, so that the query is never taken for one.
  convenience init(
    of query: NamedQuery, _ schema: CompiledSchema, permissions: Permissions? = nil,
    elementLimit: ClosedRange<Int>? = nil
  ) {
    let fields = schema.fields.map { field in
      Field(
        ofQuery: field.name, field.type, isNullable: field.isNullable,
        isRequired: field.isRequired, label: query.sensitive[field.name]?.value,
        defaultValue: field.defaultValue)
    }
    self.init(
      ofQuery: query.name, fields, schema: schema, permissions: permissions,
      elementLimit: elementLimit, messages: query.messages.mapValues(\.value))
  }

  /// What a statement gives of which only the names are known.
  convenience init(of query: NamedQuery, columns: [String]) {
    let fields = columns.map {
      Field(
        ofQuery: $0, .any, isNullable: true, isRequired: false,
        label: query.sensitive[$0]?.value, defaultValue: nil)
    }
    self.init(
      ofQuery: query.name, fields, schema: nil, permissions: query.permissions,
      elementLimit: query.elementLimit?.value, messages: [:])
  }

  private convenience init(
    ofQuery name: String, _ fields: [Field], schema: CompiledSchema?, permissions: Permissions?,
    elementLimit: ClosedRange<Int>?, messages: [String: Phrase]
  ) {
    let table = Table(
      name: "\u{0}" + name,
      columns: fields.map {
        Column(
          name: $0.name, declaredType: "", type: $0.type, isNullable: $0.isNullable,
          hasDefault: false, generation: .none)
      }, primaryKey: [], uniqueKeys: [], foreignKeys: [], hasTriggers: false)
    self.init(
      name: name, table: table, isLive: true, missingColumns: [], fields: fields, uniqueKeys: [],
      foreignFields: [], rowLimit: nil, idLimit: nil, elementLimit: elementLimit, schema: schema,
      permissions: permissions, messages: messages)
  }
}

extension Entity.Field {
  fileprivate convenience init(
    ofQuery name: String, _ type: FieldType, isNullable: Bool, isRequired: Bool, label: String?,
    defaultValue: Value?
  ) {
    self.init(
      name: name, type: type, isNullable: isNullable, isOptional: true, isRequired: isRequired,
      isReadOnly: false, generation: .none, isImmutable: false, trims: false, label: label,
      defaultValue: defaultValue, precision: nil, isLink: false)
  }
}
