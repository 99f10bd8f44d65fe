/// One file of `schemas/`: the JSON Schema as written and what `x-sow` says beside it.
package struct EntitySchema: Sendable {
  package var name: String
  /// The start of the file.
  package var range: SourceRange
  package var document: Node
  package var table: Located<String>?
  package var primaryKey: [Located<String>] = []
  package var generated: [String: Located<KeyGeneration>] = [:]
  package var unique: [[Located<String>]] = []
  package var immutable: [Located<String>] = []
  package var trim: [Located<String>] = []
  package var references: [ForeignField] = []
  /// Field name to the label that stands for the value, such as `PHI`.
  package var sensitive: [String: Located<String>] = [:]
  package var rowLimit: Located<ClosedRange<Int>>?
  package var idLimit: Located<ClosedRange<Int>>?

  /// Who makes the value of a generated field.
  package enum KeyGeneration: String, CaseIterable, Hashable, Sendable { case uuid, database }

  /// `references: { field: entity.target }`.
  package struct ForeignField: Hashable, Sendable {
    package var field: Located<String>
    package var entity: Located<String>
    package var target: String

    package init(field: Located<String>, entity: Located<String>, target: String) {
      self.field = field
      self.entity = entity
      self.target = target
    }
  }

  package init(name: String, range: SourceRange, document: Node) {
    self.name = name
    self.range = range
    self.document = document
  }
}
