import SowModel
import Testing

struct PhaseMeterTests {
  /// What a meter tells while `body` has it, one line an event.
  private func told(total: Int? = nil, _ body: (inout PhaseMeter) -> Void) -> [String] {
    var lines: [String] = []
    var meter = PhaseMeter(.plan, of: "shop", total: total) { event in
      let total = event.total.map { "/\($0)" } ?? ""
      lines.append("\(event.kind) \(event.rows)\(total) \(event.operation ?? "-")")
    }
    body(&meter)
    return lines
  }

  @Test func `a phase is told of from start to end, though it holds no row`() {
    #expect(told { $0.finish() } == ["started 0 -", "finished 0 -"])
  }

  @Test func `rows are told of in steps of a thousand, the rest at the end`() {
    let lines = told(total: 2_500) { meter in
      for row in 1...2_500 { meter.add(of: row <= 1_500 ? "a" : "b") }
      meter.finish()
    }
    #expect(
      lines == [
        "started 0/2500 -", "progress 1000/2500 a", "progress 2000/2500 b", "finished 2500/2500 -",
      ])
  }

  @Test func `rows that are done at once are told of in the same steps`() {
    let lines = told { meter in
      meter.add(700, of: "a")
      meter.add(2_300, of: "b")
      meter.add(0, of: "c")
      meter.finish()
    }
    #expect(
      lines == [
        "started 0 -", "progress 1000 b", "progress 2000 b", "progress 3000 b", "finished 3000 -",
      ])
  }

  @Test func `a phase that does not come to its end has none`() {
    #expect(told { $0.add(1_001, of: "a") } == ["started 0 -", "progress 1000 a"])
  }

  @Test func `nobody has to watch`() {
    var meter = PhaseMeter()
    meter.add(5_000, of: "a")
    meter.finish()
    #expect(!meter.isWatched)
  }
}
