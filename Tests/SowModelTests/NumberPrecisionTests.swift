import SowModel
import Testing

struct NumberPrecisionTests {
  struct Sample: Sendable, CustomTestStringConvertible {
    let whole: Int
    let fraction: Int
    let kept: [String]
    let altered: [String]
    var testDescription: String { "\(whole) before, \(fraction) after the point" }
  }

  @Test(arguments: [
    Sample(
      whole: 3, fraction: 2, kept: ["0", "-999.99", "1.10", "999", "0.01", "1e2", "1.500"],
      altered: ["1000", "-1000", "0.001", "1.005", "1e3"]),
    Sample(whole: 2, fraction: 0, kept: ["99", "-1", "1.0"], altered: ["100", "0.5"]),
    Sample(
      whole: -2, fraction: 4, kept: ["0", "0.0099", "-0.0001", "0.001"],
      altered: ["0.01", "1", "0.00001", "0.1234"]),
    Sample(
      whole: 5, fraction: -2, kept: ["0", "12300", "-99900", "100"],
      altered: ["12340", "123", "100000", "0.5"]),
  ])
  func `a column with places keeps what fits them, and nothing else`(sample: Sample) throws {
    let precision = NumberPrecision.places(whole: sample.whole, fraction: sample.fraction)
    for text in sample.kept {
      #expect(precision.keeps(try #require(ExactDecimal(text))), "\(text)")
    }
    for text in sample.altered {
      #expect(!precision.keeps(try #require(ExactDecimal(text))), "\(text)")
    }
  }
}
