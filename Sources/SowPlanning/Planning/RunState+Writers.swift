internal import SowModel

extension RunState {
  /// The operation that writes a field before the query of an instance runs.
  func writer(of field: Int, _ entity: Entity, before number: Int) -> String? {
    guard !seesWrites,
      let writers = writers[WrittenField(table: entity.table.name, column: field)]
    else { return nil }
    let own = Int(plan.instances[number].operation)
    return writers.first { $0 != own }.map { plan.operations[$0].name }
  }

  /// Notes what a set writes, for the filters of later ones.
  mutating func noteWriter(_ set: WorkSet) {
    guard hasFilters, set.action != .read, set.action != .delete else { return }
    var operations: [Int] = []
    switch set.members {
    case .stream(let operation): operations = [operation]
    case .instances(let members):
      for member in members {
        let operation = Int(plan.instances[Int(member)].operation)
        if operations.last != operation { operations.append(operation) }
        if operations.count == 2 { break }  // Two say enough: one of them is another.
      }
    }
    let table = plan.entities[set.entity].table.name
    for column in plan.columnSets[set.columnSet].columns {
      let place = WrittenField(table: table, column: column)
      for operation in operations where writers[place, default: []].count < 2 {
        if writers[place]?.contains(operation) != true {
          writers[place, default: []].append(operation)
        }
      }
    }
  }
}
