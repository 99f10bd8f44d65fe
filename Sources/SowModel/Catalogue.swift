/// The tables of a live database.
package struct Catalogue: Sendable {
  package private(set) var tables: [Table]
  /// What has rows and is no table to sow, by name.
  package let others: [OtherRelation]
  /// What the decimal columns of a table that sow makes there give back; nil where all of it.
  package let madeDecimals: NumberPrecision?
  /// How a column of that type is declared there.
  package let declaration: @Sendable (FieldType) -> String
  private let positions: [String: Int]

  package init(
    tables: [Table], others: [OtherRelation] = [], madeDecimals: NumberPrecision? = nil,
    declaration: @escaping @Sendable (FieldType) -> String = { _ in "" }
  ) {
    self.tables = tables
    self.others = others
    self.madeDecimals = madeDecimals
    self.declaration = declaration
    positions = Dictionary(
      tables.enumerated().map { ($0.element.name, $0.offset) },
      uniquingKeysWith: { first, _ in first })
  }

  package subscript(name: String) -> Table? { positions[name].map { tables[$0] } }
}

/// A view or the like: known by name, so that nobody looks for it in vain.
package struct OtherRelation: Hashable, Sendable {
  package var name: String
  package var kind: Kind

  package enum Kind: String, Hashable, Sendable { case view, virtual }

  package init(name: String, kind: Kind) {
    self.name = name
    self.kind = kind
  }
}

package struct Table: Hashable, Sendable {
  package var name: String
  package var columns: [Column]
  /// Positions in `columns`, in key order; empty without a primary key.
  package var primaryKey: [Int]
  /// The unique constraints and non-partial unique indexes, the primary key aside.
  package var uniqueKeys: [[Int]]
  package var foreignKeys: [ForeignKey]
  package var hasTriggers: Bool
  /// How its rows are spread over other servers; nil where all lie in the database itself.
  package var distribution: Distribution?

  /// What follows from rows that other servers keep: the database holds no key of them unique, so
  /// the keys of such a table are those that its schema declares.
  package struct Distribution: Hashable, Sendable {
    /// The columns by which a row finds its server: they never change in place.
    package var columns: Set<Int> = []

    package init() {}
  }

  package struct ForeignKey: Hashable, Sendable {
    package var columns: [Int]
    package var table: String
    package var referencedColumns: [String]
    package var onDelete: DeleteRule

    /// What becomes of a row when the one it refers to is deleted.
    package enum DeleteRule: Hashable, Sendable {
      /// The delete is refused; where the check is put off, only if the row is still missed then.
      case refuse
      /// The delete is refused at once.
      case restrict
      case cascade, setNull, setDefault
    }

    package init(
      columns: [Int], table: String, referencedColumns: [String], onDelete: DeleteRule = .refuse
    ) {
      self.columns = columns
      self.table = table
      self.referencedColumns = referencedColumns
      self.onDelete = onDelete
    }
  }

  package init(
    name: String, columns: [Column], primaryKey: [Int], uniqueKeys: [[Int]],
    foreignKeys: [ForeignKey], hasTriggers: Bool
  ) {
    self.name = name
    self.columns = columns
    self.primaryKey = primaryKey
    self.uniqueKeys = uniqueKeys
    self.foreignKeys = foreignKeys
    self.hasTriggers = hasTriggers
  }

  package func position(of column: String) -> Int? {
    columns.firstIndex { $0.name == column }
  }
}

/// The keys that a schema declares of a table, for a database that can hold none of it.
package struct DeclaredKeys: Hashable, Sendable {
  /// Names of columns; empty where the schema says nothing.
  package var primary: [String]
  package var unique: [[String]]

  package init(primary: [String], unique: [[String]]) {
    self.primary = primary
    self.unique = unique
  }
}

package struct Column: Hashable, Sendable {
  package var name: String
  /// As the database declares it, for messages.
  package var declaredType: String
  package var type: FieldType
  package var isNullable: Bool
  package var hasDefault: Bool
  /// What the database fills in where that is one value of the column's type; nil for an
  /// expression, and where there is no default or NULL.
  package var defaultValue: Value?
  /// Who fills the column where an insert leaves it out or may not set it.
  package var generation: Generation
  /// Which decimals the column gives back as equal numbers; nil where all of them.
  package var precision: NumberPrecision?
  /// Where its members lie, for a column that is a set; nil for one that lies in the table itself.
  /// No catalogue knows such a column: who asks adds it, after all others.
  package var link: LinkTable?
  /// Whether values travel as text with a cast, because sow knows no more of the type.
  package var isForeignType: Bool

  package enum Generation: Hashable, Sendable {
    case none
    /// An integer key that the database counts up (rowid alias, identity, sequence).
    /// `recycled` is true where the number of a deleted row may come again.
    case key(recycled: Bool)
    /// A generated column: never written.
    case computed
  }

  /// The most characters that the declaration allows: 40 for `VARCHAR(40)`.
  package var declaredLength: Int? {
    guard type == .string, let open = declaredType.lastIndex(of: "("),
      declaredType.last == ")", let length = Int(declaredType[open...].dropFirst().dropLast()),
      length > 0
    else { return nil }
    return length
  }

  package init(
    name: String, declaredType: String, type: FieldType, isNullable: Bool, hasDefault: Bool,
    defaultValue: Value? = nil, generation: Generation, precision: NumberPrecision? = nil,
    link: LinkTable? = nil, isForeignType: Bool = false
  ) {
    self.link = link
    self.isForeignType = isForeignType
    self.precision = precision
    self.defaultValue = defaultValue
    self.name = name
    self.declaredType = declaredType
    self.type = type
    self.isNullable = isNullable
    self.hasDefault = hasDefault
    self.generation = generation
  }
}
