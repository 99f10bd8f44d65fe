import SowModel

extension Evaluator {
  /// The violation of a rule that speaks of the value as a whole.
  func violation(of rule: Rule, by value: Value, at path: [String]) -> SchemaViolation {
    func violation(
      _ code: DiagnosticCode, _ facts: Facts = [:], allowed: [String] = []
    ) -> SchemaViolation {
      SchemaViolation(code, facts, at: path, keyword: rule.range, allowed: allowed)
    }
    switch rule.check {
    case .type, .enumeration:
      if value.isNull { return violation(.schemaNull) }
    default: break
    }
    return switch rule.check {
    case .type(let types): violation(.schemaType, ["types": types.phrase])
    case .enumeration(let literals):
      violation(.schemaEnum, ["allowed": literals.list], allowed: literals.texts)
    case .constant(let literals): violation(.schemaConst, ["value": literals.list])
    case .multipleOf(let divisor):
      violation(.schemaMultipleOf, ["divisor": divisor.number.text])
    case .bound(let bound): violation(bound.kind.code, ["limit": bound.limit.text])
    case .maxLength(let limit): violation(.schemaMaxLength, ["limit": String(limit)])
    case .minLength(let limit): violation(.schemaMinLength, ["limit": String(limit)])
    case .pattern(let pattern): violation(.schemaPattern, ["pattern": pattern.source])
    case .format(let format): violation(.schemaFormat, ["format": format.phrase])
    case .maxItems(let limit): violation(.schemaMaxItems, ["limit": String(limit)])
    case .minItems(let limit): violation(.schemaMinItems, ["limit": String(limit)])
    case .uniqueItems: violation(.schemaUniqueItems, Self.twins(in: value))
    case .maxProperties(let limit): violation(.schemaMaxProperties, ["limit": String(limit)])
    case .minProperties(let limit): violation(.schemaMinProperties, ["limit": String(limit)])
    case .never: violation(.schemaForbidden)
    case .items, .members, .contains, .required, .dependentRequired, .dependentSchemas,
      .propertyNames, .combination:
      preconditionFailure("rules about parts are reported with their parts")
    }
  }

  private static func twins(in value: Value) -> Facts {
    guard case .list(let items) = value, let (first, second) = items.firstTwins else {
      preconditionFailure("a list that is not unique has twins")
    }
    return ["first": String(first), "second": String(second)]
  }
}

extension NumberBound.Kind {
  fileprivate var code: DiagnosticCode {
    switch self {
    case .maximum: .schemaMaximum
    case .exclusiveMaximum: .schemaExclusiveMaximum
    case .minimum: .schemaMinimum
    case .exclusiveMinimum: .schemaExclusiveMinimum
    }
  }
}
