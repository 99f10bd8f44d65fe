package import SowModel

extension RunState {
  /// Whether a `when` holds; nothing that it speaks of may be open.
  func holds(_ when: CheckedWhen) throws(ValueProblem) -> Bool {
    let value = try value(of: when.value, when)
    guard !when.tests.isEmpty else { return value == .boolean(true) }
    for test in when.tests {
      var operands: [Value] = []
      for operand in test.operands { operands.append(try self.value(of: operand, when)) }
      guard let holds = test.comparison.holds(of: value, operands) else {
        let other = operands.first { value.order($0) == nil } ?? .null
        throw .failed(
          Diagnostic(
            .whenNotComparable, ["given": value.typeName, "other": other.typeName],
            at: when.range))
      }
      if !holds { return false }
    }
    return true
  }

  private func value(of cell: Cell, _ when: CheckedWhen) throws(ValueProblem) -> Value {
    switch resolve(cell, at: when.range) {
    case .value(let value): return value
    case .pending: throw .failed(Diagnostic(.whenNotKnown, at: when.range))
    case .dead(let blocker): throw .dead(blocker)
    case .failed(let diagnostic): throw .failed(diagnostic)
    }
  }

  /// Why an instance, or a stream, is not carried out at all: its `when`, or what it depends on.
  func obstacle(of operation: Int, instance: Int?) -> Obstacle? {
    let checked = plan.operations[operation]
    let range = instance.map { plan.instances[$0].range } ?? checked.range
    if let blocker = blockingDependency(of: operation) {
      return Obstacle(fate: blocker.fate, diagnostic: blocker.diagnostic(at: range))
    }
    if let refusal = checked.terms?.refusal {
      return Obstacle(fate: .failed, diagnostic: refusal)
    }
    guard let when = checked.when(of: instance) else { return nil }
    do throws(ValueProblem) {
      if try holds(when) { return nil }
      return Obstacle(fate: .idle, diagnostic: Diagnostic(.whenFalse, at: when.range))
    } catch {
      switch error {
      case .dead(let blocker):
        return Obstacle(fate: blocker.fate, diagnostic: blocker.diagnostic(at: range))
      case .failed(let diagnostic): return Obstacle(fate: .failed, diagnostic: diagnostic)
      }
    }
  }
}

/// Why something is not carried out, and how it ends.
struct Obstacle {
  let fate: Fate
  let diagnostic: Diagnostic
}

extension Comparison {
  /// Whether a value passes the test, as `where` would say; nil where the two cannot be compared.
  fileprivate func holds(of value: Value, _ operands: [Value]) -> Bool? {
    func isEqual(_ operand: Value) -> Bool? {
      if value.isNull || operand.isNull { return value.isNull && operand.isNull }
      return value.order(operand).map { $0 == 0 }
    }
    func isOrdered(_ operand: Value, _ test: (Int) -> Bool) -> Bool? {
      value.isNull || operand.isNull ? false : value.order(operand).map(test)
    }
    func contains() -> Bool? {
      let found = operands.map(isEqual)
      return found.contains(nil) ? nil : found.contains(true)
    }
    let operand = operands.first ?? .null
    switch self {
    case .equal: return isEqual(operand)
    case .notEqual: return isEqual(operand).map { !$0 }
    case .greater: return isOrdered(operand) { $0 > 0 }
    case .greaterOrEqual: return isOrdered(operand) { $0 >= 0 }
    case .less: return isOrdered(operand) { $0 < 0 }
    case .lessOrEqual: return isOrdered(operand) { $0 <= 0 }
    case .in: return contains()
    case .notIn: return contains().map { !$0 }
    case .between:
      guard operands.count == 2, let low = isOrdered(operands[0], { $0 >= 0 }),
        let high = isOrdered(operands[1], { $0 <= 0 })
      else { return nil }
      return low && high
    case .isNull: return operand == .boolean(value.isNull)
    case .like, .ilike:
      if value.isNull { return false }
      guard case .text(var text) = value, case .text(var pattern) = operand else { return nil }
      return pattern.withUTF8 { pattern in
        text.withUTF8 { LikePattern(pattern, folds: self == .ilike).matches($0) }
      }
    }
  }
}

extension Value {
  /// Below zero, zero or above it, as this comes before the other, equals it or comes after it;
  /// nil where they have no order. Text goes by its bytes.
  fileprivate func order(_ other: Value) -> Int? {
    switch (self, other) {
    case (.text(let left), .text(let right)):
      if left.utf8.elementsEqual(right.utf8) { return 0 }
      return left.utf8.lexicographicallyPrecedes(right.utf8) ? -1 : 1
    case (.boolean(let left), .boolean(let right)):
      return left == right ? 0 : right ? -1 : 1
    case (.float(let left), _):
      return other.double.map { left == $0 ? 0 : left < $0 ? -1 : 1 }
    case (_, .float(let right)):
      return double.map { $0 == right ? 0 : $0 < right ? -1 : 1 }
    default:
      guard let left = exact, let right = other.exact else { return nil }
      return left == right ? 0 : left < right ? -1 : 1
    }
  }

  private var exact: ExactDecimal? {
    switch self {
    case .integer(let number): ExactDecimal(number)
    case .decimal(let number): number
    default: nil
    }
  }

  private var double: Double? {
    if case .float(let number) = self { return number }
    return exact.flatMap { Double($0.canonical) }
  }
}

extension DiagnosticCode {
  package static let whenFalse = DiagnosticCode(
    "when-false", "when is false",
    vi: "when là sai",
    severity: .warning,
    meaning: "The operation is not carried out now; the rows that it owns stay as they are.",
    example: "when: { value: $ref:check.balance, gt: 0 }     # the balance is 0",
    fix: "Nothing is wrong. The operation runs once its when holds.")
  package static let dependencySkipped = DiagnosticCode(
    "dependency-skipped", #"dependency skipped ("{operation}")"#,
    vi: #"thao tác phụ thuộc bị bỏ qua ("{operation}")"#,
    severity: .warning,
    meaning: "An operation that this one needs is not carried out now, because of its when.",
    example: "customer_id: $ref:luis.customer_id    # and the when of luis is false",
    fix: "Nothing is wrong. Both run once the when holds.")
  static let whenNotKnown = DiagnosticCode(
    "when-not-known", "when needs a value that is known before the run",
    vi: "when cần một giá trị đã biết trước lượt chạy",
    meaning: "A when is decided while planning, so it can look at what a read found, at rows that "
      + "are there, and at variables, but not at what the run itself will write.",
    example: "luis: { action: create, … }\n"
      + "mail: { when: { value: $ref:luis.customer_id, gt: 0 } }",
    fix: "Refer to a read or a variable, run the plan a second time, or use sow run, which decides "
      + "in order.")
  static let whenNotComparable = DiagnosticCode(
    "when-not-comparable", "when cannot compare {given} with {other}",
    vi: "when không thể so sánh {given} với {other}",
    meaning: "The two sides of a when have types between which nothing is greater or equal.",
    example: "when: { value: $var:name, gt: 0 }",
    fix: "Give both sides the same type.")
}
