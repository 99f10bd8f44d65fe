internal import FoundationEssentials
internal import SowDatabase
internal import SowModel
internal import SowPlanning

/// Carries out decided sets in the open transaction and keeps what became of every row.
struct Applier {
  let checked: CheckedPlan
  let database: any Database
  let decider: Decider
  let digester: KeyedDigester
  let owner: Owner
  /// The run's number in the ledger; nil where no ledger is kept (`sow run`).
  let serial: Int?
  /// When the run started.
  let started: Date
  let collectsRows: Bool
  let showsSensitive: Bool
  let stopsAtFailure: Bool
  let runsOperations: Bool
  /// The deletes that may be done, where that was not decided before.
  let deleteLimit: Int?
  /// Rows that went with deleted ones, where that was not counted before.
  var cascaded = 0

  var state: RunState
  var entries: LedgerEntries
  var streams: [Int: StreamSummary]
  var progress: Progress
  /// Counts what is carried out.
  var meter = PhaseMeter()
  /// What was changed, as the ledger's row of the run has it.
  var changes: ChangeFold
  /// Whether something was written since the last commit.
  var hasOpenChanges = false
  /// Rows as they were written, by instance, where the report shows them.
  var written: [Int: ResultRow] = [:]
  /// The results of streams' rows, by operation.
  var streamResults: [Int: StreamResult] = [:]
  /// What became of rows that were to go.
  var removed: [RemovalResult] = []
  /// Rows whose unique values were set to null since the last commit.
  var parked: [ParkedRow] = []
  /// What is to be said beside the results.
  var remarks = Diagnostics()
  /// Operations whose policy is written by now.
  var knownPolicies: Set<Int> = []
  private var removedAndKept = 0
  private var shapes: [LedgerShape: Int] = [:]

  init(
    _ prepared: PreparedRun, _ planned: consuming PlannedRun, decider: Decider, serial: Int?,
    started: Date, settings: PlanRun.Settings, deleteLimit: Int?
  ) {
    self.started = started
    checked = prepared.checked
    database = prepared.database
    digester = prepared.digester
    owner = prepared.owner
    self.decider = decider
    self.serial = serial
    self.deleteLimit = deleteLimit
    collectsRows = settings.reportsRows
    showsSensitive = settings.detail.showsSensitive
    runsOperations = settings.extent.runsOperations
    stopsAtFailure = checked.options.onError == .stop
    state = planned.state
    state.seesWrites = true
    entries = planned.entries
    streams = planned.streams
    progress = Progress(instances: checked.instances.count)
    changes = ChangeFold(prepared.digester)
    for move in planned.moves {
      changes.add("move", move.from.operation, move.from.instance)
      changes.add("to", move.to.operation, move.to.instance)
    }
  }

  /// Carries out one set; true where some of its rows failed. `checkpoint` is called between the
  /// parts of a stream.
  mutating func write(
    _ number: Int, checkpoint: (inout Applier) throws -> Void
  ) throws -> Bool {
    let set = checked.sets[number]
    try park(checked.parkings(before: number))
    switch set.members {
    case .instances(let members):
      switch set.action {
      case .create, .upsert, .sync: return try writeRows(set, members)
      case .update, .delete, .read:
        var hasFailures = false
        for member in members {
          progress.reach(Int(member))
          if try !runQuery(Int(member)) { hasFailures = true }
          meter.add(member, checked)
          if hasFailures, stopsAtFailure { break }
        }
        return hasFailures
      }
    case .stream(let operation): return try !writeStream(operation, checkpoint: checkpoint)
    }
  }

  private mutating func writeRows(_ set: WorkSet, _ members: [Int32]) throws -> Bool {
    // What stays as it is needs no second look.
    var open: [Int32] = []
    var started: [Int32] = []
    for member in members {
      let fate = state.fates[Int(member)]
      if set.phase == .start, !fate.isStarted { continue }
      if set.phase == .completion, fate.isStarted {
        started.append(member)
      } else if fate == .unchanged {
        progress.reach(Int(member))
        meter.add(member, checked)
      } else {
        open.append(member)
      }
    }
    try drawKeys(for: open, of: set)
    var hasFailures = false
    let parts =
      Batch.parts(of: started).map { ($0, true) } + Batch.parts(of: open).map { ($0, false) }
    for (part, isStarted) in parts {
      for member in part { progress.reach(Int(member)) }
      var batch = state.batch(set, part)
      entries.fill(&batch)
      if set.phase == .start { batch.leavePendingOut() }
      if isStarted { try complete(&batch) } else { try write(&batch) }
      state.keep(batch)
      try decider.fetch(for: batch, into: &state, areWritten: true)
      if collectsRows { try collect(batch) }
      if set.phase != .start { meter.add(batch, checked) }
      if batch.rows.contains(where: { $0.fate == .failed }) { hasFailures = true }
      if hasFailures, stopsAtFailure { break }
    }
    return hasFailures
  }

  mutating func shapeNumber(_ shape: LedgerShape) throws -> Int {
    if let number = shapes[shape] { return number }
    let number = try database.number(of: shape)
    shapes[shape] = number
    return number
  }

  /// What was known of the ledger within a transaction that is gone.
  mutating func forgetShapes() { shapes = [:] }

  // MARK: What stays

  /// Everything that was written so far stays.
  mutating func keepAll() {
    hasOpenChanges = false
    removedAndKept = removed.count
    progress.commit()
    for operation in streamResults.keys { streamResults[operation]?.commit() }
  }

  /// Everything since the last commit is gone.
  mutating func takeBack() {
    hasOpenChanges = false
    parked = []
    for index in removed.indices.dropFirst(removedAndKept) where removed[index].status == .completed
    {
      removed[index].status = .rolledBack
    }
    progress.takeBack()
    for operation in streamResults.keys { streamResults[operation]?.takeBack() }
  }
}
