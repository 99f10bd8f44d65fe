internal import SowModel

extension SavedPlanVersion1 {
  /// The changeset but for its operations and removals.
  struct ChangesVersion1: Codable {
    var counts: CountsVersion1
    var owned: Int
    var created_tables: [String]
    var cascades: [CascadeVersion1]
    var renames: [RenameVersion1]
    var orphans: [String]
  }

  struct CountsVersion1: Codable {
    var create: Int
    var update: Int
    var delete: Int
    var forget: Int
    var unchanged: Int
    var ledger_only: Int
    var failed: Int
    var skipped: Int
    var renamed: Int
  }

  struct RenameVersion1: Codable {
    var address: String
    var was: String
    var entity: String?
    var key: String?
    var rows: Int
  }

  struct CascadeVersion1: Codable {
    var table: String
    var effect: String
    var columns: [String]
    var count: Int
  }

  struct OperationChangeVersion1: Codable {
    var operation: String
    var action: String
    var entity: String
    var counts: CountsVersion1
    var differing: Int
    var rows: [RowVersion1]
  }

  struct RemovalVersion1: Codable {
    var operation: String
    var counts: CountsVersion1
    var differing: Int
    var rows: [RowVersion1]
  }

  struct RowVersion1: Codable {
    var change: String
    var reason: String?
    var address: String
    var entity: String
    var key: String?
    var fields: [FieldVersion1]
    var obstacle: String?
    /// The same in Vietnamese.
    var obstacle_vi: String?
  }

  struct FieldVersion1: Codable {
    var field: String
    var old: ShownVersion1?
    var new: ShownVersion1
    /// Of a set, both or neither.
    var added: [ShownVersion1]?
    var removed: [ShownVersion1]?
  }

  /// A value, what stands for one, or a reference with its value where that is known.
  struct ShownVersion1: Codable {
    var value: ValueVersion1?
    var masked: String?
    var reference: String?
    var pending: Bool?
  }
}

extension SavedPlanVersion1.ChangesVersion1 {
  init(_ changeset: Changeset) {
    counts = SavedPlanVersion1.CountsVersion1(changeset.counts)
    owned = changeset.owned
    created_tables = changeset.createdTables
    cascades = changeset.cascades.map { SavedPlanVersion1.CascadeVersion1($0) }
    renames = changeset.renames.map {
      SavedPlanVersion1.RenameVersion1(
        address: $0.address, was: $0.was, entity: $0.entity, key: $0.key, rows: $0.rows)
    }
    orphans = changeset.orphans
  }

  func changeset(of plan: String) throws -> Changeset {
    var changeset = Changeset(plan: plan)
    changeset.counts = counts.counts
    changeset.owned = owned
    changeset.createdTables = created_tables
    changeset.cascades = try cascades.map { try $0.cascade() }
    changeset.renames = renames.map {
      Rename(address: $0.address, was: $0.was, entity: $0.entity, key: $0.key, rows: $0.rows)
    }
    changeset.orphans = orphans
    return changeset
  }
}

extension SavedPlanVersion1.CountsVersion1 {
  init(_ counts: Changeset.Counts) {
    create = counts.create
    update = counts.update
    delete = counts.delete
    forget = counts.forget
    unchanged = counts.unchanged
    ledger_only = counts.ledgerOnly
    failed = counts.failed
    skipped = counts.skipped
    renamed = counts.renamed
  }

  var counts: Changeset.Counts {
    var counts = Changeset.Counts()
    counts.create = create
    counts.update = update
    counts.delete = delete
    counts.forget = forget
    counts.unchanged = unchanged
    counts.ledgerOnly = ledger_only
    counts.failed = failed
    counts.skipped = skipped
    counts.renamed = renamed
    return counts
  }
}

extension SavedPlanVersion1.CascadeVersion1 {
  init(_ cascade: Cascade) {
    table = cascade.table
    count = cascade.count
    switch cascade.effect {
    case .delete: (effect, columns) = ("delete", [])
    case .setNull(let names): (effect, columns) = ("set_null", names)
    case .setDefault(let names): (effect, columns) = ("set_default", names)
    case .unlink: (effect, columns) = ("unlink", [])
    }
  }

  func cascade() throws -> Cascade {
    let effect: Cascade.Effect
    switch self.effect {
    case "delete": effect = .delete
    case "set_null": effect = .setNull(columns)
    case "set_default": effect = .setDefault(columns)
    case "unlink": effect = .unlink
    default: throw DamagedPart("effect")
    }
    return Cascade(table: table, effect: effect, count: count)
  }
}

extension SavedPlanVersion1.OperationChangeVersion1 {
  init(_ change: OperationChange) {
    operation = change.name
    action = change.action.rawValue
    entity = change.entity
    counts = SavedPlanVersion1.CountsVersion1(change.counts)
    differing = change.differing
    rows = change.rows.map { SavedPlanVersion1.RowVersion1($0) }
  }

  func change() throws -> OperationChange {
    guard let action = Action(rawValue: action) else { throw DamagedPart("action") }
    var change = OperationChange(name: operation, action: action, entity: entity)
    change.counts = counts.counts
    change.differing = differing
    change.rows = try rows.map { try $0.row() }
    return change
  }
}

extension SavedPlanVersion1.RemovalVersion1 {
  init(_ removal: OperationRemoval) {
    operation = removal.operation
    counts = SavedPlanVersion1.CountsVersion1(removal.counts)
    differing = removal.differing
    rows = removal.rows.map { SavedPlanVersion1.RowVersion1($0) }
  }

  func removal() throws -> OperationRemoval {
    var removal = OperationRemoval(operation: operation)
    removal.counts = counts.counts
    removal.differing = differing
    removal.rows = try rows.map { try $0.row() }
    return removal
  }
}

extension SavedPlanVersion1.RowVersion1 {
  init(_ row: RowChange) {
    change = row.kind.rawValue
    reason = row.reason?.rawValue
    obstacle = row.obstacle?.english
    obstacle_vi = row.obstacle?.vietnamese
    address = row.address
    entity = row.entity
    key = row.key
    fields = row.fields.map { field in
      SavedPlanVersion1.FieldVersion1(
        field: field.field, old: field.old.map { SavedPlanVersion1.ShownVersion1($0) },
        new: SavedPlanVersion1.ShownVersion1(field.new),
        added: field.members?.added.map { SavedPlanVersion1.ShownVersion1($0) },
        removed: field.members?.removed.map { SavedPlanVersion1.ShownVersion1($0) })
    }
  }

  func row() throws -> RowChange {
    guard let kind = RowChange.Kind(rawValue: change) else { throw DamagedPart("change") }
    let known = reason.map { RowChange.Reason(rawValue: $0) }
    if case .some(.none) = known { throw DamagedPart("reason") }
    return RowChange(
      kind: kind, address: address, entity: entity, key: key,
      fields: try fields.map { try $0.change() }, reason: known ?? nil,
      obstacle: obstacle.map { Phrase($0, vi: obstacle_vi ?? $0) })
  }
}

extension SavedPlanVersion1.FieldVersion1 {
  func change() throws -> FieldChange {
    var change = FieldChange(field: field, old: try old?.shown(), new: try new.shown())
    if let added, let removed {
      change.members = FieldChange.Members(
        added: try added.map { try $0.shown() }, removed: try removed.map { try $0.shown() })
    }
    return change
  }
}

extension SavedPlanVersion1.ShownVersion1 {
  init(_ shown: FieldChange.Shown) {
    switch shown {
    case .value(let value): self.value = ValueVersion1(value)
    case .masked(let label): masked = label
    case .reference(let path, let value):
      reference = path
      self.value = value.map { ValueVersion1($0) }
    case .pending: pending = true
    }
  }

  func shown() throws -> FieldChange.Shown {
    switch (value, masked, reference, pending) {
    case (let value?, nil, nil, nil): .value(value.value)
    case (nil, let label?, nil, nil): .masked(label: label)
    case (let value, nil, let path?, nil): .reference(path, value?.value)
    case (nil, nil, nil, true?): .pending
    default: throw DamagedPart("fields")
    }
  }
}
