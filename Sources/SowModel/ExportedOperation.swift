/// One operation of a plan that is written from rows: where its rows come from and how each field
/// is written.
package struct ExportedOperation: Sendable {
  /// The entity's name, or one like it that can name an operation.
  package let name: String
  package let entity: String
  package let table: Table
  /// In the order of the table.
  package let fields: [Field]
  /// Positions in `fields` that identify a row; they order the rows.
  package let key: [Int]
  /// Whether the key is only the address, since the database makes a new one for each row.
  package let drawsKeys: Bool
  /// Operations that it must follow and that no reference shows.
  package let dependsOn: [String]
  /// What rows must pass to be written.
  package let conditions: [ResolvedCondition]

  package struct Field: Sendable {
    /// The name in the entity.
    package let name: String
    /// The name of the column in a file.
    package let column: String
    package let source: Scan.Source
    /// What the cells of a file are read as, and whether they may be null.
    package let type: FieldType
    package let isNullable: Bool
    package let trims: Bool
    package let precision: NumberPrecision?
    /// The operation that the cells name instances of, and the field that is referred to.
    package let reference: (operation: String, field: String)?
    /// The column that says whether a link was there at all; nil where the cell itself does.
    package let linkColumn: Int?

    package init(
      name: String, column: String, source: Scan.Source, type: FieldType, isNullable: Bool,
      trims: Bool, precision: NumberPrecision?, reference: (operation: String, field: String)?,
      linkColumn: Int?
    ) {
      self.name = name
      self.column = column
      self.source = source
      self.type = type
      self.isNullable = isNullable
      self.trims = trims
      self.precision = precision
      self.reference = reference
      self.linkColumn = linkColumn
    }
  }

  package init(
    name: String, entity: String, table: Table, fields: [Field], key: [Int], drawsKeys: Bool,
    dependsOn: [String], conditions: [ResolvedCondition] = []
  ) {
    self.conditions = conditions
    self.name = name
    self.entity = entity
    self.table = table
    self.fields = fields
    self.key = key
    self.drawsKeys = drawsKeys
    self.dependsOn = dependsOn
  }

  /// Whether rows of a file can stand for the table's as they are.
  package var isPlain: Bool { !drawsKeys && fields.allSatisfy { $0.reference == nil } }
}
