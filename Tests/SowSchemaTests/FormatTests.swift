import SowModel
import SowSchema
import Testing

struct FormatTests {
  @Test(arguments: [
    FormatCase(
      "email",
      valid: [
        "joe.bloggs@example.com", "te~st@example.com", "a+b@x-y.org", "\"joe bloggs\"@example.com",
        "joe@[127.0.0.1]", "joe@[IPv6:::1]", "user@localhost",
      ],
      invalid: [
        "2962", ".test@example.com", "te..st@example.com", "test.@example.com", "joe@",
        "@example.com",
        "joe@invalid=domain.com", "joe@[127.0.0.300]", "a b@example.com", "joe@-x.com",
        "joé@example.com",
      ]),
    FormatCase(
      "uri",
      valid: [
        "http://foo.bar/?baz=qux#quux", "urn:oasis:names", "mailto:John.Doe@example.com",
        "tel:+1-816-555",
        "http://[::1]:80/", "http://u:p@h:8/a;b?q=%20#f", "file:///etc/x",
        "ftp://ftp.is.co.za/rfc1808.txt",
      ],
      invalid: [
        "//foo.bar", "/abs", "\\\\\\\\WINDOWS", "bar,baz", "http://foo bar", "http://[bad/",
        ":// no",
        "http://a/%zz", "http://é.com", "1http://a", "http://a:b/", "http:// x",
      ]),
    FormatCase(
      "hostname", valid: ["www.example.com", "a", "xn--4gbwdl.xn--wgbh1c", "1host"],
      invalid: ["-bad", "bad-", "a..b", "a_b", ".a", "a.", "ab--cd", "", "é.com"]),
    FormatCase(
      "ipv4", valid: ["192.168.0.1", "0.0.0.0", "255.255.255.255"],
      invalid: [
        "256.1.1.1", "1.1.1", "1.1.1.1.1", "01.1.1.1", "1.1.1.", "0x7f.1.1.1", "1.1.1.1/24",
      ]),
    FormatCase(
      "ipv6",
      valid: [
        "::1", "::", "1:2:3:4:5:6:7:8", "::42:ff:1", "d6::", "1::d6:192.168.0.1", "1:2:3:4:5:6:7::",
      ],
      invalid: [
        "12345::", ":2:3:4:5:6:7:8", "1:2:3:4:5:6:7:", "1::2::3", "1:2:3:4:5:6:7:8:9",
        "1:2:3:4:5:6:7",
        ":::", "1:2:3:4:5:6:7:8::", "::g", "1.2.3.4", "fe80::1%eth0", "::1.2.3",
      ]),
    FormatCase(
      "duration", valid: ["P4DT12H30M5S", "P4Y", "PT0S", "P1M", "PT1M", "PT36H", "P2W", "P1DT12H"],
      invalid: [
        "P", "P1YT", "PT", "P2D1Y", "P1D2H", "1D", "P2S", "P1Y2W", "P1Y2D", "PT1H2S", "P-1D", "p1d",
      ]),
    FormatCase("date", valid: ["1963-06-19"], invalid: ["1963-02-30", "06/19/1963"]),
    FormatCase("time", valid: ["08:30:06Z", "08:30:06"], invalid: ["8:30", "25:00:00"]),
    FormatCase(
      "date-time", valid: ["1963-06-19T08:30:06.28Z", "1963-06-19T08:30:06"],
      invalid: ["1963-06-19"]),
    FormatCase(
      "uuid", valid: ["2EB8AA08-AA98-11EA-B4AA-73B441D16380"],
      invalid: ["2eb8aa08-aa98-11ea-b4aa-73b441d1638", "2eb8aa08aa98-11ea-b4aa73b441d16380-----"]),
    FormatCase("byte", valid: ["aGk=", ""], invalid: ["aGk", "a*=="]),
  ])
  func `text has the form that its format names`(example: FormatCase) throws {
    let schema = try compiled("{properties: {x: {format: \(example.format)}}}")
    let validator = schema.validator(for: ["x"])
    for text in example.valid {
      #expect(validator.validate([.value(.text(text))]).isEmpty, "\(text)")
    }
    for text in example.invalid {
      #expect(validator.validate([.value(.text(text))]).summary == "x schema-format", "\(text)")
    }
    #expect(validator.validate([.value(.integer(1))]).isEmpty)
    #expect(validator.validate([.value(.null)]).isEmpty)
  }

  @Test func `double refuses numbers that no double can hold`() throws {
    try SchemaCase(
      "{format: double}", valid: ["1.5", "1e308", "x"], invalid: ["1e400": "schema-format"]
    )
    .check()
  }

  @Test func `bytes are their base64 text`() throws {
    let schema = try compiled(
      "{properties: {x: {type: string, format: byte, maxLength: 4, pattern: ^aG}}}")
    let validator = schema.validator(for: ["x"])
    #expect(validator.validate([.value(.bytes([0x68, 0x69]))]).isEmpty)
    #expect(
      validator.validate([.value(.bytes([1, 2, 3, 4]))]).summary
        == "x schema-max-length, x schema-pattern")
  }
}

struct FormatCase: Sendable, CustomStringConvertible {
  var format: String
  var valid: [String]
  var invalid: [String]

  init(_ format: String, valid: [String], invalid: [String]) {
    (self.format, self.valid, self.invalid) = (format, valid, invalid)
  }

  var description: String { format }
}
