package import SowModel

/// A table that `create_tables` makes, with AUTOINCREMENT-like keys.
package struct TableDefinition: Hashable, Sendable {
  package var name: String
  package var columns: [Column]
  package var primaryKey: [String]
  package var unique: [[String]]
  package var foreignKeys: [ForeignKey]

  package struct Column: Hashable, Sendable {
    package var name: String
    package var type: FieldType
    package var isNullable: Bool
    package var defaultValue: Value?
    /// Whether the database counts this key up and never gives a number twice.
    package var isGeneratedKey: Bool

    package init(
      name: String, type: FieldType, isNullable: Bool, defaultValue: Value?, isGeneratedKey: Bool
    ) {
      self.name = name
      self.type = type
      self.isNullable = isNullable
      self.defaultValue = defaultValue
      self.isGeneratedKey = isGeneratedKey
    }
  }

  package struct ForeignKey: Hashable, Sendable {
    package var column: String
    package var table: String
    package var target: String

    package init(column: String, table: String, target: String) {
      self.column = column
      self.table = table
      self.target = target
    }
  }

  package init(
    name: String, columns: [Column], primaryKey: [String], unique: [[String]],
    foreignKeys: [ForeignKey]
  ) {
    self.name = name
    self.columns = columns
    self.primaryKey = primaryKey
    self.unique = unique
    self.foreignKeys = foreignKeys
  }
}
