internal import SowModel

/// Rows with delayed cells are handled twice: those that are not there are written and completed,
/// those that are there are decided once what they refer to was.
extension Batch {
  /// Members of a set, as many as go to the database at once.
  package static func parts(of members: [Int32]) -> [ArraySlice<Int32>] {
    stride(from: 0, to: members.count, by: size).map { start in
      members[start..<min(start + size, members.count)]
    }
  }

  mutating func postponeRowsThatAreThere() {
    for index in rows.indices where !rows[index].fate.isStarted && !rows[index].fate.isDead {
      rows[index].fate = .undecided
    }
  }
}

extension Fate {
  /// Whether the row is inserted, so that delayed cells are written in a second step.
  package var isStarted: Bool { self == .create || self == .recreate || self == .replace }

  /// Whether a row that is there gets the values of the plan.
  package var isInPlace: Bool { self == .update || self == .drift || self == .revive }
}
