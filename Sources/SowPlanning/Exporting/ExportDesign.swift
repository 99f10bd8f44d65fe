package import SowModel

/// How the rows of some entities become operations: by which keys, with which references, in which
/// order.
package struct ExportDesign: Sendable {
  /// Each after those that it refers to, as far as they do not refer to each other.
  package private(set) var operations: [ExportedOperation] = []
  /// What a reader of the plan should know, in the order of the operations.
  package private(set) var notes: [Note] = []

  package enum Note: Hashable, Sendable {
    /// The field holds keys of a table that is not exported, or not whole.
    case bareKeys(entity: String, field: String, target: String)
  }

  /// - Note: `isPartial` where only some rows of the entity are asked for, so that rows may refer
  ///   to others that are not; `drawsKeys` leaves out the keys that the database makes itself.
  package init(_ entities: [Entity], isPartial: Bool, drawsKeys: Bool) {
    let maker = ExportMaker(entities, isPartial: isPartial, drawsKeys: drawsKeys)
    var waiting = Array(entities.indices)
    var done: Set<Int> = []
    while !waiting.isEmpty {
      // Where all that are left wait for each other, the first of them goes first.
      let next =
        waiting.firstIndex { index in
          maker.targets(of: index).allSatisfy { $0 == index || done.contains($0) }
        } ?? 0
      let index = waiting.remove(at: next)
      done.insert(index)
      operations.append(maker.operation(index, notes: &notes))
    }
  }
}
