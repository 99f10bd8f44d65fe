/// Something that a measured number must not exceed.
struct Bar {
  let what: String
  let measured: Double
  let limit: Double
  let unit: String
  /// Digits after the point.
  var places = 1

  var isMet: Bool { measured <= limit }

  /// The bars that the results at hand can answer.
  static func all(for results: [Result]) -> [Bar] {
    let named = results.filter { $0.workload is NamedWorkload && $0.complaint == nil }
    let bulk = results.filter { $0.workload is BulkWorkload && $0.complaint == nil }
    let linked = results.filter { $0.workload is LinkedWorkload && $0.complaint == nil }
    return named.filter { $0.workload.size == 100_000 }.flatMap(atFullSize)
      + growth(in: named) + bulk.flatMap(ofRows) + linked.flatMap(ofLinks)
  }

  static func table(_ bars: [Bar]) -> String {
    let rows = bars.map { bar in
      "  \(bar.isMet ? "pass" : "FAIL")  " + Format.left(bar.what, 48)
        + Format.right(bar.text(bar.measured), 10) + "   at most \(bar.text(bar.limit)) \(bar.unit)"
    }
    return (["", "bars"] + (rows.isEmpty ? ["  none for these sizes"] : rows))
      .joined(separator: "\n")
  }

  private static func atFullSize(_ result: Result) -> [Bar] {
    let what = "\(Format.count(result.workload.size)) operations"
    return floorBars([.apply, .noOpPlan], of: result, what) + editBar(of: result, what)
      + [memoryBar(600, of: result, what)]
  }

  private static func ofRows(_ result: Result) -> [Bar] {
    let what = "\(Format.count(result.workload.size)) rows"
    return floorBars(Step.compared, of: result, what) + [memoryBar(150, of: result, what)]
  }

  private static func ofLinks(_ result: Result) -> [Bar] {
    let what = "\(Format.count(result.workload.size)) activities with links"
    return floorBars([.apply], of: result, what, limit: 3)
  }

  private static func growth(in named: [Result]) -> [Bar] {
    guard let small = named.first(where: { $0.workload.size == 10_000 }),
      let large = named.first(where: { $0.workload.size == 100_000 })
    else { return [] }
    return Step.compared.compactMap { step in
      guard let before = small.seconds(step), let after = large.seconds(step) else { return nil }
      return Bar(
        what: "\(step.rawValue), 100,000 against 10,000 operations", measured: after / before,
        limit: 12, unit: "×")
    }
  }

  private static func floorBars(
    _ steps: [Step], of result: Result, _ what: String, limit: Double = 4
  ) -> [Bar] {
    steps.compactMap { step in
      result.ratio(step).map {
        Bar(what: "\(step.rawValue), \(what)", measured: $0, limit: limit, unit: "× the floor")
      }
    }
  }

  private static func editBar(of result: Result, _ what: String) -> [Bar] {
    guard let edited = result.seconds(.editPlan), let same = result.seconds(.noOpPlan) else {
      return []
    }
    return [
      Bar(
        what: "edit-one plan, \(what)", measured: edited / same, limit: 1.2,
        unit: "× the no-op plan", places: 2)
    ]
  }

  private static func memoryBar(_ limit: Double, of result: Result, _ what: String) -> Bar {
    Bar(
      what: "peak memory, \(what)", measured: Double(result.peakMemory) / 1_000_000, limit: limit,
      unit: "MB")
  }

  private func text(_ number: Double) -> String {
    unit == "s" ? Format.seconds(number) : Format.decimal(number, places)
  }
}
