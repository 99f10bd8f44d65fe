package import SowDatabase
package import SowModel
internal import SowPlanning

/// A failure of the database that ends the run, and where the plan asks for what failed.
package struct PlacedError: Error {
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
