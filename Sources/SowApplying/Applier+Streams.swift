internal import SowDatabase
internal import SowModel
internal import SowPlanning

/// What was decided is not what is found now.
struct StaleError: Error {
  let diagnostic: Diagnostic
}

extension Applier {
  /// Goes over the file again and writes its rows batch by batch; `checkpoint` follows each batch.
  mutating func writeStream(
    _ operation: Int, checkpoint: (Applier) throws -> Void
  ) throws {
    guard let summary = streams[operation] else { return }  // Skipped as a whole.
    if summary.differing == 0, !collectsRows {
      streamResults[operation] = StreamResult(unchanged: summary.rows)
      return
    }
    let count = entries.counts[checked.operations[operation].name] ?? 0
    var pass = try StreamPass(operation, decider, hasEntries: count > 0)
    var batch = pass.emptyBatch
    streamResults[operation] = StreamResult()
    while try pass.next(&batch, &state) {
      try write(&batch)
      for index in batch.rows.indices { state.keep(index, of: batch, operation) }
      collect(batch, of: operation)
      if stopsAtFailure, hasFailures { return }
      try checkpoint(self)
    }
    if hasFailures || pass.fileDigest == summary.fileDigest && pass.fold == summary.fold { return }
    throw StaleError(
      diagnostic: Diagnostic(
        .fileChanged, ["operation": checked.operations[operation].name],
        at: checked.operations[operation].stream?.range))
  }

  private mutating func collect(_ batch: Batch, of operation: Int) {
    guard var result = streamResults.removeValue(forKey: operation) else { return }
    for row in batch.rows {
      result.counts.add(row.fate)
      if let failure = row.failure, result.failure == nil { result.failure = Failure(failure) }
      guard collectsRows else { continue }
      result.instances.append(
        InstanceResult(
          instance: row.address, status: Status(row.fate),
          statusCode: row.fate.statusCode(row.failure), failure: row.failure.map(Failure.init),
          data: row.key.map { [keyRow($0, batch.entity)] } ?? []))
    }
    streamResults[operation] = result
  }
}

/// What became of the rows of a stream.
struct StreamResult {
  var instances: [InstanceResult] = []
  var counts = Report.Counts()
  /// The first one.
  var failure: Failure?

  init() {}

  init(unchanged rows: Int) {
    counts.total = rows
    counts.succeeded = rows
    counts.unchanged = rows
  }
}
