package import SowModel

/// An operation of a plan that is not carried out: its rows by their keys and places.
package struct OutlinedOperation: Sendable {
  package let operation: DataOperation
  package let entity: Entity
  package let instances: [(key: String, range: SourceRange)]
}

extension CheckedPlan {
  /// The operations of a plan that may be wrong, with those of their rows that can be told apart;
  /// files are read whole.
  package static func outline(_ plan: Plan, _ context: CheckContext) -> [OutlinedOperation] {
    var ignored = Diagnostics()
    let checker = PlanChecker(plan, context, into: &ignored)
    return plan.operations.enumerated().map { index, operation in
      let entity = checker.entities[checker.entityOf[index]]
      var rows = checker.rows[index]
      if rows.isStream {
        rows = checker.expander.rows(
          of: operation, entity: entity, inMemory: true, into: &ignored)
      }
      var instances: [(key: String, range: SourceRange)] = []
      if case .inline(let elements) = rows {
        instances = elements.map { ($0.key, $0.range) }
      }
      return OutlinedOperation(
        operation: operation, entity: entity, instances: instances)
    }
  }

  /// Operations with more or fewer rows or ids than their entity allows, which is known without a
  /// database; of a file so much is read as that needs.
  package static func limitMistakes(_ plan: Plan, _ context: CheckContext) -> Diagnostics {
    var mistakes = Diagnostics()
    let limited = Set(
      context.schemas.filter { $0.rowLimit != nil || $0.idLimit != nil }.map(\.name))
    let asked = Set(context.queries.filter { $0.elementLimit != nil }.map(\.name))
    let isLimited = plan.operations.contains { operation in
      operation.query.map { asked.contains($0.value) } ?? limited.contains(operation.entity.value)
    }
    guard isLimited else { return mistakes }
    var found = Diagnostics()
    _ = check(plan, context, into: &found)
    for diagnostic in found.all where diagnostic.code == .entityLimit {
      mistakes.report(diagnostic)
    }
    let checker = PlanChecker(plan, context, into: &found)
    for (index, rows) in checker.rows.enumerated() {
      guard case .stream(let source, _, _, let range) = rows,
        let refusal = checker.entities[checker.entityOf[index]].refusal(of: source, at: range)
      else { continue }
      mistakes.report(refusal)
    }
    return mistakes
  }
}

extension Entity {
  /// Why a file may not have its rows; one that cannot be read has a diagnostic of its own.
  fileprivate func refusal(of source: any RowSource, at range: SourceRange) -> Diagnostic? {
    guard let rowLimit else { return nil }
    do throws(RowFailure) {
      let cursor = try source.open()
      var row = DataRow()
      var count = 0
      while count <= rowLimit.upperBound {
        guard try cursor.next(into: &row) else {
          return refusal(ofRowsRead: count, isAtEnd: true, at: range)
        }
        count += 1
      }
      return refusal(ofRowsRead: count, isAtEnd: false, at: range)
    } catch {
      return nil
    }
  }
}
