package import SowDatabase
package import SowModel
internal import SowPlanning

/// A statement for the rows of an operation took longer than it may.
package struct OvertimeError: Error {
  package let cause: DatabaseError
  /// Nil where rows of several operations are written together.
  package let range: SourceRange?
}

extension CheckedPlan {
  /// Where the only operation of a set stands; nil for several.
  func range(of set: WorkSet) -> SourceRange? {
    switch set.members {
    case .stream(let operation): return operations[operation].range
    case .instances(let members):
      let numbers = Set(members.map { instances[Int($0)].operation })
      return numbers.count == 1 ? numbers.first.map { operations[Int($0)].range } : nil
    }
  }
}
