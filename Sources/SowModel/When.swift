/// `when:` of an operation: it is carried out only where this holds.
package struct When: Sendable {
  /// A boolean where there are no tests.
  package var value: Input
  /// All must hold of the value; their field is the key `value`.
  package var tests: [Condition]
  package var range: SourceRange

  package init(value: Input, tests: [Condition], range: SourceRange) {
    self.value = value
    self.tests = tests
    self.range = range
  }
}
