internal import SowDatabase
package import SowModel
internal import SowPlanning

package enum ImportOutcome {
  case refused(Diagnostics)
  /// The row is owned; why the lockfile could not be written after the commit, if so.
  case owned(key: String, entity: String, lockProblem: (any Error)?)
  /// It was owned at this address before.
  case alreadyOwned(key: String, entity: String)
}

extension PlanRun {
  /// Makes an existing row the one of an address, as if sow had created it.
  package func own(
    _ address: RowAddress, key text: String, _ options: ApplyOptions
  ) throws -> ImportOutcome {
    try database.begin(.write, patience: settings.patience)
    defer { database.rollback() }
    var diagnostics = Diagnostics()
    guard let prepared = try prepare(into: &diagnostics) else { return .refused(diagnostics) }
    let lockCheck = options.checkLock(try prepared.lock()).diagnostics
    guard !lockCheck.hasErrors else { return .refused(lockCheck) }
    guard let asked = try find(address, prepared) else {
      return refuse(.importNoInstance, ["address": address.text, "plan": "\"\(plan.name)\""])
    }
    let entity = asked.batch.entity
    guard entity.isLive, let key = entity.key(from: text) else {
      return refuse(.importNoRow, ["entity": entity.name, "key": text])
    }
    let table = entity.table
    let isThere = try database.rows(of: table, columns: table.primaryKey, keys: [key])[0] != nil
    guard isThere, try prepared.decider(isApplying: false).isSeen(key, of: entity) else {
      return refuse(.importNoRow, ["entity": entity.name, "key": text])
    }
    let held =
      try prepared.ledger == nil
      ? nil
      : database.ledgerRows(
        of: prepared.owner, operation: address.operation, instances: [address.instance],
        digester: prepared.digester)[0]
    let heldTable = try held.flatMap { try database.shapes()[$0.row.shape]?.table }
    if let held, held.row.key != key || heldTable != table.name {
      return refuse(
        .addressTaken, ["address": address.text, "key": held.row.key.text, "entity": entity.name])
    }
    if held?.row.origin == .created { return .alreadyOwned(key: key.text, entity: entity.name) }
    if held == nil, let owner = try database.owners(of: [key], in: table)[0] {
      return refuse(.ownedElsewhere, owner.facts(of: entity, seenFrom: prepared.owner))
    }
    if prepared.ledger == nil { try database.create(prepared.identity) }
    let edit = OwnershipEdit(
      database: database, owner: prepared.owner, ledger: prepared.identity, actor: settings.actor,
      commit: settings.commit, tenant: settings.context.surroundings.tenant ?? "",
      entityNames: prepared.entityNames, stageLock: options.stageLock)
    let problem = try edit.perform(
      Phrase("\(address.text) imported", vi: "nhập \(address.text)")
    ) { serial in
      let digest = try self.digest(of: asked, key, prepared)
      let shape = try database.number(of: asked.batch.shape(isKept: false))
      let row = LedgerRow(
        operation: address.operation, instance: address.instance, shape: shape, key: key,
        asked: digest, answered: nil, origin: .created)
      try database.record([row], of: prepared.owner, serial: serial)
      let operation = prepared.checked.operations[asked.batch.rows[asked.index].operation]
      guard operation.lifecycle != Lifecycle() else { return }
      try database.record(
        LedgerPolicy(
          action: operation.action, entity: entity.name, done: nil,
          lifecycle: operation.lifecycle), operation: operation.name, of: prepared.owner)
    }
    return .owned(key: key.text, entity: entity.name, lockProblem: problem)
  }

  /// A row of a decided batch.
  private struct Asked {
    let batch: Batch
    let index: Int
  }

  /// The row that the plan asks for at an address.
  private func find(_ address: RowAddress, _ prepared: PreparedRun) throws -> Asked? {
    guard let number = prepared.checked.operationNames[address.operation],
      prepared.checked.operations[number].action.insertsRows
    else { return nil }
    var prepared = prepared
    var found: Asked?
    // What stands against the row as it is shall be mended by owning it.
    _ = try prepared.decide(settings) { planner in
      planner.observe = { batch in
        let index = batch.rows.firstIndex {
          $0.operation == number && $0.address == address.instance
        }
        if let index { found = Asked(batch: batch, index: index) }
      }
    }
    return found
  }

  /// What the plan asks for, where the row is that already; else nothing that could be asked for,
  /// so that the next run compares the row.
  private func digest(
    of asked: Asked, _ key: RowKey, _ prepared: PreparedRun
  ) throws -> RowDigest {
    let batch = asked.batch
    let open = RowDigest(high: 0, low: 0)
    guard !batch.rows[asked.index].hasPending else { return open }
    let keys = batch.entity.primaryKey
    let others = batch.asked.filter { !keys.contains(batch.columns[$0]) }
    let values = batch.values(of: asked.index)
    var set = RowSet(
      table: batch.entity.table, columns: keys + others.map { batch.columns[$0] })
    set.append(key.values + others.map { values[values.startIndex + $0] })
    let matches = try database.match(Probe(rows: set, keyColumns: Array(keys.indices)))
    guard matches[0]?.isEqual == true else { return open }
    var encoder = RowEncoder()
    batch.encodeAsked(asked.index, isKept: false, into: &encoder)
    return prepared.digester.digest(encoder)
  }

  private func refuse(_ code: DiagnosticCode, _ facts: Facts) -> ImportOutcome {
    var diagnostics = Diagnostics()
    diagnostics.report(code, facts, at: nil)
    return .refused(diagnostics)
  }
}

extension Entity {
  /// A primary key from its text, the parts of a longer one apart by commas; nil where it is none.
  fileprivate func key(from text: String) -> RowKey? {
    let types = primaryKey.map { fields[$0].type }
    let parts =
      types.count == 1
      ? [text]
      : text.split(separator: ",", omittingEmptySubsequences: false)
        .map { String($0.drop { $0 == " " }) }
    guard parts.count == types.count else { return nil }
    let values = zip(parts, types).compactMap { part, type in
      try? Scalar(part).value(as: type).get()
    }
    return values.count == types.count ? RowKey(values) : nil
  }
}

extension PreparedRun {
  /// The entities' names, by table.
  fileprivate var entityNames: [String: String] {
    Dictionary(
      checked.entities.map { ($0.table.name, $0.name) }, uniquingKeysWith: { first, _ in first })
  }
}

extension DiagnosticCode {
  package static let importNoInstance = DiagnosticCode(
    "import-no-instance", "{plan} asks for no row at {address}",
    vi: "{plan} không yêu cầu bản ghi nào tại {address}",
    meaning: "A row is imported to an address of a create, upsert or sync of the plan.",
    example: "sow import statuses 3      # the rows are statuses[\"open\"] and so on",
    fix: "Write the operation first, and name its row as sow plan shows it.")
  package static let importNoRow = DiagnosticCode(
    "import-no-row", #"there is no row of "{entity}" with the key {key}"#,
    vi: #"không có bản ghi nào của "{entity}" với khóa {key}"#,
    meaning: "The row that is to be owned is not in the table of the operation's entity.",
    example: "sow import luis 999", fix: "Give the primary key of an existing row.")
  package static let addressTaken = DiagnosticCode(
    "address-taken", "{address} stands for row {key} already",
    vi: "{address} đã ứng với bản ghi {key}",
    meaning: "An address stands for one row, and this one has one.",
    example: "sow import luis 7          # luis is row 3",
    fix: "Let go of the other row with sow ledger rm, or use another address.")
}
