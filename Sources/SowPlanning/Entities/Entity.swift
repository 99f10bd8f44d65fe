package import SowModel
package import SowSchema

/// A kind of row as the checks and the database agree on it: the schema file, the table, or both.
///
/// A class, because it is large and goes along with every row.
package final class Entity: Sendable {
  package let name: String
  /// The schema's title, else the name: what people call a row.
  package let title: String
  /// False where neither schema nor table is known: nothing is said of its fields then.
  let isKnown: Bool
  /// As the catalogue has it; made from the schema offline and where the table is still to be made.
  package let table: Table
  /// Whether the database has the table now.
  package let isLive: Bool
  /// Columns of `table` that the database lacks, sets whose links have no table among them.
  package let missingColumns: [Int]
  /// Set-valued columns whose table of links is still to be made, with the table itself or beside.
  package let missingLinks: [Int]
  /// One a column of `table`, in its order.
  package let fields: [Field]
  /// Natural keys as positions of fields, the schema's first.
  package let uniqueKeys: [[Int]]
  package let foreignFields: [ForeignField]
  package let rowLimit: ClosedRange<Int>?
  package let idLimit: ClosedRange<Int>?
  let tooManyRows: Phrase?
  /// Of a query: how many elements `for_each` may have.
  let elementLimit: ClosedRange<Int>?
  package let schema: CompiledSchema?
  /// Nil where sow fills none of its fields.
  package let managed: ManagedFields?
  /// Nil where everyone may do everything.
  let permissions: Permissions?
  /// What is said of a field that breaks the schema, in place of sow's own words.
  let messages: [String: Phrase]
  private let positions: [String: Int]

  package final class Field: Sendable {
    package let name: String
    package let type: FieldType
    package let isNullable: Bool
    /// Whether an insert may leave the field out.
    package let isOptional: Bool
    /// Whether the schema itself asks for the field.
    package let isRequired: Bool
    /// Whether the schema reserves the field to the database.
    package let isReadOnly: Bool
    package let generation: Generation
    package let isImmutable: Bool
    package let trims: Bool
    /// What stands for a sensitive value, for example `PHI`.
    package let label: String?
    package let defaultValue: Value?
    /// Which decimals the column gives back as equal numbers; nil where all of them.
    let precision: NumberPrecision?
    /// Whether the value is a set of links.
    package let isLink: Bool

    init(
      name: String, type: FieldType, isNullable: Bool, isOptional: Bool, isRequired: Bool,
      isReadOnly: Bool, generation: Generation, isImmutable: Bool, trims: Bool, label: String?,
      defaultValue: Value?, precision: NumberPrecision?, isLink: Bool
    ) {
      self.name = name
      self.type = type
      self.isNullable = isNullable
      self.isOptional = isOptional
      self.isRequired = isRequired
      self.isReadOnly = isReadOnly
      self.generation = generation
      self.isImmutable = isImmutable
      self.trims = trims
      self.label = label
      self.defaultValue = defaultValue
      self.precision = precision
      self.isLink = isLink
    }
  }

  package enum Generation: Hashable, Sendable {
    case none
    /// A number that the database counts up.
    case key(recycled: Bool)
    /// A random UUID, drawn by the apply.
    case uuid
    /// The database alone fills it.
    case computed
  }

  package struct ForeignField: Hashable, Sendable {
    package let field: Int
    package let table: String
    package let target: String
  }

  init(
    name: String, table: Table, isLive: Bool, missingColumns: [Int], missingLinks: [Int] = [],
    fields: [Field], uniqueKeys: [[Int]], foreignFields: [ForeignField],
    rowLimit: ClosedRange<Int>?, idLimit: ClosedRange<Int>?, tooManyRows: Phrase? = nil,
    elementLimit: ClosedRange<Int>? = nil, schema: CompiledSchema?,
    managed: ManagedFields? = nil, permissions: Permissions? = nil,
    messages: [String: Phrase] = [:], title: String? = nil, isKnown: Bool = true
  ) {
    self.managed = managed
    self.permissions = permissions
    self.messages = messages
    self.title = title ?? name
    self.name = name
    self.isKnown = isKnown
    self.table = table
    self.isLive = isLive
    self.missingColumns = missingColumns
    self.missingLinks = missingLinks
    self.fields = fields
    self.uniqueKeys = uniqueKeys
    self.foreignFields = foreignFields
    self.rowLimit = rowLimit
    self.idLimit = idLimit
    self.tooManyRows = tooManyRows
    self.elementLimit = elementLimit
    self.schema = schema
    positions = Dictionary(
      fields.enumerated().map { ($0.element.name, $0.offset) },
      uniquingKeysWith: { first, _ in first })
  }

  /// Stands for an entity of which nothing is known, after its diagnostic.
  static func unknown(_ name: String) -> Entity {
    let table = Table(
      name: name, columns: [], primaryKey: [], uniqueKeys: [], foreignKeys: [], hasTriggers: false)
    return Entity(
      name: name, table: table, isLive: false, missingColumns: [], fields: [], uniqueKeys: [],
      foreignFields: [], rowLimit: nil, idLimit: nil, schema: nil, isKnown: false)
  }

  /// Of few names the first equal one is found faster than a hash is computed.
  package func position(of field: String) -> Int? {
    fields.count > 12 ? positions[field] : fields.firstIndex { $0.name == field }
  }

  /// Columns that are to be made in a table that is there.
  package var newColumns: [Int] { missingColumns.filter { !fields[$0].isLink } }

  /// Links whose tables are to be made.
  package var newLinkTables: [LinkTable] { missingLinks.compactMap { table.columns[$0].link } }

  /// Whether some field must not be shown.
  package var isSensitive: Bool { fields.contains { $0.label != nil } }

  package var primaryKey: [Int] { table.primaryKey }

  /// What a new row holds in a field that it does not write; nil where only the database knows.
  func initialValue(of field: Int) -> Value? {
    if let value = fields[field].defaultValue { return value }
    guard fields[field].generation == .none else { return nil }
    guard table.columns.indices.contains(field), table.columns[field].hasDefault else {
      return .null
    }
    return table.columns[field].defaultValue
  }

  /// The only field of the primary key where sow can know its value before the insert.
  package var generatedKey: Int? {
    guard primaryKey.count == 1, let key = primaryKey.first else { return nil }
    switch fields[key].generation {
    case .key, .uuid: return key
    case .none, .computed: return nil
    }
  }
}
