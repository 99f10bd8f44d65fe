package import SowModel

extension PhaseMeter {
  /// The rows of a batch, which may belong to many operations, are done.
  package mutating func add(_ batch: Batch, _ plan: CheckedPlan) {
    guard isWatched else { return }
    for row in batch.rows { add(of: plan.operations[row.operation].name) }
  }

  /// An instance is done.
  package mutating func add(_ instance: Int32, _ plan: CheckedPlan) {
    guard isWatched else { return }
    add(of: plan.operations[Int(plan.instances[Int(instance)].operation)].name)
  }
}

extension CheckedPlan {
  /// How many rows and queries there are; nil where some are in files.
  package var rowCount: Int? {
    operations.contains { $0.stream != nil } ? nil : instances.count
  }
}
