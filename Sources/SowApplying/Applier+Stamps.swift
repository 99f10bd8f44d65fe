internal import FoundationEssentials
internal import SowDatabase
internal import SowModel
internal import SowPlanning

/// What sow itself writes into rows beside the values of the plan.
extension Applier {
  /// The fields beside `columns` that new rows get, and their values.
  func stamps(of entity: Entity, beside columns: [Int]) -> [(field: Int, value: Value)] {
    entity.stamped(beside: columns).map { ($0.field, value(of: $0, entity)) }
  }

  private func value(of stamp: ManagedFields.Stamp, _ entity: Entity) -> Value {
    switch stamp.content {
    case .value(let value): value
    case .now: now(as: entity.fields[stamp.field].type)
    }
  }

  /// The time of the run in UTC, with six digits of a second: one for all of its rows.
  private func now(as type: FieldType) -> Value {
    let seconds = started.timeIntervalSince1970
    let whole = Date(timeIntervalSince1970: seconds.rounded(.down)).formatted(.iso8601)
    if type == .date { return .text(String(whole.prefix(10))) }
    let micros = String(Int((seconds - seconds.rounded(.down)) * 1_000_000))
    let digits = String(repeating: "0", count: 6 - micros.utf8.count) + micros
    return .text(whole.dropLast() + "." + digits + "Z")
  }

  /// Sets columns on rows, and what changes along with them. `versions` are those that the rows
  /// must have, where the plan says so; else the rows must have the one that they have now.
  func change(
    _ rows: RowSet, keys: [RowKey], of entity: Entity, isRevived: Bool = false,
    versions: [Value] = [], stopsAtFailure: Bool
  ) throws -> [RowError] {
    guard let managed = entity.managed else {
      return try database.update(rows, keys: keys, stopsAtFailure: stopsAtFailure)
    }
    var fields = managed.onUpdate.map(\.field)
    var values = managed.onUpdate.map { value(of: $0, entity) }
    if isRevived, let field = managed.softDelete {
      fields.append(field)
      values.append(entity.deletedMark(false, now: .null))
    }
    return try write(
      rows, beside: (fields, values), keys: keys, of: entity, versions: versions,
      stopsAtFailure: stopsAtFailure)
  }

  /// Deletes rows, or marks them as deleted.
  func discard(
    _ keys: [RowKey], of entity: Entity, versions: [Value] = [], stopsAtFailure: Bool
  ) throws -> [RowError] {
    guard let managed = entity.managed, let field = managed.softDelete else {
      if let conflict = try conflict(keys, of: entity, versions) { return [conflict] }
      return try database.delete(keys, from: entity.table, stopsAtFailure: stopsAtFailure)
    }
    var rows = RowSet(table: entity.table, columns: [field])
    let mark = entity.deletedMark(true, now: now(as: entity.fields[field].type))
    for _ in keys { rows.append([mark]) }
    let stamps = managed.onUpdate
    return try write(
      rows, beside: (stamps.map(\.field), stamps.map { value(of: $0, entity) }), keys: keys,
      of: entity, versions: versions, stopsAtFailure: stopsAtFailure)
  }

  /// The first row that has another version by now than the plan expects.
  private func conflict(
    _ keys: [RowKey], of entity: Entity, _ versions: [Value]
  ) throws -> RowError? {
    guard !versions.isEmpty, let version = entity.managed?.version else { return nil }
    let held = try database.rows(of: entity.table, columns: [version.field], keys: keys)
    let row = held.firstIndex { values in
      guard let values else { return false }
      return versions.contains { $0.text != values[0].text }
    }
    return row.map {
      RowError(
        row: $0,
        error: DatabaseError(
          .changed, "somebody changed the row meanwhile",
          vi: "có người đã thay đổi bản ghi trong lúc đó"))
    }
  }

  private func write(
    _ rows: RowSet, beside others: (fields: [Int], values: [Value]), keys: [RowKey],
    of entity: Entity, versions: [Value], stopsAtFailure: Bool
  ) throws -> [RowError] {
    let version = entity.managed?.version
    var held: [Value] = []
    if let version {
      // Whoever expects several versions at once expects too much: one of them is not held.
      held = try database.rows(of: entity.table, columns: [version.field], keys: keys)
        .map { values in versions.first { $0.text != values?[0].text } ?? values?[0] ?? .null }
    }
    var wide = RowSet(
      table: rows.table,
      columns: rows.columns + others.fields + (version.map { [$0.field] } ?? []))
    wide.reserve(rows.count)
    let time = version.map { now(as: entity.fields[$0.field].type) } ?? .null
    for row in 0..<rows.count {
      let next = version == nil ? [] : [entity.nextVersion(held[row], now: time)]
      wide.append([], rows[row], others.values + next)
    }
    return try database.update(
      wide, keys: keys, guarding: version.map { RowGuard(column: $0.field, values: held) },
      stopsAtFailure: stopsAtFailure)
  }
}
