internal import SowDatabase
internal import SowModel
internal import SowPlanning

/// What was decided is not what is found now.
struct StaleError: Error {
  let operation: Int
  let diagnostic: Diagnostic
}

extension Applier {
  /// Goes over the file again and writes its rows batch by batch; `checkpoint` follows as many rows
  /// as make a usual batch.
  /// False where a row failed.
  mutating func writeStream(
    _ operation: Int, checkpoint: (inout Applier) throws -> Void
  ) throws -> Bool {
    // Held by nobody else while they change, so that they are not copied.
    let kept = streams[operation]?.kept
    streams[operation]?.kept = nil
    guard let summary = streams[operation] else { return true }  // Skipped as a whole.
    if let blocker = state.blockingDependency(of: operation) {
      state.skip(stream: operation, because: blocker)
      return true
    }
    if summary.differing == 0, !collectsRows {
      streamResults[operation] = StreamResult(unchanged: summary.rows)
      meter.add(summary.rows, of: checked.operations[operation].name)
      return true
    }
    streamResults[operation] = StreamResult()
    let dependsOnFailures = !state.failedOperations.isEmpty
    do {
      var pass = try pass(over: operation, summary, kept)
      guard try write(&pass, of: operation, checkpoint: checkpoint) else { return false }
      if pass.fileDigest == summary.fileDigest,
        dependsOnFailures || hasFailures(operation) || pass.fold == summary.fold
      {
        return !hasFailures(operation)
      }
    } catch is RowFailure {
      // It could be read to its end the first time.
    }
    throw StaleError(
      operation: operation,
      diagnostic: Diagnostic(
        .fileChanged, ["operation": checked.operations[operation].name],
        at: checked.operations[operation].stream?.range))
  }

  private func pass(
    over operation: Int, _ summary: StreamSummary, _ kept: KeptRows?
  ) throws -> StreamPass {
    let knowledge = knowledge(of: operation, summary)
    guard knowledge == .new else { return try StreamPass(operation, decider, knowledge) }
    if let kept { return StreamPass(operation, decider, kept: kept) }
    let table = checked.entities[checked.operations[operation].entity].table
    return try StreamPass(
      operation, decider, .new,
      forms: serial == nil ? nil : try database.storedForms(of: table))
  }

  private func knowledge(of operation: Int, _ summary: StreamSummary) -> StreamPass.Knowledge {
    if entries.count(of: checked.operations[operation]) > 0 { return .owned }
    return checked.options.atomic && summary.created == summary.rows ? .new : .unowned
  }

  /// False where a failure stopped it before the end of the file.
  private mutating func write(
    _ pass: inout StreamPass, of operation: Int, checkpoint: (inout Applier) throws -> Void
  ) throws -> Bool {
    var batch = pass.emptyBatch
    var uncommitted = 0
    while try pass.next(&batch, &state) {
      try write(&batch)
      if checked.operations[operation].stream?.isReferenced == true {
        for index in batch.rows.indices { state.keep(index, of: batch, operation) }
      }
      try decider.fetch(for: batch, into: &state, areWritten: true)
      collect(batch, of: operation)
      meter.add(batch.rows.count, of: checked.operations[operation].name)
      if batch.rows.contains(where: { $0.fate == .failed }) {
        state.noteFailure(of: operation)
        if stopsAtFailure {
          while try pass.skim(&batch) { collect(batch, of: operation) }
          return false
        }
      }
      uncommitted += batch.rows.count
      if uncommitted >= Batch.size {
        try checkpoint(&self)
        uncommitted = 0
      }
    }
    return true
  }

  /// Where other operations go on, a file that cannot be read, or not as it was, is the failure of
  /// its operation.
  mutating func fail(_ operation: Int, _ diagnostic: Diagnostic) {
    state.noteFailure(of: operation)
    streamResults[operation, default: StreamResult()].failure = Failure(diagnostic)
    streamResults[operation, default: StreamResult()].isFileToBlame = true
  }

  private func hasFailures(_ operation: Int) -> Bool {
    streamResults[operation].map { $0.counts.failed > 0 } ?? false
  }

  private mutating func collect(_ batch: Batch, of operation: Int) {
    guard var result = streamResults.removeValue(forKey: operation) else { return }
    for (index, row) in batch.rows.enumerated() {
      result.counts.add(row.fate)
      if let failure = row.failure, result.failure == nil { result.failure = Failure(failure) }
      guard collectsRows else { continue }
      result.instances.append(
        InstanceResult(
          instance: row.address, status: Status(row.fate),
          statusCode: row.fate.statusCode(row.failure), failure: row.failure.map(Failure.init),
          data: row.key.map { [keyRow($0, batch.entity)] } ?? [],
          naturalKey: row.fate.isDead ? naturalKey(of: index, in: batch, operation) : nil))
    }
    streamResults[operation] = result
  }

  /// The rows of a file that the run did not come to, as far as it can be read, all with one status.
  func untouchedRows(
    of operation: Int, _ status: Status, _ failure: Failure?
  ) -> StreamResult {
    var result = StreamResult()
    result.failure = failure
    do throws(RowFailure) {
      var pass = try StreamPass(operation, decider, .unowned)
      var batch = pass.emptyBatch
      while try pass.skim(&batch) {
        for row in batch.rows {
          result.counts.add(
            status == .failed ? .failed : status == .skipped ? .skipped : .undecided)
          guard collectsRows else { continue }
          result.instances.append(
            InstanceResult(
              instance: row.address, status: status,
              statusCode: status == .notRun ? nil : failure?.diagnostic.statusCode,
              failure: failure))
        }
      }
    } catch {
      // What was read before has its result, and the operation its failure.
    }
    return result
  }
}

/// What became of the rows of a stream.
struct StreamResult {
  var instances: [InstanceResult] = []
  var counts = Report.Counts()
  /// The first one.
  var failure: Failure?
  var isFileToBlame = false
  /// What stands whatever comes: the rows before the last commit.
  private var committed = (instances: 0, counts: Report.Counts())

  init() {}

  init(unchanged rows: Int) {
    counts.total = rows
    counts.succeeded = rows
    counts.unchanged = rows
  }

  mutating func commit() { committed = (instances.count, counts) }

  /// The rows since the last commit are gone.
  mutating func takeBack() {
    for index in committed.instances..<instances.count {
      instances[index] = instances[index].rolledBack
    }
    var counts = committed.counts
    counts.total = self.counts.total
    counts.failed = self.counts.failed
    counts.skipped = self.counts.skipped
    counts.unchanged = self.counts.unchanged
    counts.succeeded =
      committed.counts.succeeded + self.counts.unchanged - committed.counts.unchanged
    self.counts = counts
    isTakenBack = true
  }

  private(set) var isTakenBack = false

  /// The status of the operation: the worst that happened.
  var status: Status {
    if counts.failed > 0 || isFileToBlame { return .failed }
    if counts.skipped > 0 { return .skipped }
    let wasWritten = counts.created + counts.updated > 0
    if counts.total > counts.succeeded { return isTakenBack ? .rolledBack : .notRun }
    return wasWritten ? .completed : .unchanged
  }
}
