package import SowModel

/// Rows that are there and are not seen: deleted ones that stay, and those of other tenants.
extension Decider {
  /// An owned row that is deleted by now counts as missing; one that became another tenant's is not
  /// touched.
  func hide(_ batch: inout Batch) throws {
    let entity = batch.entity
    guard entity.hidesRows, snapshot.has(entity) else { return }
    let rows = batch.rows.indices.filter { index in
      guard let entry = batch.rows[index].entry, !batch.rows[index].fate.isDead,
        batch.rows[index].presence != .missing
      else { return false }
      return shapes[entry.shape]?.table == entity.table.name
    }
    let found = try hidden(rows.compactMap { batch.rows[$0].entry?.key }, of: entity)
    for (index, reason) in zip(rows, found) {
      switch reason {
      case nil: continue
      case .deleted?:
        batch.rows[index].presence = .missing
        batch.rows[index].isDeleted = true
      case .otherTenant?:
        batch.rows[index].end(.failed, Diagnostic(.otherTenant, at: batch.rows[index].range))
      }
    }
  }

  /// Whether a row that is there is one that the run may know of.
  package func isSeen(_ key: RowKey, of entity: Entity) throws -> Bool {
    try hidden([key], of: entity)[0] == nil
  }

  enum Hidden { case deleted, otherTenant }

  /// Why rows that are there are not seen, one each; nil for those that are.
  func hidden(_ keys: [RowKey], of entity: Entity) throws -> [Hidden?] {
    let columns = [entity.managed?.tenant?.field, entity.managed?.softDelete].compactMap { $0 }
    guard !keys.isEmpty, !columns.isEmpty else { return keys.map { _ in nil } }
    return try snapshot.rows(of: entity, columns: columns, keys: keys).map { values in
      guard let values else { return nil }
      let held = Dictionary(uniqueKeysWithValues: zip(columns, values))
      if let tenant = entity.managed?.tenant, let value = held[tenant.field],
        tenant.isOther(than: value)
      {
        return .otherTenant
      }
      guard let field = entity.managed?.softDelete, let mark = held[field] else { return nil }
      return entity.says(deleted: mark) ? .deleted : nil
    }
  }

  /// New rows whose natural key a deleted row still has: an `upsert` brings that one back. A
  /// `create` does not, and the database would refuse its row.
  func matchDeleted(
    _ rows: [Int], _ set: RowSet, _ key: [Int], in batch: inout Batch
  ) throws {
    let entity = batch.entity
    guard entity.deletesSoftly, snapshot.has(entity) else { return }
    let open = rows.indices.filter { [.create, .recreate].contains(batch.rows[rows[$0]].fate) }
    guard !open.isEmpty, batch.action.adoptsRows || entity.isUnique(key) else { return }
    let matches = try snapshot.match(
      entity, set.rows(open), keyColumns: Array(key.indices), isDeleted: true)
    let found = zip(open, matches).compactMap { position, match in
      match.map { (index: rows[position], key: $0.key) }
    }
    guard !found.isEmpty else { return }
    let owners =
      hasLedger
      ? try snapshot.owners(of: found.map(\.key), in: entity.table)
      : [LedgerAddress?](repeating: nil, count: found.count)
    for ((index, rowKey), owner) in zip(found, owners) {
      if let owner {
        fail(index, in: &batch, .ownedElsewhere, owner.facts(of: entity, seenFrom: self.owner))
      } else if batch.action.adoptsRows {
        batch.rows[index].key = rowKey
        batch.rows[index].fate = .revive
        checkKey(of: index, in: &batch, rowKey)
      } else {
        fail(
          index, in: &batch, .naturalKeyDeleted,
          [
            "entity": entity.name,
            "key": key.map { entity.fields[$0].name }.joined(separator: ", "),
          ], hint: .text("upsert brings it back", vi: "upsert sẽ đưa nó trở lại"))
      }
    }
  }
}

extension DiagnosticCode {
  package static let naturalKeyDeleted = DiagnosticCode(
    "natural-key-deleted", #"a deleted row of "{entity}" still has this {key}"#,
    vi: #"một bản ghi đã xóa của "{entity}" vẫn giữ {key} này"#,
    meaning: """
      The entity marks rows as deleted and keeps them, and a unique index of the database keeps \
      their values, so that no new row can have them.
      """,
    example: "action: create\nvalues: { code: VN }      # deleted last week",
    fix: "Use upsert, which brings the deleted row back with the values of the plan.")
}
