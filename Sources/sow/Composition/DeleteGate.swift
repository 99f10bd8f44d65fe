internal import SowModel

/// How many rows a run may delete (`4-guarantees.md`, Blast radius).
struct DeleteGate: Hashable, Sendable {
  var limits: Limits
  /// `--allow-deletes`.
  var allowed: Int?

  /// From how many owned rows on a share of them counts too.
  private static let shareCountsFrom = 20

  /// The most rows that a plan which owns `owned` rows may delete.
  func limit(owned: Int) -> Int {
    if let allowed { return allowed }
    guard owned >= Self.shareCountsFrom else { return limits.deletes }
    return min(limits.deletes, owned * limits.deletePercent / 100)
  }

  /// Reports a changeset that deletes more; false then.
  func admits(
    _ changeset: Changeset, owned: Int, into diagnostics: inout Diagnostics
  ) -> Bool {
    let count = changeset.counts.delete
    guard count > limit(owned: owned) else { return true }
    let reason: String =
      if let allowed {
        "--allow-deletes allows \(allowed)"
      } else if count > limits.deletes {
        "at most \(limits.deletes) are allowed"
      } else {
        "at most \(limits.deletePercent) % of the \(owned) rows that it owns are allowed"
      }
    diagnostics.report(
      .tooManyDeletes,
      ["plan": changeset.plan, "count": counted(count, "row"), "limit": reason], at: nil,
      hint: .text("if they are wanted: --allow-deletes \(count)"))
    return false
  }
}

extension DiagnosticCode {
  static let tooManyDeletes = DiagnosticCode(
    "too-many-deletes", "the plan \"{plan}\" would delete {count}, and {limit}",
    meaning: """
      Without --allow-deletes a run deletes at most 10 rows and, where the plan owns 20 or more, \
      at most 30 % of them, so that a wrong filter or a cut file does no great harm. --yes does \
      not allow more.
      """,
    example: "sow apply --yes         # the plan deletes 11 rows",
    fix: "Look at the deletes with sow plan --all; if they are wanted, give --allow-deletes N.")
}
