import SowModel
import Testing

struct TextFormTests {
  @Test(arguments: [
    ("2000-02-29", true), ("1900-02-29", false), ("2024-04-31", false), ("2024-12-31", true),
    ("2024-00-10", false), ("2024-01-00", false), ("20240101", false), ("02024-01-01", false),
    ("2024-01-01Z", false), ("١٩٦٣-٠٦-١٩", false), ("", false),
  ])
  func `a date is a day of the calendar`(text: String, isDate: Bool) {
    #expect(DateText.isDate(text) == isDate)
  }

  @Test(arguments: [
    ("00:00:00", true), ("23:59:59.999999999Z", true), ("08:30:06+23:59", true),
    ("08:30:06+24:00", false), ("08:30:06-00:60", false), ("23:59:60Z", true),
    ("22:59:60Z", false), ("22:59:60-01:00", true), ("00:29:60+00:30", true),
    ("00:29:60-00:30", false), ("12:00", false), ("12:00:00.", false), ("12:00:00+1:00", false),
    ("12:00:00 Z", false),
  ])
  func `a time has seconds and may have a zone`(text: String, isTime: Bool) {
    #expect(DateText.isTime(text) == isTime)
  }

  @Test(arguments: [
    ("2024-01-01T00:00:00", true), ("2024-01-01t00:00:00z", true),
    ("1998-12-31T15:59:60.123-08:00", true), ("2024-01-01", false),
    ("2024-01-01 00:00:00Z", false), ("2024-02-30T00:00:00Z", false),
  ])
  func `a timestamp is a date, a T and a time`(text: String, isTimestamp: Bool) {
    #expect(DateText.isTimestamp(text) == isTimestamp)
  }

  @Test(arguments: ["", "f", "fo", "foo", "foob", "fooba", "foobar", "\u{0}\u{FF}~"])
  func `base64 reads back what it writes`(text: String) {
    let bytes = Array(text.utf8)
    #expect(Base64.decode(Base64.encode(bytes)) == bytes)
  }

  @Test func `base64 is that of RFC 4648`() {
    #expect(Base64.encode(Array("foobar".utf8)) == "Zm9vYmFy")
    #expect(Base64.encode(Array("foob".utf8)) == "Zm9vYg==")
    #expect(Base64.encode([0xFB, 0xFF]) == "+/8=")
    #expect(Base64.decode("Zm9v\nYmFy\n") == Array("foobar".utf8))
  }

  @Test(arguments: ["Zg", "Zg=", "Zh==", "Zg==Zg==", "Z", "Zm9=", "_-8=", "===="])
  func `base64 with missing padding or stray bits is refused`(text: String) {
    #expect(Base64.decode(text) == nil)
  }
}
