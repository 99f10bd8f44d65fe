package import SowModel

/// One property of a schema's top level, seen as a column.
package struct SchemaField: Sendable {
  package var name: String
  package var type: FieldType
  package var isNullable: Bool
  package var isReadOnly: Bool
  package var isRequired: Bool
  /// What fills the field on insert where a row does not have it; of the field's type and valid.
  package var defaultValue: Value?
  /// Where the property is named.
  package var range: SourceRange
}

/// Reads the columns out of a graph.
struct FieldReader {
  let graph: SchemaGraph

  private struct Found {
    var name: String
    var schemas: [SchemaID]
    var range: SourceRange
  }

  func fields(into diagnostics: inout Diagnostics) -> [SchemaField] {
    var found: [Found] = []
    var required: Set<ExactText> = []
    var visited: Set<SchemaID> = []
    collect(from: 0, &found, &required, &visited)
    let evaluator = Evaluator(graph)
    return found.map { found in
      var budget = FieldShape.budget
      let shape = found.schemas
        .map { graph.shape(of: $0, entering: [], budget: &budget) }
        .reduce(FieldShape()) { $0.narrowed(by: $1) }
      var field = SchemaField(
        name: found.name, type: shape.type ?? .any, isNullable: shape.admitsNull,
        isReadOnly: shape.isReadOnly, isRequired: required.contains(ExactText(found.name)),
        defaultValue: nil, range: found.range)
      if let entry = shape.defaultEntry {
        field.defaultValue = value(
          of: entry, for: field, found.schemas, evaluator, into: &diagnostics)
      }
      return field
    }
  }

  /// Follows what applies to the row as a whole and without a condition.
  private func collect(
    from id: SchemaID, _ found: inout [Found], _ required: inout Set<ExactText>,
    _ visited: inout Set<SchemaID>
  ) {
    guard visited.insert(id).inserted else { return }
    for rule in graph.schemas[id].rules {
      switch rule.check {
      case .required(let names): required.formUnion(names.map(ExactText.init))
      case .members(let members):
        for (property, range) in zip(members.properties, members.propertyRanges) {
          if let index = found.firstIndex(where: { $0.name.hasSameBytes(as: property.name) }) {
            found[index].schemas.append(property.schema)
          } else {
            found.append(Found(name: property.name, schemas: [property.schema], range: range))
          }
        }
      case .combination(.reference(let target)):
        collect(from: target, &found, &required, &visited)
      case .combination(.all(let targets)):
        for target in targets { collect(from: target, &found, &required, &visited) }
      default: break
      }
    }
  }

  private func value(
    of entry: Node.Entry, for field: SchemaField, _ schemas: [SchemaID], _ evaluator: Evaluator,
    into diagnostics: inout Diagnostics
  ) -> Value? {
    var mistakes: [NodeMistake] = []
    guard let value = entry.value.value(as: field.type, mistakes: &mistakes) else {
      for mistake in mistakes {
        diagnostics.report(
          .schemaDefault, ["field": "\"\(field.name)\"", "reason": mistake.mistake.reason],
          at: mistake.range, hint: mistake.mistake.hint)
      }
      return nil
    }
    let violations = schemas.flatMap { evaluator.violations(of: $0, by: value, at: [field.name]) }
    for violation in violations.prefix(1) {
      diagnostics.report(
        .schemaDefaultRefused, ["field": "\"\(field.name)\"", "reason": violation.sentence],
        at: entry.value.range, related: [violation.range])
    }
    return violations.isEmpty ? value : nil
  }
}
