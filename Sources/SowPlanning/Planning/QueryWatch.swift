internal import SowModel

/// Finds tables that a plan changes after a named query read them.
///
/// What refers to such a query would get something else in the next run, which must have nothing
/// left to do. Changes before it are no harm: the query waits for them.
struct QueryWatch {
  private let plan: CheckedPlan
  /// Instances of queries that others refer to, as they are decided.
  private var asked: [Int] = []
  private var reported: Set<Int32> = []
  private(set) var diagnostics = Diagnostics()

  init(_ plan: CheckedPlan) { self.plan = plan }

  /// Notes a decided query.
  mutating func note(asked number: Int, _ state: RunState) {
    let operation = plan.operations[Int(plan.instances[number].operation)]
    guard !operation.fetched.isEmpty, !state.fates[number].isDead else { return }
    asked.append(number)
  }

  /// Notes that an operation changes rows of a table.
  mutating func note(_ table: String, changedBy operation: Int) {
    report(table, by: plan.operations[operation].name, at: plan.operations[operation].range)
  }

  /// Notes rows that leave.
  mutating func note(_ removals: Removals) {
    guard !asked.isEmpty else { return }
    for case .delete(let rows, let table) in removals.early + removals.late {
      report(table.name, by: rows.first?.address ?? "", at: nil)
    }
  }

  private mutating func report(_ table: String, by writer: String, at place: SourceRange?) {
    for number in asked {
      let instance = plan.instances[number]
      let query = plan.operations[Int(instance.operation)].queries[
        number - plan.operations[Int(instance.operation)].instances.lowerBound]
      guard query.call?.query.reads(table) == true,
        reported.insert(instance.operation).inserted
      else { continue }
      diagnostics.report(
        .queryMissesWritten,
        ["address": plan.address(of: number), "table": table, "operation": writer],
        at: instance.range, related: place.map { [$0] } ?? [])
    }
  }
}

extension Planner {
  /// Notes the tables in which a decided batch changes rows, for the queries that read them.
  mutating func note(changes batch: Batch, _ state: inout RunState) {
    guard state.hasCalls,
      let row = batch.rows.first(where: { $0.fate.isStarted || $0.fate.isInPlace })
    else { return }
    let columns = batch.columns.compactMap { batch.entity.table.columns[$0].link?.table.name }
    for table in [batch.entity.table.name] + columns {
      state.changedTables.insert(table)
      queryWatch?.note(table, changedBy: row.operation)
    }
  }

  /// The same of a decided `update` or `delete`; a named query is kept in mind.
  mutating func note(changes number: Int, _ state: inout RunState) {
    guard state.hasCalls else { return }
    let index = Int(plan.instances[number].operation)
    let operation = plan.operations[index]
    guard operation.action != .read else {
      if operation.queries[number - operation.instances.lowerBound].call != nil {
        queryWatch?.note(asked: number, state)
      }
      return
    }
    guard state.fates[number] == .query else { return }
    let entity = plan.entities[operation.entity]
    let links = entity.table.links.compactMap { entity.table.columns[$0].link?.table.name }
    for table in [entity.table.name] + links {
      state.changedTables.insert(table)
      queryWatch?.note(table, changedBy: index)
    }
  }
}
