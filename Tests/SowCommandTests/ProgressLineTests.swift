import SowModel
import Testing

@testable import sow

struct ProgressLineTests {
  private func line(
    _ phase: ProgressEvent.Phase, _ rows: Int, of total: Int? = nil, at operation: String?,
    plan: String = "shop", width: Int = 99
  ) -> String {
    var event = ProgressEvent(kind: .progress, phase: phase, plan: plan)
    event.rows = rows
    event.total = total
    event.operation = operation
    return ProgressLine(event: event).text(width: width)
  }

  @Test func `a bar says how much of the whole is done`() {
    #expect(
      line(.apply, 0, of: 4_000, at: nil)
        == "  applying shop  [>                   ]   0%  0 of 4000 rows")
    #expect(
      line(.apply, 1_000, of: 4_000, at: "items")
        == "  applying shop  [=====>              ]  25%  1000 of 4000 rows, items")
    #expect(
      line(.check, 3_999, of: 4_000, at: nil)
        == "  checking shop  [===================>]  99%  3999 of 4000 rows")
    #expect(
      line(.plan, 4_000, of: 4_000, at: nil)
        == "  planning shop  [====================] 100%  4000 of 4000 rows")
  }

  @Test func `what has no known end has no bar`() {
    #expect(line(.apply, 12_000, at: "items") == "  applying shop  12000 rows, items")
    #expect(line(.read, 1, at: nil, plan: "a.yaml") == "  reading a.yaml  1 operation")
    #expect(line(.commit, 0, at: nil) == "  committing shop")
    #expect(line(.apply, 0, of: 0, at: nil) == "  applying shop")
    #expect(line(.apply, 7, of: 5, at: nil).contains("100%"))
  }

  @Test(arguments: [
    (72, "  applying shop  [=====>              ]  25%  1000 of 4000 rows, items"),
    (63, "  applying shop  [=====>              ]  25%  1000 of 4000 rows"),
    (58, "  applying shop  1000 of 4000 rows"), (20, "  applying shop"), (9, "  applyi…"),
  ])
  func `a narrow terminal gets less, and never more than a line`(width: Int, text: String) {
    let line = line(.apply, 1_000, of: 4_000, at: "items", width: width)
    #expect(line == text)
    #expect(displayWidth(line) <= width)
  }

  @Test func `it speaks one language, the first of two`() {
    var event = ProgressEvent(kind: .progress, phase: .apply, plan: "shop", total: 4_000)
    event.rows = 2_000
    #expect(
      ProgressLine(event: event, language: .vietnamese).text(width: 99)
        == "  đang áp dụng shop  [==========>         ]  50%  2000 trên 4000 bản ghi")
    #expect(
      ProgressLine(event: event, language: .both).text(width: 99)
        == "  applying shop  [==========>         ]  50%  2000 of 4000 rows")
  }

  @Test func `a name cannot steer the terminal`() {
    #expect(
      !line(.apply, 1, at: "a\u{1B}[2J", plan: "b\n\u{202E}").unicodeScalars.contains("\u{1B}"))
  }

  @Test func `an event is one line of JSON`() {
    var event = ProgressEvent(kind: .progress, phase: .apply, plan: "a\n\"b\"")
    event.rows = 1_000
    event.total = 2_000
    event.operation = "items"
    let text = written { outlet in
      let json = JSONWriter(to: outlet)
      json.progress(event)
      event.phase = .read
      event.total = nil
      json.progress(event)
    }
    #expect(
      text == #"""
        {"kind": "progress", "event": "progress", "plan": "a\n\"b\"", "phase": "apply", "operation": "items", "rows_done": 1000, "rows_total": 2000}
        {"kind": "progress", "event": "progress", "plan": "a\n\"b\"", "phase": "read", "operation": "items", "operations_done": 1000}

        """#)
  }
}
