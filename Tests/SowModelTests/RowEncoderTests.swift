import SowModel
import Testing

struct RowEncoderTests {
  @Test func `a value is a mark, a length and its bytes`() throws {
    let eight: (UInt8) -> [UInt8] = { [$0, 0, 0, 0, 0, 0, 0, 0] }
    let decimal = try #require(ExactDecimal("1.50"))
    let cases: [(Value, [UInt8])] = [
      (.null, Array("n".utf8)),
      (.boolean(true), Array("b".utf8) + [1]),
      (.integer(258), Array("i".utf8) + [2, 1, 0, 0, 0, 0, 0, 0]),
      (.integer(-1), Array("i".utf8) + Array(repeating: 255, count: 8)),
      (.float(1), Array("f".utf8) + [0, 0, 0, 0, 0, 0, 0xF0, 0x3F]),
      (.decimal(decimal), Array("d".utf8) + eight(3) + Array("1.5".utf8)),
      (.text("ừ"), Array("t".utf8) + eight(3) + Array("ừ".utf8)),
      (.text(""), Array("t".utf8) + eight(0)),
      (.bytes([7, 8]), Array("x".utf8) + eight(2) + [7, 8]),
      (.list([.null, .boolean(false)]), Array("l".utf8) + eight(2) + Array("nb".utf8) + [0]),
      (
        .object([.init("k", .null)]),
        Array("o".utf8) + eight(1) + Array("k".utf8) + eight(1) + Array("kn".utf8)
      ),
    ]
    var all = RowEncoder()
    var expected: [UInt8] = []
    for (value, bytes) in cases {
      var encoder = RowEncoder()
      encoder.append(value)
      #expect(Array(encoder.bytes) == bytes, "\(value)")
      all.append(value)
      expected += bytes
    }
    #expect(Array(all.bytes) == expected)
  }

  @Test func `an encoder that is used again holds nothing of before`() {
    var encoder = RowEncoder()
    encoder.append(.text(String(repeating: "long ", count: 1_000)))
    encoder.reset()
    encoder.append(.null)
    #expect(Array(encoder.bytes) == Array("n".utf8))
    #expect(encoder.count == 1)
  }
}
