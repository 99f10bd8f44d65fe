/// One table as the schema that stands for it says it.
package struct PulledEntity: Sendable {
  package let name: String
  package let table: Table
  /// In the order of the table's foreign keys.
  package let references: [Reference]
  /// Unique keys beside the primary key, in the catalogue's order.
  package let unique: [[Int]]
  /// Foreign keys that `references` cannot hold.
  package let otherForeignKeys: [Table.ForeignKey]

  package init(
    name: String, table: Table, references: [Reference], unique: [[Int]],
    otherForeignKeys: [Table.ForeignKey]
  ) {
    self.name = name
    self.table = table
    self.references = references
    self.unique = unique
    self.otherForeignKeys = otherForeignKeys
  }

  package struct Reference: Hashable, Sendable {
    package let column: Int
    package let entity: String
    package let target: String

    package init(column: Int, entity: String, target: String) {
      self.column = column
      self.entity = entity
      self.target = target
    }
  }
}
