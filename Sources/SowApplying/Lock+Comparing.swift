package import SowModel

extension Lock {
  /// What a lockfile says against the ledger, which is the truth: a warning where it is behind or
  /// ahead, an error where it speaks of another database or of other keys.
  package func compared(
    with ledger: Lock?, at range: SourceRange?
  ) -> (diagnostics: Diagnostics, isEqual: Bool) {
    var diagnostics = Diagnostics()
    guard let ledger else {
      if !entries.isEmpty {
        diagnostics.report(.lockWithoutLedger, ["count": String(entries.count)], at: range)
      }
      return (diagnostics, entries.isEmpty)
    }
    guard lineage == ledger.lineage else {
      diagnostics.report(.lockLineage, at: range, hint: .bothWaysOut)
      return (diagnostics, false)
    }
    let own = Dictionary(
      entries.map { (ExactText($0.address), $0) }, uniquingKeysWith: { first, _ in first })
    var missing = 0
    var surplus = 0
    for entry in ledger.entries {
      guard let known = own[ExactText(entry.address)] else {
        missing += 1
        continue
      }
      switch (entry, known) {
      case (.row(_, _, let key), .row(_, _, let other)) where key != other:
        diagnostics.report(
          .lockKey, ["address": entry.address, "lock": other, "ledger": key], at: range,
          hint: .bothWaysOut)
      case (.summary(_, _, let count, _, _, let digest), .summary(_, _, let other, _, _, let old))
      where digest != old:
        // Of equal counts at least one row is another.
        missing += max(count - other, count == other ? 1 : 0)
        surplus += max(other - count, count == other ? 1 : 0)
      default: break
      }
    }
    let addresses = Set(ledger.entries.map { ExactText($0.address) })
    surplus += entries.count { !addresses.contains(ExactText($0.address)) }
    if missing > 0 || surplus > 0 {
      diagnostics.report(
        .lockBehind, ["missing": Phrase.count(missing, .address), "surplus": String(surplus)],
        at: range)
    }
    return (diagnostics, entries == ledger.entries && scope == ledger.scope)
  }
}

extension Diagnostic.Hint {
  fileprivate static var bothWaysOut: Diagnostic.Hint {
    .text(
      "use another environment, or replace the lockfile with sow lock write --adopt",
      vi: "hãy dùng môi trường khác, hoặc thay lockfile bằng sow lock write --adopt")
  }
}

extension DiagnosticCode {
  package static let lockWithoutLedger = DiagnosticCode(
    "lock-without-ledger",
    "the lockfile names {count} addresses, and the database has no ledger",
    vi: "lockfile nêu {count} địa chỉ, nhưng cơ sở dữ liệu không có sổ cái",
    severity: .warning,
    meaning: "The database is new or was made anew, and the lockfile is of an earlier one.",
    example: "rm shop.db; sow plan    # shop.staging.lock.json is still there",
    fix: "Apply: everything is created again and the lockfile written anew.")
  package static let lockLineage = DiagnosticCode(
    "lock-lineage", "the lockfile belongs to another database",
    vi: "lockfile này thuộc về một cơ sở dữ liệu khác",
    meaning: "Each database has a random lineage, and the lockfile's is another one.",
    example: "sow apply -e staging    # STAGING_DATABASE_URL names another database than before",
    fix: "Use another environment, or replace the lockfile with sow lock write --adopt.")
  package static let lockKey = DiagnosticCode(
    "lock-key", #"{address} has the key {lock} in the lockfile and {ledger} in the ledger"#,
    vi: "{address} có khóa {lock} trong lockfile và {ledger} trong sổ cái",
    meaning: "The lockfile and the ledger disagree about the row of an address.",
    example: "a lockfile that was merged from a branch with a database of its own",
    fix: "Use another environment, or replace the lockfile with sow lock write --adopt.")
  package static let lockBehind = DiagnosticCode(
    "lock-behind",
    "the lockfile lacks {missing} and has {surplus} too many; the ledger holds",
    vi: "lockfile thiếu {missing} và thừa {surplus}; sổ cái là chuẩn",
    severity: .warning,
    meaning: "The lockfile was not written after the last apply, or comes from another branch.",
    example: "git merge other-branch; sow lock check",
    fix: "sow lock write, or the next apply, writes it anew.")
}
