package import SowModel

/// The outside world of a check: variables and environment, with where they came from.
package struct Surroundings: Sendable {
  /// Values that win over the plan's defaults, by name.
  package var variables: [String: Node]
  package var environment: @Sendable (String) -> String?
  /// Of the environment of sow.yaml; nil for a database alone.
  package var name: String?
  /// Whose rows are read and written.
  package var tenant: String?
  /// Who runs; nil where the environment says nothing of it.
  package var identity: Identity?

  package init(
    variables: [String: Node], environment: @escaping @Sendable (String) -> String?
  ) {
    self.variables = variables
    self.environment = environment
  }
}

/// The plan's variables with their values.
struct Variables: Sendable {
  private(set) var values: [String: (value: Value, isSensitive: Bool)] = [:]
  private(set) var declared: [String] = []
  let environment: @Sendable (String) -> String?

  init(_ plan: Plan, _ surroundings: Surroundings, into diagnostics: inout Diagnostics) {
    environment = surroundings.environment
    for variable in plan.variables {
      let name = variable.name.value
      declared.append(name)
      guard let node = surroundings.variables[name] ?? variable.defaultValue else {
        diagnostics.report(.variableUnset, ["variable": name], at: variable.name.range)
        continue
      }
      var mistakes: [NodeMistake] = []
      let environmentName = Self.environmentName(in: node)
      var resolved = node
      if let environmentName {
        guard let text = environment(environmentName) else {
          diagnostics.report(
            .environmentUnset, ["variable": environmentName], at: variable.name.range)
          continue
        }
        resolved = Node(.scalar(Scalar(text, style: .cell)), at: node.range)
      }
      if let value = resolved.value(as: variable.type, mistakes: &mistakes) {
        values[name] = (value, variable.isSensitive || environmentName != nil)
      }
      for mistake in mistakes {
        diagnostics.report(
          .variableType, ["variable": name, "reason": mistake.mistake.reason],
          at: variable.name.range, hint: mistake.mistake.hint)
      }
    }
  }

  /// A value that is one whole `$env:NAME` stands for the text of that environment variable.
  private static func environmentName(in node: Node) -> String? {
    guard let scalar = node.scalar, scalar.text.hasPrefix("$env:") else { return nil }
    return String(scalar.text.dropFirst(5))
  }
}

extension DiagnosticCode {
  static let variableUnset = DiagnosticCode(
    "variable-unset", #"variable "{variable}" has no value"#,
    vi: #"biến "{variable}" không có giá trị"#,
    meaning: "A declared variable without a default must be set from outside.",
    example: "variables:\n  domain: { type: string }",
    fix: "Set it with --var domain=…, --var-file, the environment in sow.yaml, or a default.")
  static let variableType = DiagnosticCode(
    "variable-type", #"variable "{variable}" {reason}"#,
    vi: #"biến "{variable}" {reason}"#,
    meaning: "The value given for a variable does not have the type that the plan declares.",
    example: "variables:\n  retries: { type: integer, default: many }",
    fix: "Give a value of the declared type.")
}
