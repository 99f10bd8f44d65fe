import SowModel
import Testing

@testable import sow

struct JSONTests {
  @Test func `lists asked for and the document break into lines, all else does not`() {
    let text = document { json in
      json.member("kind", "sample")
      json.array("empty") {}
      json.object("nothing") {}
      json.array("items") {
        json.object {
          json.member("a", 1)
          json.member("b", true)
          json.array("c") {
            json.integer(1)
            json.integer(2)
          }
          json.lines("d") { json.string("x") }
        }
        json.object {}
      }
    }
    #expect(
      text == """
        {
          "kind": "sample",
          "empty": [],
          "nothing": {},
          "items": [
            {"a": 1, "b": true, "c": [1, 2], "d": [
                "x"
              ]},
            {}
          ]
        }

        """)
  }

  @Test(arguments: [
    (Value.null, "null"),
    (.boolean(false), "false"),
    (.integer(9_007_199_254_740_991), "9007199254740991"),
    (.integer(9_007_199_254_740_992), "\"9007199254740992\""),
    (.integer(.min), "\"-9223372036854775808\""),
    (.float(0.1), "0.1"),
    (.float(.infinity), "\"inf\""),
    (.text("a\"b\\c\n\u{1B}\u{202E}é"), #""a\"b\\c\n\u001b\u202eé""#),
    (.bytes([0xCA, 0xFE]), "\"cafe\""),
    (.list([.integer(1), .null]), "[1, null]"),
    (.object([Value.Member("a", .text("b"))]), "{\"a\": \"b\"}"),
  ])
  func `a value is exact JSON`(value: Value, expected: String) {
    let text = document { json in
      json.array("rows") { json.object { json.member("v", value) } }
    }
    #expect(
      text == """
        {
          "rows": [
            {"v": \(expected)}
          ]
        }

        """)
  }

  @Test(arguments: [
    ("1.10", "1.1"), ("123456789012345", "123456789012345"),
    ("1234567890.123456", "\"1234567890.123456\""), ("1e3", "1000"),
  ])
  func `a decimal is a number as long as no reader alters it`(text: String, expected: String) throws
  {
    let decimal = try #require(ExactDecimal(text))
    #expect(written { JSONWriter(to: $0).value(.decimal(decimal)) } == expected)
  }

  @Test func `diagnostics are listed by position with their places`() {
    let sample = SampleFile("p.yaml", "one\ntwo")
    var diagnostics = Diagnostics()
    diagnostics.report(
      .sampleError, ["entity": "e", "field": "f"], at: sample.range(of: "two"),
      hint: .didYouMean("g"), related: [sample.range(of: "one")])
    diagnostics.report(.sampleWarning, at: nil, hint: .text(Phrase(same: "look")))
    let text = document { $0.diagnostics(diagnostics, of: sample.files) }
    #expect(
      text == #"""
        {
          "errors": 1,
          "warnings": 1,
          "diagnostics": [
            {"severity": "warning", "code": "odd-thing", "message": "this is odd", "hint": "look"},
            {"severity": "error", "code": "unknown-field", "message": "entity \"e\" has no field \"f\"", "hint": "did you mean \"g\"?", "suggestion": "g", "file": "p.yaml", "line": 2, "column": 1, "end_line": 2, "end_column": 4, "related": [{"file": "p.yaml", "line": 1, "column": 1, "end_line": 1, "end_column": 4}]}
          ]
        }

        """#)
  }
}
