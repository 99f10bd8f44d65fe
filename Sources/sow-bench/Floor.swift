import ArgumentParser

/// What the libraries need for the same data, in seconds.
struct Floor {
  var events = 0.0
  var inserts = 0.0
  /// A look at all rows; nil where nothing is held against it.
  var scan: Double?
  /// A request for each row; nil where nobody would wait for it.
  var requests: Double?

  var seconds: Double { events + inserts }

  static func median(of floors: [Floor]) -> Floor {
    func middle(_ numbers: [Double?]) -> Double? {
      let known = numbers.compactMap(\.self)
      return known.isEmpty ? nil : sow_bench.median(known)
    }
    return Floor(
      events: middle(floors.map(\.events)) ?? 0, inserts: middle(floors.map(\.inserts)) ?? 0,
      scan: middle(floors.map(\.scan)), requests: middle(floors.map(\.requests)))
  }
}

/// Measures the floor in a process of its own, so that its memory is not in the way.
struct MeasureFloor: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "floor", shouldDisplay: false)

  @Argument var kind: String
  @Argument var size: Int
  @Argument(help: "The project folder.") var folder: String
  @Argument(help: "The database whose tables to make again: a path, or a URL.") var model: String

  func run() throws {
    guard let workload = workload(kind: kind, size: size) else {
      throw ValidationError("no such workload: \(kind)")
    }
    var numbers = [try FloorEvents.seconds(for: "\(folder)/\(workload.planPath)")]
    if model.contains("://") {
      let floor = ServerFloor(workload, asIn: model)
      numbers += [try floor.inserts(), try floor.scan()]
      if size <= 10_000 { numbers.append(try floor.requests()) }
    } else {
      numbers.append(
        try FloorInserts.seconds(for: workload, asIn: model, into: "\(folder)/floor.db"))
    }
    print(numbers.map { String($0) }.joined(separator: " "))
  }
}

extension Duration {
  var seconds: Double {
    Double(components.seconds) + Double(components.attoseconds) * 1e-18
  }
}
