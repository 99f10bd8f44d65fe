import SowModel
import SowSchema
import SowTestSupport
import Testing

/// A schema for one value, with values that it accepts and, by text, the codes for others.
struct SchemaCase: Sendable, CustomStringConvertible {
  var schema: String
  var valid: [String]
  var invalid: [String: String]

  init(_ schema: String, valid: [String] = [], invalid: [String: String] = [:]) {
    self.schema = schema
    self.valid = valid
    self.invalid = invalid
  }

  var description: String { schema }

  /// Checks the values as the field `x` of a row.
  func check() throws {
    let schema = try compiled("{properties: {x: \(schema)}}")
    let validator = schema.validator(for: ["x"])
    for text in valid {
      let found = validator.validate([.value(try value(text))])
      #expect(found.isEmpty, "\(text): \(found.map(\.sentence.english))")
    }
    for (text, codes) in invalid {
      let found = validator.validate([.value(try value(text))])
      #expect(found.map(\.code.id).joined(separator: " ") == codes, "\(text)")
      #expect(found.allSatisfy { $0.field == "x" })
      for violation in found {
        let sentence = violation.sentence.vietnamese
        #expect(englishWords(in: sentence) == [], "\(sentence)")
      }
    }
  }
}

/// The schema of a text in flow style; its mistakes fail the test.
func compiled(_ text: String) throws -> CompiledSchema {
  var diagnostics = Diagnostics()
  let schema = CompiledSchema.compile(FlowText.node(text), into: &diagnostics)
  #expect(diagnostics.isEmpty, "\(diagnostics.all.map(\.message))")
  return try #require(schema)
}

/// What is reported for the schema of a text.
func diagnostics(of text: String) -> [Diagnostic] {
  var diagnostics = Diagnostics()
  let schema = CompiledSchema.compile(FlowText.node(text), into: &diagnostics)
  #expect((schema == nil) == diagnostics.hasErrors)
  for diagnostic in diagnostics.all {
    #expect(diagnostic.englishWords == [], "\(diagnostic.sentence.vietnamese)")
  }
  return diagnostics.sorted
}

/// A value read by the core schema.
func value(_ text: String) throws -> Value {
  var mistakes: [NodeMistake] = []
  let value = FlowText.node(text).value(as: .any, mistakes: &mistakes)
  return try #require(value, "\(mistakes)")
}

/// The violations of a row written as a mapping, where `pending` is known only after apply.
func violations(of row: String, by schema: CompiledSchema) throws -> [SchemaViolation] {
  let entries = try #require(FlowText.node(row).entries)
  let cells = try entries.map { entry in
    var mistakes: [NodeMistake] = []
    if entry.value.scalar == Scalar("pending") { return RowCell.pending(.any) }
    if entry.value.scalar == Scalar("absent") { return RowCell.absent }
    return RowCell.value(try #require(entry.value.value(as: .any, mistakes: &mistakes)))
  }
  return schema.validator(for: entries.map(\.key.value)).validate(cells)
}

extension [SchemaViolation] {
  /// `path code` of each, joined, for comparison at a glance.
  var summary: String {
    map { $0.path.isEmpty ? $0.code.id : "\($0.pathText) \($0.code.id)" }.joined(separator: ", ")
  }
}
