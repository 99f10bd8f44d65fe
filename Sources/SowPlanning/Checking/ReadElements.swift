package import SowModel

/// What a `for_each` is repeated over that refers to another operation's result.
package struct ReadElements: Hashable, Sendable {
  let values: [Value]
  /// What stands for them, where they come from a sensitive place.
  let label: String?
}

/// A `for_each` whose elements another operation finds.
struct OpenElements: Sendable {
  /// Nil while they are still to be read: then the operation has no instances.
  let known: ReadElements?
  let cell: Cell
  let label: String?
  let range: SourceRange
}

extension DataOperation {
  /// Whether it is repeated over another operation's result.
  package var isOverResult: Bool {
    if case .values(.link(.reference, _))? = forEach { return true }
    return false
  }
}

extension PlanChecker {
  /// Notes the list that the operation at hand is repeated over, on which all of it then depends.
  mutating func compileElements(of operation: DataOperation, _ index: Int) {
    elementDependencies = []
    guard operation.isOverResult, case .values(let input)? = operation.forEach else { return }
    sink.label = nil
    sink.dependencies.removeAll(keepingCapacity: true)
    let want = InputCompiler.Want(type: .list(of: .any), isNullable: false, name: "for_each")
    guard let cell = compiler.cell(input, want, each: .none, into: &sink) else { return }
    elementDependencies = sink.dependencies
    openElements[index] = OpenElements(
      known: expander.elements[operation.name], cell: cell, label: sink.label, range: input.range)
  }
}

extension CheckedPlan {
  /// What an operation is repeated over, now that those before it are decided.
  package func elements(
    of operation: String, in state: RunState
  ) -> Result<ReadElements, RowFailure> {
    guard let open = operationNames[operation].flatMap({ openElements[$0] }) else {
      preconditionFailure("an operation over a result is checked with its reference")
    }
    return elements(open, in: state)
  }

  /// Where an operation is repeated over something else than what is found there by now.
  func changedElements(in state: RunState) -> [SourceRange] {
    openElements.values.compactMap { open in
      guard let known = open.known else { return nil }
      return (try? elements(open, in: state).get()) == known ? nil : open.range
    }
  }

  private func elements(
    _ open: OpenElements, in state: RunState
  ) -> Result<ReadElements, RowFailure> {
    switch state.resolve(open.cell, at: open.range) {
    case .value(.list(let values)):
      return .success(ReadElements(values: values, label: open.label))
    case .failed(let diagnostic): return .failure(RowFailure(diagnostic))
    case .value, .pending, .dead:
      return .failure(RowFailure(Diagnostic(.forEachNotKnown, at: open.range)))
    }
  }
}
