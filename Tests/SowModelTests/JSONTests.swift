import SowModel
import Testing

struct JSONTests {
  @Test(arguments: [
    "null", "true", "[1,-2,9223372036854775807,18446744073709551616,1.25]",
    #"{"a":{"b":[]},"a":"twice","":"\"\\\n\u0001é🌱"}"#, "[]", "{}", "\"\"",
  ])
  func `what is read is written back`(text: String) {
    #expect(Value(json: text)?.json == text)
  }

  @Test func `spaces and escapes are read`() {
    #expect(
      Value(json: " { \"a\" : [ 1 , \"\\u00e9\\ud83c\\udf31\\/\" ] } \n")
        == .object([.init("a", .list([.integer(1), .text("é🌱/")]))]))
  }

  @Test(arguments: [
    "", "[", "[1,]", "{\"a\"}", "{a:1}", "01", "+1", "1.", ".5", "nul", "\"\\x\"", "\"\\ud83c\"",
    "\"\\u+123\"", "\"a\nb\"", "[1] 2", "'a'", "NaN", "\u{FEFF}1",
    String(repeating: "[", count: 300) + String(repeating: "]", count: 300),
  ])
  func `what is no JSON, or too deep, is refused`(text: String) {
    #expect(Value(json: text) == nil)
  }
}
