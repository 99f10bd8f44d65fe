internal import SowApplying
internal import SowDatabase
internal import SowFiles
internal import SowModel

extension Session {
  /// Changes what the ledger holds at an address, in one transaction with the plan's lockfile; what
  /// was done is said.
  ///
  /// `check` says what stands against it, once the owner is known.
  func editLedger(
    at address: RowAddress, plan: String?, _ project: String?, _ options: DatabaseOptions,
    _ lockfile: LockfileOptions, done: Phrase,
    check: (any Database, Owner) throws -> Diagnostics = { _, _ in Diagnostics() },
    _ edit: (OwnershipEdit) throws -> (any Error)?
  ) -> Ending {
    var diagnostics = Diagnostics()
    enter(project, into: &diagnostics)
    guard !diagnostics.hasErrors,
      let workspace = workspace(around: ".", into: &diagnostics), !diagnostics.hasErrors,
      let choice = choose(options, in: workspace, into: &diagnostics)
    else { return refuse(diagnostics) }
    tell(diagnostics)
    do {
      guard choice.database.path.map(fileExists) ?? true else {
        return refuse(Diagnostics(Diagnostic(.unknownAddress, ["address": address.text], at: nil)))
      }
      let database = try Databases().writing(choice.database)
      try database.begin(.write, patience: options.lockTimeout)
      defer { database.rollback() }
      guard let ledger = try database.ledger() else {
        return refuse(Diagnostics(Diagnostic(.unknownAddress, ["address": address.text], at: nil)))
      }
      let owners = try database.owners(of: address, scope: choice.scope, plan: plan)
      guard owners.count == 1, let owner = owners.first else {
        return refuse(Diagnostics(.owner(of: address, among: owners.map(\.plan))))
      }
      let found = try check(database, owner)
      if found.hasErrors { return refuse(found) }
      let target = target(of: owner, options, lockfile)
      let names = target?.entityNames ?? [:]
      let projection = try Lock(of: owner, ledger, database, entityNames: names)
      let compared = target?.lock?.compare(with: projection, files: &files).diagnostics
      if let compared {
        if compared.hasErrors { return refuse(compared) }
        tell(compared)
      }
      let problem = try edit(
        OwnershipEdit(
          database: database, owner: owner, ledger: ledger, actor: userName(),
          commit: gitCommit(around: workspace.project.root), tenant: choice.tenant ?? "",
          entityNames: names,
          stageLock: { lock in try target?.lock?.stage(lock) }))
      return finish(done, owner, choice, target, problem)
    } catch {
      return refuse(Diagnostics(Diagnostic(error, database: choice.database.text)))
    }
  }

  private func finish(
    _ done: Phrase, _ owner: Owner, _ choice: EnvironmentChoice, _ target: Target?,
    _ problem: (any Error)?
  ) -> Ending {
    if isText {
      terminal.result.line(terminalSafe("\(owner.plan): " + done.text(in: terminal.language)))
    } else {
      let json = JSONWriter(to: terminal.result)
      json.document {
        json.label(
          RunLabel(plan: owner.plan, database: choice.database.text, environment: choice.name),
          kind: "ledger_change")
        json.member("message", done)
      }
    }
    if target == nil, choice.environment?.keepsLockfile == true {
      note(
        Phrase(
          "no file of the plan \"\(owner.plan)\" was found, so its lockfile was left alone",
          vi: "không tìm thấy tệp nào của kế hoạch \"\(owner.plan)\", nên lockfile được giữ nguyên")
      )
    }
    guard let problem else { return .done }
    let diagnostic = Diagnostic(lockfile: target?.lockfile ?? "", problem)
    tell(Diagnostics(diagnostic))
    return .fileNotWritten
  }

  /// The plan file of an owner, where the project has one; what else is wrong with files is no
  /// matter here.
  private func target(
    of owner: Owner, _ database: DatabaseOptions, _ lockfile: LockfileOptions
  ) -> Target? {
    var ignored = Diagnostics()
    let source = load([], into: &ignored).first { $0.plan?.name == owner.plan }
    return source.flatMap {
      target(
        $0, database: database, variables: nil, lockfile: lockfile.lockfile, into: &ignored)
    }
  }
}

extension Database {
  /// The owners that have a row at an address, or instances of an operation.
  fileprivate func owners(of address: RowAddress, scope: String, plan: String?) throws -> [Owner] {
    try ledgerOwners().filter { owner in
      guard owner.scope == scope, plan == nil || owner.plan == plan else { return false }
      return try holds(address, of: owner)
        || address.instance.isEmpty && !ledgerTables(of: address.operation, of: owner).isEmpty
    }
  }

  /// Whether the ledger has a row at exactly this address.
  func holds(_ address: RowAddress, of owner: Owner) throws -> Bool {
    var found = false
    try listLedger(of: owner, operation: address.operation) { row, _ in
      if row.instance == address.instance { found = true }
    }
    return found
  }
}

extension Target {
  /// By table.
  fileprivate var entityNames: [String: String] {
    Dictionary(
      source.schemas.map { ($0.table?.value ?? $0.name, $0.name) },
      uniquingKeysWith: { first, _ in first })
  }
}

extension Diagnostic {
  fileprivate static func owner(of address: RowAddress, among plans: [String]) -> Diagnostic {
    if plans.isEmpty {
      return Diagnostic(
        .unknownAddress, ["address": address.text], at: nil,
        hint: .text("sow ledger list shows all", vi: "sow ledger list cho thấy tất cả"))
    }
    return Diagnostic(
      .ambiguousAddress, ["address": address.text, "plans": plans.joined(separator: ", ")],
      at: nil, hint: .text("name one with --plan", vi: "hãy nêu một kế hoạch bằng --plan"))
  }

  init(lockfile path: String, _ problem: any Error) {
    self.init(
      .lockfileNotWritten, ["path": path, "problem": Phrase(of: problem)], at: nil,
      hint: .text(
        "sow lock write writes it from the ledger", vi: "sow lock write sẽ ghi nó từ sổ cái"))
  }
}
