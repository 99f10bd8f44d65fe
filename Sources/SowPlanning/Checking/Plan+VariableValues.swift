package import SowModel

extension Plan {
  /// The variables with the values that a run sees, in the order of their declarations; those
  /// without a usable value are left out, because they are mistakes of the plan.
  package func variableValues(
    _ surroundings: Surroundings
  ) -> [(name: String, value: Value, isSensitive: Bool)] {
    var ignored = Diagnostics()
    let found = Variables(self, surroundings, into: &ignored)
    return found.declared.compactMap { name in
      found.values[name].map { (name, $0.value, $0.isSensitive) }
    }
  }
}
