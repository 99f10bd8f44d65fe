import SowModel

/// Makes plans, edits and statements of hands, all by one seed.
struct RandomEdits {
  var numbers: SeededNumbers
  let tables: [RandomTable]
  private var counter = 0

  init(seed: UInt64) {
    var numbers = SeededNumbers(seed: seed)
    let count = 1 + numbers.number(4)
    tables = (0..<count).map { index in
      RandomTable(
        name: "t\(index)", key: numbers.pick(RandomTable.Key.allCases),
        parent: numbers.number(index + 1))
    }
    self.numbers = numbers
  }

  private mutating func next() -> Int {
    counter += 1
    return counter
  }

  // MARK: Plans

  mutating func plan() -> RandomPlan {
    var plan = RandomPlan(tables: tables)
    let mode = numbers.number(10)
    plan.options =
      "atomic: \(mode < 7), on_error: \(mode == 6 || mode == 9 ? "continue" : "stop")"
    for _ in 0..<1 + numbers.number(6) { plan.operations.append(operation(plan)) }
    for index in plan.operations.indices { link(index, in: &plan) }
    return plan
  }

  private mutating func operation(_ plan: RandomPlan) -> RandomPlan.Operation {
    let action = numbers.pick([
      Action.create, .create, .create, .upsert, .upsert, .sync, .sync, .update, .delete,
    ])
    let number = next()
    var made = RandomPlan.Operation(
      number: number, name: "o\(number)", action: action, table: numbers.number(tables.count))
    guard action != .update, action != .delete else {
      made.filter = filter(plan, made)
      made.values =
        numbers.chance(50) ? "{ a: u\(numbers.number(3)) }" : "{ b: \(numbers.number(9)) }"
      return made
    }
    made.form =
      action == .sync ? numbers.pick([.rows, .elements]) : numbers.pick(RandomPlan.Form.allCases)
    made.columns = ["a", "b", "label", "parent"].filter { _ in numbers.chance(65) }
    for _ in 0..<(made.form == .plain ? 1 : numbers.number(5)) { add(to: &made) }
    if numbers.chance(15), let column = made.columns.first(where: { $0 != "parent" }) {
      made.ignored = [column]
    }
    if numbers.chance(10) { made.lifecycle.append("replace: true") }
    if numbers.chance(6) { made.lifecycle.append("protect: true") }
    if numbers.chance(8) { made.lifecycle.append("on_remove: forget") }
    made.keepsMatches = action == .upsert && numbers.chance(20)
    if numbers.chance(10) { made.condition = numbers.chance(60) ? "yes" : "no" }
    return made
  }

  private mutating func filter(_ plan: RandomPlan, _ operation: RandomPlan.Operation) -> String {
    let owned = plan.operations.filter {
      $0.table == operation.table && $0.form == .plain && !$0.rows.isEmpty
    }
    if operation.action == .update, numbers.chance(40), !owned.isEmpty {
      return "{ id: $ref:\(numbers.pick(owned).name).id }"
    }
    return numbers.chance(15)
      ? "{ b: { ge: \(numbers.number(9)) } }" : "{ kind: k\(numbers.number(3)) }"
  }

  /// Codes that start with `s` are those that hands write, too.
  private mutating func add(to operation: inout RandomPlan.Operation) {
    let isShared = numbers.chance(operation.action == .create ? 4 : 40)
    let code = isShared ? "s\(numbers.number(6))" : "c\(next())"
    guard !operation.holds(code) else { return }
    var row = RandomPlan.Row(code: code)
    change(&row, .max)
    operation.rows.append(row)
  }

  private mutating func change(_ row: inout RandomPlan.Row, _ which: Int) {
    if which == .max || which == 0 { row.a = numbers.chance(15) ? nil : "x\(numbers.number(5))" }
    if which == .max || which == 1 { row.b = numbers.chance(15) ? nil : numbers.number(9) }
    if which == .max || which == 2 {
      row.label = numbers.chance(50) ? nil : "l\(numbers.number(200))"
    }
  }

  private mutating func link(_ index: Int, in plan: inout RandomPlan) {
    let target = tables[plan.operations[index].table].parent
    // Upwards, but for some: most circles are refused.
    let reach = numbers.chance(15) ? plan.operations.count : index
    let candidates = plan.operations.prefix(reach).filter {
      $0.table == target && !$0.rows.isEmpty
    }
    guard !candidates.isEmpty else { return }
    for row in plan.operations[index].rows.indices where numbers.chance(60) {
      let other = numbers.pick(candidates)
      plan.operations[index].rows[row].parent = RandomPlan.Link(
        operation: other.number, code: numbers.pick(other.rows).code)
    }
  }

  // MARK: Edits

  mutating func edit(_ plan: inout RandomPlan) {
    for _ in 0..<numbers.number(4) { editOnce(&plan) }
  }

  private mutating func editOnce(_ plan: inout RandomPlan) {
    guard !numbers.chance(12) else {
      plan.operations.insert(operation(plan), at: numbers.number(plan.operations.count + 1))
      return
    }
    let index = numbers.number(plan.operations.count)
    switch numbers.number(12) {
    case 0:
      // A plan without operations is refused, always.
      if plan.operations.count > 1 { plan.operations.remove(at: index) }
    case 1:
      let name = "o\(next())"
      // Filters name operations as text.
      let old = plan.operations[index].name
      for other in plan.operations.indices {
        let filter = plan.operations[other].filter
        guard filter.contains("$ref:\(old).") else { continue }
        plan.operations[other].filter = filter.replacing("$ref:\(old).", with: "$ref:\(name).")
      }
      plan.operations[index].name = name
      if numbers.chance(70) { plan.operations[index].formerNames.append(old) }
    case 2, 3:
      guard plan.operations[index].form != .plain, !plan.operations[index].rows.isEmpty
      else { return }
      plan.operations[index].rows.remove(at: numbers.number(plan.operations[index].rows.count))
    case 4, 5:
      guard plan.operations[index].form != .plain else { return }
      add(to: &plan.operations[index])
    case 6: link(index, in: &plan)
    case 7: plan.operations.swapAt(index, numbers.number(plan.operations.count))
    case 8: plan.operations[index].condition = numbers.pick([nil, "yes", "no"])
    default:
      guard !plan.operations[index].rows.isEmpty else { return }
      let row = numbers.number(plan.operations[index].rows.count)
      change(&plan.operations[index].rows[row], numbers.number(3))
    }
  }

  // MARK: Hands

  /// What somebody does to the database; it may fail, and then it did nothing.
  mutating func statement() -> (sql: String, isInsert: Bool) {
    let table = numbers.pick(tables)
    let place = numbers.number(6)
    let some = "id = (SELECT id FROM \(table.name) ORDER BY code LIMIT 1 OFFSET \(place))"
    switch numbers.number(10) {
    case 0: return ("DELETE FROM \(table.name) WHERE \(some)", false)
    case 1: return ("UPDATE \(table.name) SET parent = NULL WHERE \(some)", false)
    case 2: return ("UPDATE \(table.name) SET a = 'm\(numbers.number(5))' WHERE \(some)", false)
    case 3: return ("UPDATE \(table.name) SET b = \(numbers.number(9)) WHERE \(some)", false)
    case 4:
      return ("UPDATE \(table.name) SET label = 'l\(numbers.number(200))' WHERE \(some)", false)
    default:
      let code = numbers.chance(70) ? "s\(numbers.number(6))" : "h\(next())"
      let target = tables[table.parent].name
      let parent =
        numbers.chance(25)
        ? "(SELECT id FROM \(target) ORDER BY code DESC LIMIT 1 OFFSET \(numbers.number(4)))"
        : "NULL"
      let id = table.key == .written ? "'k_\(code)'" : "NULL"
      return (
        """
        INSERT INTO \(table.name) (id, code, a, b, label, kind, parent) VALUES (\(id), '\(code)', \
        'f\(numbers.number(5))', \(numbers.number(9)), NULL, 'k\(numbers.number(4))', \(parent))
        """, true
      )
    }
  }
}
