import ArgumentParser

/// Measures the `sow` beside it against a floor: what libyaml and the library of the database need
/// for the same data.
@main
struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sow-bench",
    abstract: """
      Measures validate, plan, apply and their reruns against a floor, then export and fmt.
      """,
    subcommands: [Measure.self, MeasureFloor.self],
    defaultSubcommand: Measure.self)
}

/// The table of all sizes, then the bars.
struct Measure: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "measure")

  @Option(help: "A number of named operations; may repeat.")
  var operations: [Int] = []
  @Option(help: "A number of CSV rows; may repeat.")
  var rows: [Int] = []
  @Option(help: "A number of activities with links; may repeat.")
  var links: [Int] = []
  @Option(help: "Runs whose median counts, instead of 5 up to 10,000, 3 up to 100,000, then 1.")
  var runs: Int?
  @Option(help: "sqlite or postgres, a server that it starts; both where none is named.")
  var on: [DatabaseKind] = []
  @Option(help: "The binary to measure, instead of the sow beside this one.")
  var sow: String?

  func validate() throws {
    guard operations.allSatisfy({ $0 > 0 && $0 % 10 == 0 }) else {
      throw ValidationError("operations come in tens: 1 customer, 2 invoices, 7 lines")
    }
    guard rows.allSatisfy({ $0 > 0 }), links.allSatisfy({ $0 > 0 }), runs ?? 1 > 0 else {
      throw ValidationError("rows, links and runs are positive numbers")
    }
  }

  func run() throws {
    let isWhole = operations.isEmpty && rows.isEmpty && links.isEmpty
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let programs = try Programs(sow: sow)

    var bars: [Bar] = []
    var isComplete = true
    for kind in on.isEmpty ? DatabaseKind.allCases : on {
      let database = try kind.database()
      var results: [Result] = []
      for workload in isWhole ? kind.workloads : workloads {
        let measured = try Runner(programs: programs, database: database, folder: folder.path)
          .measure(workload, runs: runs ?? Self.defaultRuns(workload.size))
        print(measured.table)
        results.append(measured)
      }
      bars += database.bars(for: results)
      isComplete = isComplete && results.allSatisfy { $0.complaint == nil }
    }
    if isWhole {
      let inputs = try InputRunner(programs: programs, folder: folder.path).measure()
      print(inputs.table)
      bars += inputs.bars
    }
    print(Bar.table(bars))
    if !isComplete || !bars.allSatisfy(\.isMet) { throw ExitCode.failure }
  }

  private var workloads: [any Workload] {
    operations.map { NamedWorkload(size: $0) } + rows.map { BulkWorkload(size: $0) }
      + links.map { LinkedWorkload(size: $0) }
  }

  private static func defaultRuns(_ size: Int) -> Int {
    if size <= 10_000 { return 5 }
    return size <= 100_000 ? 3 : 1
  }
}

enum DatabaseKind: String, CaseIterable, ExpressibleByArgument {
  case sqlite, postgres

  func database() throws -> any MeasuredDatabase {
    switch self {
    case .sqlite: FileDatabase()
    case .postgres: try ServerDatabase()
    }
  }

  /// The sizes that its bars are about, and what shows how it grows.
  var workloads: [any Workload] {
    let (named, bulk, linked) =
      switch self {
      case .sqlite: ([1_000, 10_000, 100_000], [10_000, 100_000, 1_000_000], [10_000])
      case .postgres: ([10_000, 100_000], [1_000_000], [1_000, 10_000, 100_000])
      }
    return named.map { NamedWorkload(size: $0) } + bulk.map { BulkWorkload(size: $0) }
      + linked.map { LinkedWorkload(size: $0) }
  }
}
