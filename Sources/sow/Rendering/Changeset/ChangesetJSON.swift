internal import SowModel

extension JSONWriter {
  /// The members of a `plan` document that tell of the changeset; all rows that it holds, and how
  /// many it does not. `isWhole` says that nothing shows those.
  func changeset(_ changeset: Changeset, in files: SourceFiles, isWhole: Bool = false) {
    member("has_changes", !changeset.isEmpty)
    name("counts")
    counts(changeset.counts)
    array("created_tables") { for name in changeset.createdTables { string(name) } }
    lines("operations") {
      for operation in changeset.operations {
        object { self.operation(operation, files, isWhole: isWhole) }
      }
    }
    lines("removals") {
      for removal in changeset.removals {
        object { self.removal(removal, files, isWhole: isWhole) }
      }
    }
    array("cascades") { for cascade in changeset.cascades { object { self.cascade(cascade) } } }
    lines("renames") {
      for rename in changeset.renames { object { self.rename(rename) } }
    }
    array("orphans") { for address in changeset.orphans { string(address) } }
  }

  func counts(_ counts: Changeset.Counts) {
    object {
      member("create", counts.create)
      member("update", counts.update)
      member("delete", counts.delete)
      member("forget", counts.forget)
      member("unchanged", counts.unchanged)
      member("ledger_only", counts.ledgerOnly)
      member("failed", counts.failed)
      member("skipped", counts.skipped)
      member("renamed", counts.renamed)
    }
  }

  private func operation(_ operation: OperationChange, _ files: SourceFiles, isWhole: Bool) {
    member("operation", operation.name)
    member("action", operation.action.rawValue)
    member("entity", operation.entity)
    name("counts")
    counts(operation.counts)
    member("differing", operation.differing)
    rows(operation.rows, files, of: operation.name, operation.differing, isWhole: isWhole)
  }

  private func removal(_ removal: OperationRemoval, _ files: SourceFiles, isWhole: Bool) {
    member("operation", removal.operation)
    member("delete", removal.counts.delete)
    member("forget", removal.counts.forget)
    rows(removal.rows, files, of: removal.operation, removal.differing, isWhole: isWhole)
  }

  /// The rows of an operation that are held, and of those that are not their number and a hint.
  private func rows(
    _ rows: [RowChange], _ files: SourceFiles, of operation: String, _ differing: Int,
    isWhole: Bool
  ) {
    let others = differing - rows.count
    if others > 0 {
      member("rows_left_out", others)
      member("hint", .more(others, .of(operation), isOffered: !isWhole))
    }
    lines("rows") { for row in rows { object { self.row(row, files) } } }
  }

  func cascade(_ cascade: Cascade) {
    member("table", cascade.table)
    member("count", cascade.count)
    let columns: [String]
    switch cascade.effect {
    case .delete:
      member("effect", "delete")
      columns = []
    case .setNull(let names):
      member("effect", "set_null")
      columns = names
    case .setDefault(let names):
      member("effect", "set_default")
      columns = names
    case .unlink:
      member("effect", "unlink")
      columns = []
    }
    if !columns.isEmpty { array("columns") { for name in columns { string(name) } } }
  }

  private func rename(_ rename: Rename) {
    member("address", rename.address)
    member("was", rename.was)
    if let entity = rename.entity { member("entity", entity) }
    if let key = rename.key { member("key", key) }
    member("rows", rename.rows)
  }

  func members(_ members: FieldChange.Members) {
    array("added") { for shown in members.added { self.shown(shown) } }
    array("removed") { for shown in members.removed { self.shown(shown) } }
  }

  private func row(_ row: RowChange, _ files: SourceFiles) {
    member("change", row.kind.rawValue)
    if let reason = row.reason { member("reason", reason.rawValue) }
    member("address", row.address)
    member("entity", row.entity)
    if let key = row.key { member("key", key) }
    if let range = row.place.range {
      member("file", files[range.file])
      member("line", Int(range.start.line))
    }
    if let obstacle = row.obstacle { member("reason", obstacle) }
    array("fields") {
      for field in row.fields {
        object {
          member("field", field.field)
          if let old = field.old { member("old", old) }
          member("new", field.new)
          if let members = field.members { self.members(members) }
          if case .masked = field.new { member("sensitive", true) }
          if case .reference(let path, _) = field.new { member("reference", path) }
          if case .pending = field.new { member("known_after_apply", true) }
        }
      }
    }
  }
}
