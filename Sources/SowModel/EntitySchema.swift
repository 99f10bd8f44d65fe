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
  package var links: [Link] = []
  /// Field name to the label that stands for the value, such as `PHI`.
  package var sensitive: [String: Located<String>] = [:]
  package var rowLimit: Located<ClosedRange<Int>>?
  package var idLimit: Located<ClosedRange<Int>>?
  /// What is said of more rows than that, in place of the code's own sentence.
  package var tooManyRows: Phrase?

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

  /// `links: { field: { table: …, own: …, other: … } }`.
  package struct Link: Hashable, Sendable {
    package var field: Located<String>
    package var table: Located<String>
    package var own: Located<String>
    package var other: Located<String>

    package init(
      field: Located<String>, table: Located<String>, own: Located<String>,
      other: Located<String>
    ) {
      self.field = field
      self.table = table
      self.own = own
      self.other = other
    }
  }

  package init(name: String, range: SourceRange, document: Node) {
    self.name = name
    self.range = range
    self.document = document
  }
}
