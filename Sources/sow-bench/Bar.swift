/// Something that a measured number must not exceed.
struct Bar {
  let what: String
  let measured: Double
  let limit: Double
  let unit: String
  /// Digits after the point.
  var places = 1

  var isMet: Bool { measured <= limit }

  /// The bars that results on SQLite can answer.
  static func onFiles(for results: [Result]) -> [Bar] {
    let named = results.filter { $0.workload is NamedWorkload && $0.complaint == nil }
    let bulk = results.filter { $0.workload is BulkWorkload && $0.complaint == nil }
    let linked = results.filter { $0.workload is LinkedWorkload && $0.complaint == nil }
    return named.filter { $0.workload.size == 100_000 }.flatMap(atFullSize)
      + growth(in: named) + bulk.flatMap(ofRows) + linked.flatMap(ofLinks)
  }

  /// The same on PostgreSQL.
  static func onServers(for results: [Result]) -> [Bar] {
    results.filter { $0.complaint == nil }.flatMap { result in
      let what = result.what
      switch (result.workload, result.workload.size) {
      case (is NamedWorkload, 100_000):
        return floorBars([.apply], of: result, what, limit: 3) + scanBars(of: result, what)
      case (is LinkedWorkload, 100_000):
        return floorBars([.apply], of: result, what, limit: 2)
      case (is LinkedWorkload, 1_000): return claims(of: result, what, seconds: 2)
      case (is LinkedWorkload, 10_000): return claims(of: result, what, seconds: 15)
      case (is BulkWorkload, 1_000_000): return [memoryBar(300, of: result, what)]
      default: return []
      }
    }
  }

  private static func scanBars(of result: Result, _ what: String) -> [Bar] {
    guard let plan = result.seconds(.noOpPlan), let floor = result.floor, let scan = floor.scan
    else { return [] }
    return [
      Bar(
        what: "no-op plan, \(what)", measured: plan / (floor.events + scan), limit: 3,
        unit: "× (events + one scan)")
    ]
  }

  /// What those said who wrote a request a record before.
  private static func claims(of result: Result, _ what: String, seconds: Double) -> [Bar] {
    guard let apply = result.seconds(.apply) else { return [] }
    let time = Bar(what: "apply, \(what)", measured: apply, limit: seconds, unit: "s")
    guard let requests = result.floor?.requests else { return [time] }
    return [
      time,
      Bar(
        what: "apply, \(what)", measured: apply / requests, limit: 1, unit: "× a request a row",
        places: 2),
    ]
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
    let what = result.what
    return floorBars([.apply, .noOpPlan], of: result, what) + editBar(of: result, what)
      + [memoryBar(600, of: result, what)]
  }

  private static func ofRows(_ result: Result) -> [Bar] {
    let what = result.what
    return floorBars(Step.compared, of: result, what) + [memoryBar(150, of: result, what)]
  }

  private static func ofLinks(_ result: Result) -> [Bar] {
    let what = result.what
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

extension Result {
  fileprivate var what: String {
    "\(Format.count(workload.size)) \(type(of: workload).unit)"
  }
}
