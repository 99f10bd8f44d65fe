internal import Crypto
package import SowModel

/// HMAC-SHA-256 under the ledger's secret, cut to 128 bits.
package struct KeyedDigester: Digesting {
  /// Keyed once; each digest starts from a copy.
  private let keyed: HMAC<SHA256>

  package init(secret: [UInt8]) {
    keyed = HMAC<SHA256>(key: SymmetricKey(data: secret))
  }

  package func digest(_ bytes: UnsafeRawBufferPointer) -> RowDigest {
    var code = keyed
    code.update(data: bytes)
    return code.finalize().withUnsafeBytes { bytes in
      RowDigest(
        high: UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
        low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
    }
  }
}
