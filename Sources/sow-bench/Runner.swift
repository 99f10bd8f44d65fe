import SowTestSupport

/// The medians of one workload.
struct Result {
  let database: String
  let workload: any Workload
  let runs: Int
  let inputBytes: Int
  var steps: [(step: Step, seconds: Double, peakMemory: Int)] = []
  var floor: Floor?
  /// Why the measuring stopped early.
  var complaint: String?

  func seconds(_ step: Step) -> Double? { steps.first { $0.step == step }?.seconds }

  func ratio(_ step: Step) -> Double? {
    guard let floor, Step.compared.contains(step), let seconds = seconds(step) else { return nil }
    return seconds / floor.seconds
  }

  /// Of the steps that are held against the floor.
  var peakMemory: Int {
    steps.lazy.filter { Step.compared.contains($0.step) }.map(\.peakMemory).max() ?? 0
  }
}

/// Runs the steps of a workload, each time on a new database.
struct Runner {
  let programs: Programs
  let database: any MeasuredDatabase
  let folder: String

  func measure(_ workload: any Workload, runs: Int) throws -> Result {
    let kind = type(of: workload).kind
    let project = "\(folder)/\(kind)-\(workload.size)"
    try workload.write(to: project, changing: nil)
    defer { removeTree(project) }

    var result = Result(
      database: database.name, workload: workload, runs: runs,
      inputBytes: fileSize("\(project)/\(workload.planPath)")
        + (workload.dataPath.map { fileSize("\(project)/\($0)") } ?? 0))
    var samples: [Step: [ChildProcess.Ending]] = [:]
    var floors: [Floor] = []
    do {
      for _ in 0..<runs {
        let place = try database.renew(in: project)
        for step in workload.steps {
          samples[step, default: []].append(try run(step, of: workload, in: project, on: place))
        }
        floors.append(try floor(of: workload, in: project, asIn: place))
      }
    } catch let complaint as Complaint {
      result.complaint = complaint.description
    }
    result.steps = workload.steps.compactMap { step in
      samples[step].map { samples in
        (step, median(samples.map(\.seconds)), samples.map(\.peakMemory).max() ?? 0)
      }
    }
    if !floors.isEmpty { result.floor = Floor.median(of: floors) }
    return result
  }

  private func run(
    _ step: Step, of workload: any Workload, in project: String, on place: String
  ) throws -> ChildProcess.Ending {
    switch step {
    case .editPlan: try workload.write(to: project, changing: workload.size / 20)
    case .export: removeTree("\(project)/\(Step.exported)")
    case .format:
      // Blank lines at the end, since what is canonical already is not written.
      let plan = "\(project)/\(workload.planPath)"
      let copy = try FileWriter("\(project)/\(Step.unformatted)")
      copy.write(readText(plan, limit: fileSize(plan)) + "\n\n")
      try copy.close()
    default: break
    }
    let ending = try programs.run([programs.sow] + step.arguments, in: project)
    if step == .editPlan { try workload.write(to: project, changing: nil) }

    guard ending.code == step.code else {
      throw Complaint(
        "\(step.rawValue): exit \(ending.code)\n\(readText("\(project)/stderr", limit: 2000))")
    }
    let output = readText("\(project)/stdout")
    let sign = step.sign(of: workload)
    guard sign.isEmpty || output.contains(sign) else {
      throw Complaint("\(step.rawValue): no \"\(sign)\" in its output\n\(output.prefix(2000))")
    }
    if step == .apply || step == .noOpApply { try checkRows(of: workload, in: place) }
    return ending
  }

  /// The rows are there: the output of an apply is no proof.
  private func checkRows(of workload: any Workload, in place: String) throws {
    for (table, count) in zip(workload.tables, workload.counts) {
      let found = try database.rowCount(of: table.name, in: place)
      guard found == count else {
        throw Complaint("\(table.name) holds \(found) rows, not \(count)")
      }
    }
  }

  private func floor(
    of workload: any Workload, in project: String, asIn place: String
  ) throws -> Floor {
    let ending = try programs.run(
      [
        programs.own, "floor", type(of: workload).kind, String(workload.size), project, place,
      ], in: project)
    let numbers = readText("\(project)/stdout").split { $0 == " " || $0 == "\n" }
      .compactMap { Double($0) }
    guard ending.code == 0, numbers.count >= 2 else {
      throw Complaint("floor: \(readText("\(project)/stderr", limit: 2000))")
    }
    return Floor(
      events: numbers[0], inserts: numbers[1], scan: numbers.count > 2 ? numbers[2] : nil,
      requests: numbers.count > 3 ? numbers[3] : nil)
  }
}

/// The middle one, or the mean of the two in the middle.
func median(_ numbers: [Double]) -> Double {
  let sorted = numbers.sorted()
  let middle = sorted.count / 2
  return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}
