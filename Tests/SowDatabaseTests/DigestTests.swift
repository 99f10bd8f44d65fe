import SowDatabase
import SowModel
import Testing

struct DigestTests {
  /// A case of RFC 4231: HMAC-SHA-256, here cut to 16 bytes.
  struct Vector: CustomTestStringConvertible {
    let testDescription: String
    let key: [UInt8]
    let data: String
    let digest: String
  }

  static let vectors = [
    Vector(
      testDescription: "case 1", key: Array(repeating: 0x0B, count: 20), data: "Hi There",
      digest: "b0344c61d8db38535ca8afceaf0bf12b"),
    Vector(
      testDescription: "case 2, a short key", key: Array("Jefe".utf8),
      data: "what do ya want for nothing?", digest: "5bdcc146bf60754e6a042426089575c7"),
    Vector(
      testDescription: "case 6, a key above one block", key: Array(repeating: 0xAA, count: 131),
      data: "Test Using Larger Than Block-Size Key - Hash Key First",
      digest: "60e431591ee0b67f0d8a26aacbf5b77f"),
  ]

  @Test(arguments: vectors)
  func `digests are those of the standard`(vector: Vector) {
    let digester = KeyedDigester(secret: vector.key)
    for _ in 1...2 {
      let digest = Array(vector.data.utf8).withUnsafeBytes { digester.digest($0) }
      #expect(hexadecimal(digest.bytes) == vector.digest)
    }
  }
}
