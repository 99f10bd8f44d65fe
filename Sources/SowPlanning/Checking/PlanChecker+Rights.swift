package import SowModel

/// What the roles of the environment, or those that an operation claims, may do.
extension PlanChecker {
  /// Why an operation may not be carried out, and why it may not change rows that are there.
  func refusals(
    of operation: DataOperation, _ entity: Entity
  ) -> (operation: Diagnostic?, update: Diagnostic?) {
    guard hasPermissions || !operation.claims.isEmpty, case .known(let identity) = identity else {
      return (nil, nil)
    }
    for claim in operation.claims where identity?.overridable.contains(claim.name.value) != true {
      return (
        Diagnostic(
          .claimRefused, ["claim": claim.name.value], at: claim.name.range,
          hint: Identity.claims.contains(claim.name.value)
            ? .text(
              "the environment allows it with identity: { overridable: [roles] }",
              vi: "môi trường cho phép điều đó bằng identity: { overridable: [roles] }") : nil),
        nil
      )
    }
    let claimed = operation.claims.first { $0.name.value == "roles" }?.values
    let roles = claimed ?? identity?.roles ?? []
    func refusal(_ actions: [Action]) -> Diagnostic? {
      actions.first { !entity.allows($0, to: roles) }.map {
        Diagnostic(forbidden: $0, entity, roles, at: operation.action.range)
      }
    }
    let read = lookedUp(by: operation).lazy.compactMap { entity in
      entity.allows(.read, to: roles)
        ? nil : Diagnostic(forbidden: .read, entity, roles, at: operation.action.range)
    }.first
    return (refusal(operation.neededRights) ?? read, refusal([.update]))
  }

  /// The entities that the operation looks values up in.
  private func lookedUp(by operation: DataOperation) -> [Entity] {
    var found: [Entity] = []
    operation.forEachInput { input in
      input.forEachLookup { lookup in
        if let number = compiler.entityNumbers[lookup.entity.value] {
          found.append(entities[number])
        }
      }
    }
    return found
  }
}

/// The identity that rights are held against.
enum KnownIdentity: Sendable {
  /// Which environment a plan is for is open until it meets a database.
  case open
  /// Nil where the environment says nothing of it.
  case known(Identity?)
}

extension DataOperation {
  /// An `upsert` and a `sync` are what they may come to; a replacement is a delete, too.
  fileprivate var neededRights: [Action] {
    let rights: [Action] =
      switch action.value {
      case .create, .read, .update, .delete: [action.value]
      case .upsert: onMatch?.value == .keep ? [.create] : [.create, .update]
      case .sync: onMatch?.value == .keep ? [.create, .delete] : [.create, .update, .delete]
      }
    return replaces?.value == true ? rights + [.delete] : rights
  }
}

extension Entity {
  /// Whether one of the roles may do this; all may where nothing is said of rights.
  func allows(_ action: Action, to roles: [String]) -> Bool {
    permissions?.allow(action, to: roles) ?? true
  }
}

extension Diagnostic {
  /// That no role allows an action.
  init(forbidden action: Action, _ entity: Entity, _ roles: [String], at range: SourceRange?) {
    let able = entity.permissions?.roles.filter { $0.actions.contains(action) }.map(\.name) ?? []
    self.init(
      roles.isEmpty ? .roleMissing : .permissionDenied,
      [
        "action": action.rawValue, "entity": entity.name, "roles": roles.joined(separator: ", "),
      ], at: range,
      hint: able.isEmpty
        ? .text("no role may", vi: "không vai trò nào được phép")
        : .text(
          "it takes the role {roles}", vi: "cần vai trò {roles}",
          ["roles": Phrase.choice(of: able)]))
  }
}

extension Decider {
  /// A `create` changes the rows that it made before only where that is allowed.
  func checkRights(_ batch: inout Batch) {
    guard batch.entity.permissions != nil, batch.action == .create else { return }
    for index in batch.rows.indices where batch.rows[index].fate.isInPlace {
      guard var refusal = plan.operations[batch.rows[index].operation].terms?.updateRefusal else {
        continue
      }
      refusal.range = batch.rows[index].range
      batch.rows[index].end(.failed, refusal)
    }
  }
}

extension DiagnosticCode {
  package static let permissionDenied = DiagnosticCode(
    "permission-denied", #"permission denied: {roles} cannot {action} "{entity}""#,
    vi: #"không có quyền: {roles} không thể {action} "{entity}""#,
    meaning: """
      x-sow.permissions says which roles may create, read, update and delete rows of the entity; \
      the roles are those of the environment. An upsert needs create and update, a sync delete, \
      too. Status code 403.
      """,
    example:
      "permissions: { auditor: [read] }      # identity: { roles: [auditor] }, action: update",
    fix: "Choose an environment whose identity has the role, with -e, or give the role the right.")
  package static let roleMissing = DiagnosticCode(
    "role-missing",
    #"permission denied: to {action} "{entity}" takes a role, and the run has none"#,
    vi: #"không có quyền: {action} "{entity}" cần một vai trò, mà lượt chạy không có vai trò nào"#,
    meaning: """
      x-sow.permissions says which roles may create, read, update and delete rows of the entity; \
      the roles are those of the environment, and this one has none. A database given with \
      --database alone has no environment, and so no role. Status code 403.
      """,
    example: "permissions: { auditor: [read] }      # and no identity: in sow.yaml",
    fix: "Set it in sow.yaml: environments: { local: { identity: { roles: [auditor] } } }.")
  package static let claimRefused = DiagnosticCode(
    "claim-refused", #"the environment does not allow an operation to claim "{claim}""#,
    vi: #"môi trường không cho phép một thao tác tự nhận "{claim}""#,
    meaning: """
      Who runs is said by the environment. An operation may claim for itself only what \
      identity.overridable lists. Status code 403.
      """,
    example: "claims: { roles: [admin] }      # identity: { overridable: [] }",
    fix: "Take the claim out, or list it under identity: { overridable: [...] } in sow.yaml.")
}
