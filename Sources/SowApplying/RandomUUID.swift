internal import SowModel

/// A random UUID, version 4 (RFC 9562), from the system's generator.
func randomUUID() -> String {
  var generator = SystemRandomNumberGenerator()
  var bytes = (0..<16).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
  bytes[6] = bytes[6] & 0x0F | 0x40
  bytes[8] = bytes[8] & 0x3F | 0x80
  let parts = [0..<4, 4..<6, 6..<8, 8..<10, 10..<16]
  return parts.map { hexadecimal(bytes[$0]) }.joined(separator: "-")
}
