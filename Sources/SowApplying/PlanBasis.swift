package import SowModel
internal import SowPlanning

/// What a changeset rests on: all that a saved plan holds an apply to.
package struct PlanBasis {
  package var ledger: SavedPlan.LedgerState
  package var variables: [SavedPlan.Variable]
  /// Nil where it was not asked for.
  package var fingerprint: Fingerprint?
}

extension PlanRun {
  func basis(of prepared: PreparedRun, _ planned: PlannedRun) -> PlanBasis {
    let ledger: SavedPlan.LedgerState =
      if let ledger = prepared.ledger {
        .found(lineage: ledger.lineage, serial: ledger.serial)
      } else { .drawn(prepared.identity) }
    let variables = plan.variableValues(settings.context.surroundings).map { variable in
      var encoder = RowEncoder()
      encoder.append(variable.value)
      return SavedPlan.Variable(
        name: variable.name,
        content: variable.isSensitive
          ? .digest(prepared.digester.digest(encoder)) : .value(variable.value))
    }
    return PlanBasis(ledger: ledger, variables: variables, fingerprint: planned.fingerprint)
  }
}

extension SavedPlan {
  /// Why the ledger is not the one that the plan was made for; nil where it is.
  package func ledgerDifference(from ledger: Ledger?) -> Diagnostic? {
    switch (self.ledger, ledger) {
    case (.drawn, nil): nil
    case (.drawn, _?):
      .staleSavedPlan(
        Phrase(
          "the database has a ledger by now, and it had none",
          vi: "cơ sở dữ liệu nay đã có sổ cái, trước đó thì chưa"))
    case (.found, nil):
      .staleSavedPlan(
        Phrase("the database has no ledger any more", vi: "cơ sở dữ liệu không còn sổ cái"))
    case (.found(let lineage, let serial), let ledger?):
      if lineage != ledger.lineage {
        .staleSavedPlan(
          Phrase("the database has another ledger", vi: "cơ sở dữ liệu có một sổ cái khác"))
      } else if ledger.serial < serial {
        .staleSavedPlan(
          Phrase(
            "the ledger is at run \(ledger.serial), and it was at run \(serial): an older state"
              + " of the database",
            vi: "sổ cái đang ở lượt chạy \(ledger.serial), trước đó ở lượt chạy \(serial): một"
              + " trạng thái cũ hơn của cơ sở dữ liệu"))
      } else {
        nil
      }
    }
  }

  /// What is not as it was saved: a variable, an operation, or what is shown; nil where all is.
  func difference(from basis: PlanBasis, _ changeset: Changeset) -> Diagnostic? {
    let variables = Self.changed(
      Dictionary(self.variables.map { ($0.name, $0.content) }) { $1 },
      Dictionary(basis.variables.map { ($0.name, $0.content) }) { $1 })
    if !variables.isEmpty {
      return .staleSavedPlan(
        Phrase(
          "another value of {names}", vi: "giá trị khác của {names}",
          ["names": Self.named(variables, Noun("variable", vi: "biến"))]))
    }
    guard let fingerprint = basis.fingerprint else {
      preconditionFailure("a saved plan is compared with a fingerprint")
    }
    if fingerprint.operations != self.fingerprint.operations {
      let operations = Self.changed(
        Dictionary(self.fingerprint.operations.map { ($0.operation, $0.digest) }) { $1 },
        Dictionary(fingerprint.operations.map { ($0.operation, $0.digest) }) { $1 })
      let what =
        operations.isEmpty
        ? Phrase("the operations", vi: "các thao tác") : Self.named(operations, .operation)
      return .staleSavedPlan(
        Phrase(
          "other rows, or other changes, of {what}",
          vi: "các bản ghi khác, hoặc các thay đổi khác, của {what}", ["what": what]))
    }
    if fingerprint.changes != self.fingerprint.changes {
      return .staleSavedPlan(
        Phrase(
          "other tables, or other rows that the database changes by itself",
          vi: "các bảng khác, hoặc các bản ghi khác mà cơ sở dữ liệu tự thay đổi"))
    }
    if changeset != self.changeset {
      return .staleSavedPlan(
        Phrase(
          "what the file shows is not what an apply would do",
          vi: "điều tệp cho thấy không phải là điều một lần áp dụng sẽ làm"))
    }
    return nil
  }

  /// Names with different contents, sorted.
  private static func changed<Content: Equatable>(
    _ left: [String: Content], _ right: [String: Content]
  ) -> [String] {
    Set(left.keys).union(right.keys).filter { left[$0] != right[$0] }.sorted()
  }

  private static func named(_ names: [String], _ noun: Noun) -> Phrase {
    Phrase(
      "the \(names.count == 1 ? noun.one : noun.many) {names}", vi: "\(noun.vietnamese) {names}",
      ["names": Phrase.listing(names.map { "\"\($0)\"" }, limit: 3)])
  }
}

extension Diagnostic {
  package static func staleSavedPlan(_ what: Phrase) -> Diagnostic {
    Diagnostic(
      .staleSavedPlan, ["what": what], at: nil,
      hint: .text(
        "make and review a new one: sow plan -o FILE",
        vi: "hãy lập và xem lại một bản mới: sow plan -o FILE"))
  }
}

extension DiagnosticCode {
  package static let staleSavedPlan = DiagnosticCode(
    "stale-saved-plan", "the saved plan no longer holds: {what}",
    vi: "kế hoạch đã lưu không còn hiệu lực: {what}",
    meaning: """
      A saved plan is applied only where everything that it was made from is as it was: its files, \
      its variables, the ledger, and every row that was read. Nothing was written.
      """,
    example: "sow plan -o shop.saved; sow apply --yes; sow apply shop.saved",
    fix: "Make a new one with sow plan -o FILE, look at it, and apply that.")
}
