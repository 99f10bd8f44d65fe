import SowDatabase
import SowModel
import Testing

struct KeyedDigesterTests {
  private func digest(_ text: String, _ secret: String) -> RowDigest {
    Array(text.utf8).withUnsafeBytes {
      KeyedDigester(secret: Array(secret.utf8)).digest($0)
    }
  }

  /// The numbers are test case 2 of RFC 4231.
  @Test func `a digest is the first 128 bits of an HMAC with SHA-256`() {
    #expect(
      digest("what do ya want for nothing?", "Jefe")
        == RowDigest(high: 0x5bdc_c146_bf60_754e, low: 0x6a04_2426_0895_75c7))
  }

  @Test func `another secret gives another digest`() {
    #expect(digest("text", "a") != digest("text", "b"))
    #expect(digest("text", "a") == digest("text", "a"))
  }
}
