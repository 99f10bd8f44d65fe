/// A keyed digest, cut to 128 bits (`4-guarantees.md`).
package struct RowDigest: Hashable, Sendable {
  package var high: UInt64
  package var low: UInt64

  package init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// The first 16 bytes, big-endian; a broken invariant with fewer.
  package init(_ bytes: UnsafeRawBufferPointer) {
    precondition(bytes.count >= 16, "a digest has 16 bytes")
    high = UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self))
    low = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
  }

  package init(_ bytes: [UInt8]) { self = bytes.withUnsafeBytes { RowDigest($0) } }

  /// 16 bytes, big-endian.
  package var bytes: [UInt8] {
    [high, low].flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (56 - 8 * $0)) } }
  }
}

/// Makes keyed digests of canonical bytes; the secret stays inside.
package protocol Digesting {
  func digest(_ bytes: UnsafeRawBufferPointer) -> RowDigest
}

/// The canonical bytes of a row: each value with a type mark and a length, so that no two rows
/// share an encoding.
package struct RowEncoder: Sendable {
  package private(set) var bytes: [UInt8] = []

  package init() {}

  /// Empties the encoder and keeps its storage.
  package mutating func reset() { bytes.removeAll(keepingCapacity: true) }

  package mutating func append(_ value: Value) {
    switch value {
    case .null: bytes.append(UInt8(ascii: "n"))
    case .boolean(let flag): bytes += [UInt8(ascii: "b"), flag ? 1 : 0]
    case .integer(let number): append(mark: "i", word: UInt64(bitPattern: number))
    case .decimal(let number): append(mark: "d", number.canonical)
    case .float(let number): append(mark: "f", word: number.bitPattern)
    case .text(let text): append(mark: "t", text)
    case .bytes(let data):
      append(mark: "x", word: UInt64(data.count))
      bytes += data
    case .list(let items):
      append(mark: "l", word: UInt64(items.count))
      for item in items { append(item) }
    case .object(let members):
      append(mark: "o", word: UInt64(members.count))
      for member in members {
        append(mark: "k", member.name)
        append(member.value)
      }
    }
  }

  /// Appends text that comes from a buffer, encoded as `Value.text` is.
  package mutating func appendText(_ text: UnsafeRawBufferPointer) {
    append(mark: "t", word: UInt64(text.count))
    bytes.append(contentsOf: text)
  }

  package mutating func appendBytes(_ data: UnsafeRawBufferPointer) {
    append(mark: "x", word: UInt64(data.count))
    bytes.append(contentsOf: data)
  }

  private mutating func append(mark: Unicode.Scalar, _ text: String) {
    append(mark: mark, word: UInt64(text.utf8.count))
    bytes.append(contentsOf: text.utf8)
  }

  private mutating func append(mark: Unicode.Scalar, word: UInt64) {
    bytes.append(UInt8(truncatingIfNeeded: mark.value))
    withUnsafeBytes(of: word.littleEndian) { bytes.append(contentsOf: $0) }
  }
}

extension Digesting {
  package func digest(_ encoder: RowEncoder) -> RowDigest {
    encoder.bytes.withUnsafeBytes { digest($0) }
  }
}
