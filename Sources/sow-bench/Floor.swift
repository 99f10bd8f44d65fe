import ArgumentParser

/// Measures the floor in a process of its own, so that its memory is not in the way.
struct MeasureFloor: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "floor", shouldDisplay: false)

  @Argument var kind: String
  @Argument var size: Int
  @Argument(help: "The project folder.") var folder: String
  @Argument(help: "The database whose tables to make again.") var model: String

  func run() throws {
    guard let workload = workload(kind: kind, size: size) else {
      throw ValidationError("no such workload: \(kind)")
    }
    let events = try FloorEvents.seconds(for: "\(folder)/\(workload.planPath)")
    let inserts = try FloorInserts.seconds(
      for: workload, asIn: model, into: "\(folder)/floor.db")
    print("\(events) \(inserts)")
  }
}

extension Duration {
  var seconds: Double {
    Double(components.seconds) + Double(components.attoseconds) * 1e-18
  }
}
