import SowModel
import Testing

struct ExactDecimalTests {
  @Test(arguments: [
    ("1.10", "1.1"), ("-0", "0"), ("0.000", "0"), ("1e3", "1000"), ("12.5e-3", "0.0125"),
    ("+7", "7"), ("123456789012345678901234567890.5", "123456789012345678901234567890.5"),
  ])
  func `equal numbers have one canonical form`(text: String, canonical: String) {
    #expect(ExactDecimal(text)?.canonical == canonical)
  }

  @Test(arguments: ["", "01", ".5", "1.", "1e", "NaN", "0x10", "1_000", "- 1", "1e401"])
  func `text that is no decimal is refused`(text: String) {
    #expect(ExactDecimal(text) == nil)
  }

  @Test func `order is by value`() {
    let texts = ["-10", "-9.5", "-0.1", "0", "0.01", "0.1", "2", "10", "10.01"]
    let numbers = texts.compactMap { ExactDecimal($0) }
    #expect(numbers.shuffled().sorted().map(\.text) == texts)
  }
}
