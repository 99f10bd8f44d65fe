internal import Crypto
package import SowModel

/// HMAC-SHA-256 (RFC 2104) under the ledger's secret, cut to 128 bits.
///
/// Made of SHA-256 itself, because the generic calls of `HMAC` cost more than hashing a short row.
package struct KeyedDigester: Digesting {
  /// What went over the padded key already; each digest starts from copies.
  private let inner: SHA256
  private let outer: SHA256

  package init(secret: [UInt8]) {
    let size = SHA256.blockByteCount
    var key = secret.count > size ? Array(SHA256.hash(data: secret)) : secret
    key += repeatElement(0, count: size - key.count)
    inner = Self.hash(over: key.map { $0 ^ 0x36 })
    outer = Self.hash(over: key.map { $0 ^ 0x5C })
  }

  package var apart: KeyedDigester { KeyedDigester(inner: inner, outer: outer) }

  private init(inner: SHA256, outer: SHA256) {
    self.inner = Self.hash(over: [], after: inner)
    self.outer = Self.hash(over: [], after: outer)
  }

  package func digest(_ bytes: UnsafeRawBufferPointer) -> RowDigest {
    var first = inner
    first.update(bufferPointer: bytes)
    var second = outer
    first.finalize().withUnsafeBytes { second.update(bufferPointer: $0) }
    return second.finalize().withUnsafeBytes { RowDigest($0) }
  }

  private static func hash(over block: [UInt8], after start: SHA256 = SHA256()) -> SHA256 {
    var hash = start
    hash.update(data: block)
    return hash
  }
}
