internal import SowModel

/// A row that is deleted and inserted anew under another key.
struct Replacement {
  let operation: Int
  let address: String
  let range: SourceRange
  let table: Table
  let oldKey: RowKey
  /// Names of columns that hold the same in the new row.
  let unchanged: Set<String>
}

extension Decider {
  /// The rows of a decided batch that are deleted and inserted anew.
  func replacements(in batch: Batch) throws -> [Replacement] {
    let rows = batch.rows.indices.filter { batch.rows[$0].fate == .replace }
    guard !rows.isEmpty else { return [] }
    var unchanged = rows.map { index in
      Set(
        zip(batch.entity.primaryKey, batch.rows[index].entry?.key.values ?? []).compactMap {
          field, old -> String? in
          guard let offset = batch.columns.firstIndex(of: field) else { return nil }
          let place = index * batch.columns.count + offset
          let isSame = !batch.pending.contains(place) && batch.values[place].isSameKey(as: old)
          return isSame ? batch.entity.fields[field].name : nil
        })
    }
    // Of other columns only those that a foreign key may lead to.
    for offset in batch.columns.indices {
      let column = batch.columns[offset]
      guard batch.entity.table.uniqueKeys.contains(where: { $0.contains(column) }),
        !batch.entity.primaryKey.contains(column)
      else { continue }
      let known = rows.indices.filter {
        !batch.pending.contains(rows[$0] * batch.columns.count + offset)
      }
      var old = batch
      for row in known { old.rows[rows[row]].key = batch.rows[rows[row]].entry?.key }
      let matches = try matchKeys(of: known.map { rows[$0] }, columns: [offset], in: old)
      for (row, match) in zip(known, matches) where match?.isEqual == true {
        unchanged[row].insert(batch.entity.fields[column].name)
      }
    }
    return zip(rows, unchanged).compactMap { index, unchanged in
      let row = batch.rows[index]
      return row.entry.map { entry in
        Replacement(
          operation: row.operation,
          address: address(
            operation: plan.operations[row.operation].name, instance: row.address),
          range: row.range, table: batch.entity.table, oldKey: entry.key, unchanged: unchanged)
      }
    }
  }
}

extension Planner {
  /// A row cannot be deleted while others refer to it, but for those that the plan itself leads to
  /// the new one.
  mutating func checkReplacements(_ state: RunState) throws {
    guard !replacements.isEmpty else { return }
    let catalogue = try decider.snapshot.catalogue()
    let links = LinkEnds(decider, catalogue)
    for (name, own) in Dictionary(grouping: replacements, by: \.table.name)
      .sorted(by: { $0.key < $1.key })
    {
      let byKey = Dictionary(own.map { ($0.oldKey, $0) }, uniquingKeysWith: { first, _ in first })
      guard let parent = own.first?.table else { continue }
      for table in catalogue.tables {
        for foreignKey in table.foreignKeys
        where foreignKey.table == name && !links.isOwned(table, by: foreignKey) {
          let found = try decider.snapshot.referring(
            to: own.map(\.oldKey), in: parent, from: table, by: foreignKey)
          try check(found, byKey, table, foreignKey, state)
        }
      }
    }
  }

  private mutating func check(
    _ found: [Referring], _ byKey: [RowKey: Replacement], _ table: Table,
    _ foreignKey: Table.ForeignKey, _ state: RunState
  ) throws {
    guard !found.isEmpty else { return }
    let owners =
      decider.hasLedger
      ? try decider.snapshot.owners(of: found.map(\.child), in: table)
      : [LedgerAddress?](repeating: nil, count: found.count)
    let gone = state.deletedKeys(in: table.name).union(
      replacements.filter { $0.table.name == table.name }.map(\.oldKey))
    var counts: [RowKey: [Phrase: Int]] = [:]
    for (referring, owner) in zip(found, owners) {
      guard let replacement = byKey[referring.parent], !gone.contains(referring.child),
        let obstacle = obstacle(replacement, owner, foreignKey, table, state)
      else { continue }
      counts[referring.parent, default: [:]][obstacle, default: 0] += 1
    }
    for replacement in replacements where byKey[replacement.oldKey] != nil {
      let obstacles = (counts[replacement.oldKey] ?? [:]).sorted { $0.key.english < $1.key.english }
      for (hint, count) in obstacles where replacement.table.name == foreignKey.table {
        diagnostics.report(
          .replaceBlocked,
          [
            "address": replacement.address, "table": table.name,
            "count": Phrase.count(count, .row),
          ], at: replacement.range, hint: .text(hint))
      }
    }
  }

  /// Why a row stands against the replacement of the one that it refers to.
  private func obstacle(
    _ replacement: Replacement, _ owner: LedgerAddress?, _ foreignKey: Table.ForeignKey,
    _ table: Table, _ state: RunState
  ) -> Phrase? {
    let stays = foreignKey.referencedColumns.allSatisfy(replacement.unchanged.contains)
    let mover = owner.flatMap { follower($0, foreignKey, table, state) }
    guard stays || mover != nil else {
      return Phrase(
        "the plan does not lead them to the new row",
        vi: "kế hoạch không dẫn chúng đến bản ghi mới")
    }
    switch foreignKey.onDelete {
    case .restrict:
      return Phrase(
        "their foreign key says ON DELETE RESTRICT",
        vi: "khóa ngoại của chúng quy định ON DELETE RESTRICT")
    case .cascade:
      return Phrase(
        "their foreign key says ON DELETE CASCADE, so they would be deleted",
        vi: "khóa ngoại của chúng quy định ON DELETE CASCADE, nên chúng sẽ bị xóa")
    case .setNull, .setDefault:
      if mover == nil {
        return Phrase(
          "their foreign key would set them to nothing",
          vi: "khóa ngoại của chúng sẽ bị đặt về rỗng")
      }
    case .refuse: break
    }
    if !stays, !plan.options.atomic, mover != replacement.operation {
      return Phrase(
        "they follow in another commit; options: { atomic: true } makes it one",
        vi: "chúng theo sau trong một commit khác; options: { atomic: true } gộp lại thành một")
    }
    return nil
  }

  /// The operation of this plan that writes the columns of a foreign key of the owned row anew.
  private func follower(
    _ owner: LedgerAddress, _ foreignKey: Table.ForeignKey, _ table: Table, _ state: RunState
  ) -> Int? {
    guard owner.owner == decider.owner, let number = plan.operationNames[owner.operation] else {
      return nil
    }
    let operation = plan.operations[number]
    let columnSet: Int
    if let stream = operation.stream {
      columnSet = stream.columnSet
    } else if let instance = plan.instance(operation: owner.operation, key: owner.instance),
      [.update, .drift, .replace].contains(state.fates[instance])
    {
      columnSet = Int(plan.instances[instance].columnSet)
    } else {
      return nil
    }
    let written = plan.columnSets[columnSet].askedColumns
    let isWritten =
      plan.entities[operation.entity].table.name == table.name
      && foreignKey.columns.contains(where: written.contains)
    return isWritten ? number : nil
  }
}

extension RunState {
  /// The rows of a table that `delete` operations of the plan match.
  fileprivate func deletedKeys(in table: String) -> Set<RowKey> {
    var keys: Set<RowKey> = []
    for operation in plan.operations
    where operation.action == .delete && plan.entities[operation.entity].table.name == table {
      for instance in operation.instances where fates[instance] == .query {
        keys.formUnion(results[instance]?.keys ?? [])
      }
    }
    return keys
  }
}

extension DiagnosticCode {
  static let replaceBlocked = DiagnosticCode(
    "replace-blocked", #"{address} cannot be replaced: {count} of "{table}" refer to it"#,
    vi: #"không thể thay thế {address}: {count} của "{table}" tham chiếu đến nó"#,
    meaning: """
      A row is replaced by a delete and an insert, and other rows refer to the one that would be \
      deleted. Those that the plan owns follow to the new row; all others stand against it.
      """,
    example:
      "lifecycle: { replace: true }     # and somebody else's invoice refers to the customer",
    fix: "Move or delete those rows first, or leave the field as it was.")
}
