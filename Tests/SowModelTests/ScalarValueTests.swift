import SowModel
import Testing

struct ScalarValueTests {
  struct Reading: Sendable, CustomStringConvertible {
    var text: String
    var type: FieldType
    var value: Value
    var style: Scalar.Style

    init(_ text: String, _ type: FieldType, _ value: Value, _ style: Scalar.Style = .plain) {
      (self.text, self.type, self.value, self.style) = (text, type, value, style)
    }

    var description: String { "\(text) as \(type.name), \(style)" }
  }

  struct Refusal: Sendable, CustomStringConvertible {
    var text: String
    var type: FieldType
    var mistake: ScalarMistake
    var style: Scalar.Style

    init(
      _ text: String, _ type: FieldType, _ mistake: ScalarMistake, _ style: Scalar.Style = .plain
    ) {
      (self.text, self.type, self.mistake, self.style) = (text, type, mistake, style)
    }

    var description: String { "\(text) as \(type.name), \(style)" }
  }

  @Test(arguments: ["", "~", "null", "Null", "NULL"])
  func `plain null is null for every type`(text: String) throws {
    let types: [FieldType] = [
      .string, .integer, .decimal, .float, .boolean, .date, .time, .timestamp, .uuid, .bytes,
      .object([:]), .list(of: .any), .any,
    ]
    for type in types { #expect(try Scalar(text).value(as: type).get() == .null) }
  }

  @Test(arguments: [
    Reading("NO", .string, .text("NO")), Reading("01234", .string, .text("01234")),
    Reading("1:30", .string, .text("1:30")), Reading("1.10", .string, .text("1.10")),
    Reading("0x1F", .string, .text("0x1F")), Reading("true", .string, .text("true")),
    Reading("null", .string, .text("null"), .quoted), Reading("", .string, .text(""), .quoted),
    Reading("null", .string, .text("null"), .cell), Reading("", .string, .text(""), .cell),
    Reading("Luís", .string, .text("Luís")),
  ])
  func `a string is the text byte for byte`(reading: Reading) throws { try expect(reading) }

  @Test(arguments: [
    Reading("0", .integer, .integer(0)), Reading("-0", .integer, .integer(0)),
    Reading("+7", .integer, .integer(7)), Reading("42", .integer, .integer(42), .cell),
    Reading("9223372036854775807", .integer, .integer(.max)),
    Reading("-9223372036854775808", .integer, .integer(.min)),
    Reading("2.50", .float, .float(2.5)), Reading("-1e3", .float, .float(-1000)),
    Reading("7", .float, .float(7)), Reading("5e-324", .float, .float(.leastNonzeroMagnitude)),
    Reading("true", .boolean, .boolean(true)), Reading("false", .boolean, .boolean(false)),
    Reading("true", .boolean, .boolean(true), .cell),
  ])
  func `numbers and booleans are read unquoted`(reading: Reading) throws { try expect(reading) }

  @Test(arguments: [Scalar.Style.plain, .quoted, .cell])
  func `a decimal is exact, quoted or not`(style: Scalar.Style) throws {
    let text = "1234567890123456789012345678901234567890.10"
    let value = try Scalar(text, style: style).value(as: .decimal).get()
    guard case .decimal(let decimal) = value else {
      Issue.record("\(value) is no decimal")
      return
    }
    #expect(decimal.text == text)
  }

  @Test(arguments: [
    Refusal("01", .integer, .leadingZeros(.integer)),
    Refusal("abc", .integer, .malformed(.integer)),
    Refusal("-", .integer, .malformed(.integer)), Refusal("1 ", .integer, .malformed(.integer)),
    Refusal("1.0", .integer, .fractional), Refusal("1e3", .integer, .fractional),
    Refusal("0x10", .integer, .malformed(.integer)),
    Refusal("1_000", .integer, .malformed(.integer)),
    Refusal("9223372036854775808", .integer, .outOfRange(.integer)),
    Refusal("-9223372036854775809", .integer, .outOfRange(.integer)),
    Refusal("5", .integer, .quoted(.integer), .quoted),
    Refusal("x", .integer, .malformed(.integer), .quoted),
    Refusal("", .integer, .malformed(.integer), .cell),
    Refusal("null", .integer, .malformed(.integer), .cell),
    Refusal("007", .decimal, .leadingZeros(.decimal)),
    Refusal(".5", .decimal, .malformed(.decimal)),
    Refusal(".nan", .decimal, .notFinite), Refusal("1e401", .decimal, .outOfRange(.decimal)),
    Refusal("2.5", .float, .quoted(.float), .quoted), Refusal("1e999", .float, .outOfRange(.float)),
    Refusal(".inf", .float, .notFinite), Refusal("-.Inf", .float, .notFinite),
    Refusal("NaN", .float, .notFinite), Refusal("1.", .float, .malformed(.float)),
    Refusal("no", .boolean, .booleanWord(means: false)),
    Refusal("Yes", .boolean, .booleanWord(means: true)),
    Refusal("on", .boolean, .booleanWord(means: true)),
    Refusal("TRUE", .boolean, .booleanWord(means: true)),
    Refusal("true", .boolean, .quoted(.boolean), .quoted),
    Refusal("1", .boolean, .malformed(.boolean)),
    Refusal("a\0b", .string, .zeroCharacter), Refusal("a\0b", .any, .zeroCharacter, .quoted),
    Refusal("2024-01-01\0", .date, .zeroCharacter),
    Refusal("a", .object([:]), .structureExpected(.object([:]))),
    Refusal("a", .list(of: .any), .structureExpected(.list(of: .any)), .quoted),
  ])
  func `what the type does not accept is refused`(refusal: Refusal) { expect(refusal) }

  @Test(arguments: [
    Reading("2024-02-29", .date, .text("2024-02-29")),
    Reading("2024-02-29", .date, .text("2024-02-29"), .quoted),
    Reading("23:59:60", .time, .text("23:59:60")),
    Reading("2024-01-01t12:00:00.5+01:00", .timestamp, .text("2024-01-01t12:00:00.5+01:00")),
    Reading(
      "6F1C2B9E-5b7a-4d7e-9d0e-0a1b2c3d4e5f", .uuid, .text("6F1C2B9E-5b7a-4d7e-9d0e-0a1b2c3d4e5f")),
    Reading("aGk=", .bytes, .bytes([0x68, 0x69])), Reading("", .bytes, .bytes([]), .quoted),
  ])
  func `checked text is kept as written`(reading: Reading) throws { try expect(reading) }

  @Test(arguments: [
    Refusal("2023-02-29", .date, .impossible(.date)), Refusal("2024-1-1", .date, .malformed(.date)),
    Refusal("24:00:00", .time, .impossible(.time)), Refusal("1:30", .time, .malformed(.time)),
    Refusal("2024-01-01 12:00:00", .timestamp, .malformed(.timestamp)),
    Refusal("2024-13-01T12:00:00Z", .timestamp, .impossible(.timestamp)),
    Refusal("6f1c2b9e5b7a4d7e9d0e0a1b2c3d4e5f", .uuid, .malformed(.uuid)),
    Refusal("aGk", .bytes, .malformed(.bytes)), Refusal("!", .bytes, .malformed(.bytes)),
  ])
  func `dates that do not exist and other forms are refused`(refusal: Refusal) { expect(refusal) }

  @Test(arguments: [
    Reading("12", .any, .integer(12)), Reading("0o17", .any, .integer(15)),
    Reading("0x1f", .any, .integer(31)), Reading("-3", .any, .integer(-3)),
    Reading("012", .any, .integer(12)), Reading("true", .any, .boolean(true)),
    Reading("FALSE", .any, .boolean(false)), Reading("no", .any, .text("no")),
    Reading("2024-01-01", .any, .text("2024-01-01")), Reading("1:30", .any, .text("1:30")),
    Reading("-", .any, .text("-")), Reading("...", .any, .text("...")),
    Reading("0x", .any, .text("0x")), Reading("0o8", .any, .text("0o8")),
    Reading("12", .any, .text("12"), .quoted), Reading("12", .any, .integer(12), .cell),
    Reading("null", .any, .text("null"), .cell), Reading("1.10", .any, .decimal("1.1")),
    Reading(".5", .any, .decimal("0.5")), Reading("+5.", .any, .decimal("5")),
    Reading("00.5e1", .any, .decimal("5")),
    Reading("9223372036854775808", .any, .decimal("9223372036854775808")),
  ])
  func `an untyped scalar follows the core schema`(reading: Reading) throws {
    try expect(reading)
  }

  @Test(arguments: [
    Refusal(".nan", .any, .notFinite), Refusal("-.inf", .any, .notFinite),
    Refusal("1e500", .any, .outOfRange(.decimal)),
    Refusal("0xFFFFFFFFFFFFFFFFF", .any, .outOfRange(.integer)),
  ])
  func `an untyped number that is not exact is refused`(refusal: Refusal) { expect(refusal) }

  @Test func `a mistake has a reason and, where it is known, a hint`() {
    #expect(ScalarMistake.quoted(.integer).reason.english == "must be an integer, without quotes")
    #expect(ScalarMistake.quoted(.integer).hint?.sentence.english == "remove the quotes")
    #expect(ScalarMistake.booleanWord(means: false).hint == .didYouMean("false"))
    #expect(ScalarMistake.malformed(.date).hint == nil)
  }

  private func expect(_ reading: Reading) throws {
    let value = try Scalar(reading.text, style: reading.style).value(as: reading.type).get()
    #expect(value == reading.value)
  }

  private func expect(_ refusal: Refusal) {
    let result = Scalar(refusal.text, style: refusal.style).value(as: refusal.type)
    #expect(result == .failure(refusal.mistake))
  }
}

extension Value {
  fileprivate static func decimal(_ text: String) -> Value {
    guard let number = ExactDecimal(text) else { preconditionFailure("\(text) is no decimal") }
    return .decimal(number)
  }
}
