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
  /// The same with no memory in common, for another thread: the two would wait for each other's
  /// counts of references.
  var apart: Self { get }
}

/// The canonical bytes of a row: each value with a type mark and a length, so that no two rows
/// share an encoding.
package struct RowEncoder: Sendable {
  /// The encoding, then room for more.
  private var storage: [UInt8] = []
  package private(set) var count = 0

  package init() {}

  package var bytes: ArraySlice<UInt8> { storage[..<count] }

  /// Empties the encoder and keeps its storage.
  package mutating func reset() { count = 0 }

  package mutating func append(_ value: Value) {
    switch value {
    case .null: append(UInt8(ascii: "n"))
    case .boolean(let flag):
      append(UInt8(ascii: "b"))
      append(flag ? 1 : 0)
    case .integer(let number): append("i", UInt64(bitPattern: number))
    case .decimal(let number): append("d", number.canonical)
    case .float(let number): append("f", number.bitPattern)
    case .text(let text): append("t", text)
    case .bytes(let data): data.withUnsafeBytes { appendBytes($0) }
    case .list(let items):
      append("l", UInt64(items.count))
      for item in items { append(item) }
    case .object(let members):
      append("o", UInt64(members.count))
      for member in members {
        append("k", member.name)
        append(member.value)
      }
    }
  }

  /// Appends text that comes from a buffer, encoded as `Value.text` is.
  package mutating func appendText(_ text: UnsafeRawBufferPointer) {
    append("t", UInt64(text.count), text)
  }

  package mutating func appendBytes(_ data: UnsafeRawBufferPointer) {
    append("x", UInt64(data.count), data)
  }

  private mutating func append(_ mark: Unicode.Scalar, _ text: String) {
    var text = text
    text.withUTF8 { append(mark, UInt64($0.count), UnsafeRawBufferPointer($0)) }
  }

  private mutating func append(
    _ mark: Unicode.Scalar, _ word: UInt64, _ data: UnsafeRawBufferPointer? = nil
  ) {
    append(UInt8(truncatingIfNeeded: mark.value))
    let start = count
    count += 8 + (data?.count ?? 0)
    makeRoom()
    storage.withUnsafeMutableBytes { bytes in
      bytes.storeBytes(of: word.littleEndian, toByteOffset: start, as: UInt64.self)
      guard let data else { return }
      UnsafeMutableRawBufferPointer(rebasing: bytes[(start + 8)...]).copyMemory(from: data)
    }
  }

  private mutating func append(_ byte: UInt8) {
    count += 1
    makeRoom()
    storage[count - 1] = byte
  }

  /// Room for `count` bytes, and twice as much where more was needed.
  private mutating func makeRoom() {
    guard count > storage.count else { return }
    storage += repeatElement(0, count: 2 * count - storage.count)
  }
}

extension Digesting {
  package func digest(_ encoder: RowEncoder) -> RowDigest {
    encoder.bytes.withUnsafeBytes { digest($0) }
  }
}
