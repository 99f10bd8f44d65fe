/// A value that a second thread makes while this one does something else.
///
/// Where the system has no thread to give, it is made when it is wanted.
package final class Ahead<Value> {
  private let make: () -> Value
  private let line: ReadAhead<Value>?

  /// `make` is called once and must not share what it changes.
  package init(_ make: @escaping () -> Value) {
    self.make = make
    var isMade = false
    line = ReadAhead(depth: 1) {
      defer { isMade = true }
      return isMade ? nil : make()
    }
  }

  /// Waits for the value; to be asked for once. Who does not want it any more lets go of this, which
  /// waits, too.
  package func value() -> Value { line?.next() ?? make() }
}
