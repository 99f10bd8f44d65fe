/// The rows of small files as they were decided on, so that who writes them need not read the files
/// again.
package struct KeptRows: Sendable {
  /// From the last one to the first.
  private var batches: [CompiledBatch]
  let fileDigest: String

  /// How many rows of a run are kept at most.
  static let limit = Batch.size

  init(_ batches: [CompiledBatch], fileDigest: String) {
    self.batches = batches.reversed()
    self.fileDigest = fileDigest
  }

  /// The next rows, undecided as they were; nil at the end.
  mutating func next() -> CompiledBatch? {
    guard var compiled = batches.popLast() else { return nil }
    compiled.batch.hopes = [:]
    compiled.batch.leavePendingOut()
    for index in compiled.batch.rows.indices { compiled.batch.rows[index].fate = .undecided }
    return compiled
  }
}
