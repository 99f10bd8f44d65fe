/// What was written where a value may stand: text, links and structure, not yet resolved or typed.
package enum Input: Sendable {
  case scalar(Scalar, SourceRange)
  /// A link that is the whole scalar and so keeps its type.
  case link(Link, SourceRange)
  /// Text with links inside; the result is text.
  case template([TemplatePart], SourceRange)
  case list([Input], SourceRange)
  case object([InputMember], SourceRange)
  /// `$lookup: { entity, where, field }`: exactly one row of the database before the run.
  case lookup(Lookup)

  package var range: SourceRange {
    switch self {
    case .scalar(_, let range), .link(_, let range), .template(_, let range),
      .list(_, let range), .object(_, let range):
      range
    case .lookup(let lookup): lookup.range
    }
  }
}

/// One `name: input` of a mapping.
package struct InputMember: Sendable {
  package var name: Located<String>
  package var input: Input

  package init(_ name: Located<String>, _ input: Input) {
    self.name = name
    self.input = input
  }
}

package enum TemplatePart: Hashable, Sendable {
  case text(String)
  case link(Link)
}

/// What a `$ref:`, `$var:`, `$env:` or `$each:` points to.
package enum Link: Hashable, Sendable {
  case reference(Reference)
  case variable(String)
  case environment(String)
  /// Steps below the current element: `$each:address.zip`.
  case each([String])
}

/// `$ref:operation["key"].path`.
package struct Reference: Hashable, Sendable {
  package var operation: String
  /// The parts between the brackets; nil without brackets.
  package var instance: [KeyPart]?
  /// Field, member names and list positions after the operation: at least one.
  package var path: [String]

  package enum KeyPart: Hashable, Sendable {
    case text(String)
    case each([String])
  }

  package init(operation: String, instance: [KeyPart]? = nil, path: [String]) {
    self.operation = operation
    self.instance = instance
    self.path = path
  }

  /// As the user wrote it, without the `$ref:`.
  package var text: String {
    var text = operation
    if let instance {
      let parts = instance.map { part in
        switch part {
        case .text(let key): quoted(key)
        case .each(let path): "$each:" + path.joined(separator: ".")
        }
      }
      text += "[" + parts.joined(separator: ",") + "]"
    }
    return path.reduce(text) { $0 + "." + $1 }
  }
}

private func quoted(_ key: String) -> String {
  var text = "\""
  for scalar in key.unicodeScalars {
    if scalar == "\"" || scalar == "\\" { text += "\\" }
    text.unicodeScalars.append(scalar)
  }
  return text + "\""
}

/// A class, because it nests a filter of inputs.
package final class Lookup: Sendable {
  package let entity: Located<String>
  package let filter: [Condition]
  package let field: Located<String>
  package let range: SourceRange

  package init(
    entity: Located<String>, filter: [Condition], field: Located<String>, range: SourceRange
  ) {
    self.entity = entity
    self.filter = filter
    self.field = field
    self.range = range
  }
}

/// One test of a `where`; a filter is the conjunction of its conditions.
package struct Condition: Sendable {
  package var field: Located<String>
  package var comparison: Comparison
  /// The operand; a list for `in`, `not_in` and `between`, a boolean for `is_null`.
  package var operand: Input

  package init(field: Located<String>, comparison: Comparison, operand: Input) {
    self.field = field
    self.comparison = comparison
    self.operand = operand
  }
}

package enum Comparison: String, CaseIterable, Hashable, Sendable {
  /// `field: value`, and the same for an explicit null: IS NULL.
  case equal = "eq"
  case greater = "gt"
  case greaterOrEqual = "ge"
  case less = "lt"
  case lessOrEqual = "le"
  /// Includes nulls, as `notIn` does.
  case notEqual = "ne"
  case `in`
  case notIn = "not_in"
  case between
  case like
  case ilike
  case isNull = "is_null"
}
