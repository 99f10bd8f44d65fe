import SowTestSupport

/// Times `validate` on input that is wrong or means harm.
struct InputRunner {
  let programs: Programs
  let folder: String

  /// One kind of input: how it went.
  struct Line {
    let what: String
    let limit: Double
    let seconds: Double
    let peakMemory: Int
    let code: Int32
  }

  struct Outcome {
    let lines: [Line]

    var table: String {
      let head =
        Format.left("validate", 28) + Format.right("seconds", 10)
        + Format.right("peak MB", 10) + Format.right("exit", 8)
      let rows = lines.map { line in
        Format.left("  \(line.what)", 28) + Format.right(Format.seconds(line.seconds), 10)
          + Format.right(Format.megabytes(line.peakMemory), 10) + Format.right("\(line.code)", 8)
      }
      return ([""] + [head] + rows).joined(separator: "\n")
    }

    var bars: [Bar] {
      lines.flatMap { line in
        [
          Bar(what: "validate, \(line.what)", measured: line.seconds, limit: line.limit, unit: "s"),
          Bar(
            what: "distance from exit code 3, \(line.what)", measured: Double(abs(line.code - 3)),
            limit: 0, unit: ""),
        ]
      }
    }
  }

  func measure() throws -> Outcome {
    // A copy, since in the package the folder would belong to the samples' project.
    let mistakes = "\(folder)/mistakes"
    try copyTree(
      PackageFolder.path() + "/Tests/ScenarioTests/Scenarios/ten-mistakes", to: mistakes)
    var lines = [try line("ten mistakes", limit: 0.05, in: mistakes, outputs: folder)]
    for plan in HostilePlan.allCases {
      let project = "\(folder)/hostile"
      try makeFolders("\(project)/plans")
      try plan.write(to: "\(project)/plans/plan.yaml")
      lines.append(try line(plan.rawValue, limit: 1, in: project, outputs: project))
      removeTree(project)
    }
    return Outcome(lines: lines)
  }

  private func line(
    _ what: String, limit: Double, in project: String, outputs: String
  ) throws -> Line {
    try makeFolders(outputs)
    let endings = try (0..<5).map { _ in
      try ChildProcess(
        [programs.sow, "validate"], in: project, environment: ["PATH": "/usr/bin:/bin"],
        output: "\(outputs)/stdout", errors: "\(outputs)/stderr"
      ).wait()
    }
    return Line(
      what: what, limit: limit, seconds: median(endings.map(\.seconds)),
      peakMemory: endings.map(\.peakMemory).max() ?? 0,
      code: endings.map(\.code).max { abs($0 - 3) < abs($1 - 3) } ?? -1)
  }
}
