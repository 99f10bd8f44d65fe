internal import SowDatabase
internal import SowModel
internal import SowPlanning

extension Status {
  init(_ fate: Fate) {
    switch fate {
    case .create, .update, .drift, .recreate, .revive, .replace, .adopt, .query: self = .completed
    case .unchanged: self = .unchanged
    case .failed: self = .failed
    case .skipped, .idle: self = .skipped
    case .undecided: self = .notRun
    }
  }

  /// An operation's status from those of its instances: the worst that happened.
  init(_ all: [Status]) {
    let order: [Status] = [.failed, .skipped, .rolledBack, .notRun, .completed]
    self = order.first(where: all.contains) ?? .unchanged
  }
}

extension Fate {
  /// The HTTP-like number of the outcome; nil for what was not run.
  func statusCode(_ failure: Diagnostic?) -> Int? {
    switch self {
    case .create, .recreate, .replace: 201
    case .update, .drift, .revive, .adopt, .unchanged, .query: 200
    case .failed: failure?.statusCode ?? 500
    case .skipped: 424
    case .undecided, .idle: nil
    }
  }
}

extension Diagnostic {
  /// The HTTP-like number of a failure.
  package var statusCode: Int {
    switch code {
    case .otherTenant, .managedField, .permissionDenied, .roleMissing, .claimRefused: 403
    case .rowNotFound, .rowToWriteNotFound, .lookupNothing, .databaseMissing: 404
    case .databaseUnique, .databaseForeignKey, .naturalKeyExists, .ownedElsewhere, .fieldOwned,
      .deleteBlocked, .uniqueHeld, .uniqueTaken, .uniqueTwice, .versionConflict, .databaseChanged,
      .naturalKeyDeleted:
      409
    case .nothingModified, .entityLimit, .tooManyInstances, .unknownEntity: 400
    case .dependencyFailed, .dependencySkipped, .whenFalse, .notRepeated: 424
    case .databaseNotNull, .databaseCheck, .databaseRefused: 400
    default: 422
    }
  }
}

extension Report.Counts {
  /// Rows as they were written, which for an `update` or `delete` are not its instances.
  mutating func setWritten(_ rows: Progress.Rows) {
    created = rows.created
    updated = rows.updated
    deleted = rows.deleted
    forgotten = rows.forgotten
    noted = rows.noted
  }

  /// Counts an instance by how it ended; what was written is counted apart.
  mutating func add(_ status: Status) {
    total += 1
    switch status {
    case .completed: succeeded += 1
    case .unchanged:
      succeeded += 1
      unchanged += 1
    case .failed: failed += 1
    case .skipped: skipped += 1
    case .rolledBack, .notRun: break
    }
  }

  mutating func add(_ fate: Fate) {
    total += 1
    switch fate {
    case .create, .recreate, .replace:
      succeeded += 1
      created += 1
    case .update, .drift, .revive:
      succeeded += 1
      updated += 1
    case .unchanged:
      succeeded += 1
      unchanged += 1
    case .adopt, .query: succeeded += 1
    case .failed: failed += 1
    case .skipped, .idle: skipped += 1
    case .undecided: break
    }
  }

  static func += (left: inout Self, right: Self) {
    left.total += right.total
    left.succeeded += right.succeeded
    left.failed += right.failed
    left.skipped += right.skipped
    left.created += right.created
    left.updated += right.updated
    left.deleted += right.deleted
    left.unchanged += right.unchanged
  }
}

extension InstanceResult {
  /// The same result of a run that was taken back.
  var rolledBack: InstanceResult {
    guard status == .completed else { return self }
    var result = self
    result.status = .rolledBack
    result.statusCode = nil
    result.data = []
    return result
  }
}
