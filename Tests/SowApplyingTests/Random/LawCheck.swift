import SowApplying
import SowModel
import SowSQLite

/// A promise that a run did not keep.
struct BrokenLaw: Error, CustomStringConvertible {
  let description: String
}

/// What a changeset says of rows, held against the rows before and after.
struct LawCheck {
  let before: RowsSeen
  let after: RowsSeen
  let changeset: Changeset
  typealias Place = RowsSeen.Place

  private var changes: [RowChange] {
    changeset.operations.flatMap(\.rows) + changeset.removals.flatMap(\.rows)
  }

  private func places(_ kinds: Set<RowChange.Kind>) -> Set<Place> {
    Set(
      changes.filter { kinds.contains($0.kind) }.compactMap { change in
        change.key.map { Place(table: change.entity, key: $0) }
      })
  }

  /// The apply does what the changeset says, and nothing else.
  func checkPrediction() throws {
    let gone = Set(before.rows.keys).subtracting(after.rows.keys)
    let new = Set(after.rows.keys).subtracting(before.rows.keys)
    let replaced = places([.replace])
    let deleted = places([.delete])
    try hold(gone.isSubset(of: deleted.union(replaced)), "deleted without a word: \(gone)")
    // A key that is used again stands for another row.
    let reused = deleted.intersection(after.rows.keys)
    try hold(
      reused.allSatisfy { after.rows[$0]?["code"] != before.rows[$0]?["code"] || isMadeAnew($0) },
      "not deleted: \(reused)")
    let made = changes.count { $0.kind == .create || $0.kind == .recreate }
    let again = replaced.filter { after.rows[$0] == nil }.count
    try hold(
      new.count + reused.count == made + again,
      "\(new.count) rows are new, \(made) were to be made, \(again) to be replaced")
    for place in new {
      try hold(
        after.owned[place]?.origin == "created", "\(place) is not known to be created")
    }
    try checkFields(replaced.union(deleted))
    try checkCreated()
  }

  private func isMadeAnew(_ place: Place) -> Bool {
    guard let code = after.rows[place]?["code"] else { return false }
    return creations.contains { $0.table == place.table && $0.fields["code"] == code }
  }

  private func checkFields(_ passed: Set<Place>) throws {
    // Several operations may set one field, each from what the one before it wrote; which is the
    // first is not for the changeset to say.
    var told: [Place: [String: [String?]]] = [:]
    var olds: [Place: [String: [String]]] = [:]
    for change in changes where [.update, .drift].contains(change.kind) {
      guard let key = change.key else { continue }
      let place = Place(table: change.entity, key: key)
      for field in change.fields {
        told[place, default: [:]][field.field, default: []].append(Self.sql(field.new))
        if let old = field.old.flatMap(Self.sql) {
          olds[place, default: [:]][field.field, default: []].append(old)
        }
      }
    }
    for (place, row) in before.rows where !passed.contains(place) {
      guard let now = after.rows[place] else { continue }
      for (column, value) in row where now[column] != value {
        try hold(
          told[place]?[column] != nil,
          "\(place): \(column) was \(value), is \(now[column] ?? ""), and nobody said so")
      }
      for (column, values) in told[place] ?? [:] {
        try hold(
          values.contains(nil) || values.contains(now[column]),
          "\(place): \(column) was to be one of \(values)")
        if let olds = olds[place]?[column] {
          try hold(
            olds.contains(row[column] ?? ""),
            "\(place): \(column) was \(row[column] ?? ""), not one of \(olds)")
        }
      }
    }
  }

  private struct Creation {
    var table: String
    var fields: [String: String]
  }

  private var creations: [Creation] {
    changes.filter { [.create, .recreate, .replace].contains($0.kind) }.map { change in
      var fields: [String: String] = [:]
      for field in change.fields { fields[field.field] = Self.sql(field.new) }
      return Creation(table: change.entity, fields: fields)
    }
  }

  private func checkCreated() throws {
    // Updates by filter may follow in the same run.
    let updated = changeset.operations.contains { $0.action == .update && $0.counts.update > 0 }
    for creation in creations {
      guard let code = creation.fields["code"] else { continue }
      guard
        let row = after.rows.first(where: {
          $0.key.table == creation.table && $0.value["code"] == code
        })?.value
      else { throw BrokenLaw(description: "\(code) was not created") }
      for (column, value) in creation.fields where !updated && column != "parent" {
        try hold(row[column] == value, "\(code): \(column) was to be \(value)")
      }
    }
  }

  /// As SQL writes the value; nil where it is not known yet.
  private static func sql(_ shown: FieldChange.Shown) -> String? {
    switch shown {
    case .value(let value), .reference(_, let value?):
      switch value {
      case .null: "NULL"
      case .text(let text): "'\(text)'"
      default: value.text
      }
    case .masked, .reference, .pending: nil
    }
  }

  /// What sow did not create stays, with its values, unless the plan says otherwise of it.
  func checkStrangers(_ strangers: Set<Place>, _ plan: RandomPlan) throws {
    for place in strangers {
      guard let row = before.rows[place], let code = row["code"],
        let table = plan.tables.firstIndex(where: { $0.name == place.table })
      else { continue }
      guard let now = after.rows[place], now["code"] == code else {
        let isAsked = plan.operations.contains { $0.action == .delete && $0.table == table }
        try hold(isAsked, "\(place), which sow did not create, is gone")
        continue
      }
      let allowed = plan.mayWrite(code.filter { $0 != "'" }, in: table)
      for (column, value) in row where now[column] != value {
        try hold(
          allowed.contains(column), "\(place), which sow did not create: \(column) was \(value)")
      }
    }
  }

  /// The ledger speaks of rows that are there, and the lock says the same.
  func checkLedger(_ lock: Lock?, _ report: Report) throws {
    let idle = Set(report.results.filter { $0.status == .skipped }.map(\.name))
    for (place, owner) in after.owned where after.rows[place] == nil {
      let operation = RowAddress(owner.address)?.operation ?? ""
      try hold(
        changeset.orphans.contains(owner.address) || idle.contains(operation)
          || changes.contains { $0.address == owner.address && $0.kind == .skipped },
        "the ledger has \(owner.address), which is not there")
    }
    guard let lock else { return }
    var entries: Set<String> = []
    for entry in lock.entries {
      if case .row(let address, let entity, let key) = entry {
        entries.insert("\(entity) \(key) \(address)")
      }
    }
    let ledger = Set(after.owned.map { "\($0.key) \($0.value.address)" })
    try hold(
      entries == ledger,
      "lock and ledger differ: \(entries.symmetricDifference(ledger).sorted())")
  }

  /// The report counts what the changeset said.
  func checkCounts(_ report: Report) throws {
    let (done, said) = (report.counts, changeset.counts)
    try hold(
      [done.created, done.updated, done.deleted, done.forgotten, done.renamed]
        == [said.create, said.update, said.delete, said.forget, said.renamed],
      "counted \(done), said \(said)")
  }

  private func hold(_ condition: Bool, _ text: @autoclosure () -> String) throws {
    if !condition { throw BrokenLaw(description: text()) }
  }
}
