/// Keeps a value until the process ends, which frees all memory at once: to take the operations of
/// a large plan apart one by one is work that nobody waits for.
final class KeptValue<Value> {
  private let value: Value

  private init(_ value: Value) { self.value = value }

  static func keep(_ value: Value) { _ = Unmanaged.passRetained(KeptValue(value)) }
}
