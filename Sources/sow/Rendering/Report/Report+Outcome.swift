internal import SowModel

extension Report {
  /// How the whole run ended.
  enum Outcome: Hashable, Sendable {
    case done
    /// Some failed and others are committed, or items of a read failed.
    case partly
    case rolledBack
  }

  var outcome: Outcome {
    if isUnrun { return .rolledBack }
    if isSuccess { return .done }
    if isAtomic {
      guard removals.allSatisfy({ $0.status == .completed }) else { return .rolledBack }
      let failed = results.filter { $0.status == .failed }
      let onlyReads = !failed.isEmpty && failed.allSatisfy { $0.action == .read }
      return onlyReads ? .partly : .rolledBack
    }
    let stays =
      counts.succeeded > 0 || counts.deleted > 0
      || removals.contains { $0.status == .completed }
    return stays ? .partly : .rolledBack
  }

  var ending: Ending {
    switch outcome {
    case .done: .done
    case .partly: .partlyFailed
    case .rolledBack: .failed
    }
  }

  /// What happened, in one or two sentences.
  var message: Phrase {
    let changed = enumerated([
      (counts.created, Phrase("created", vi: "tạo")),
      (counts.updated, Phrase("updated", vi: "cập nhật")),
      (counts.deleted, Phrase("deleted", vi: "xóa")),
      (counts.forgotten, Phrase("forgotten", vi: "thôi theo dõi")),
      (counts.renamed, Phrase("renamed", vi: "đổi địa chỉ")),
      (counts.noted, Phrase("noted in the ledger", vi: "ghi vào sổ cái")),
    ])
    let skippedWord = Phrase("skipped", vi: "bỏ qua")
    let skipped = enumerated([(isSuccess ? counts.skipped : 0, skippedWord)])
    let unchanged = Phrase.number(counts.unchanged, .unchanged)
    let done = (changed + [unchanged] + skipped).joined(", ")
    let idle = (skipped + [unchanged]).joined(", ")
    let broken = broken(skippedWord)
    switch outcome {
    case .done where changed.isEmpty && !makesTables:
      return Phrase(
        "Nothing to do. \(idle.english).", vi: "Không có gì để làm: \(idle.vietnamese).")
    case .done where isDryRun:
      return Phrase(
        "Dry run: \(done.english). Nothing was kept.",
        vi: "Chạy thử: \(done.vietnamese). Không giữ lại gì.")
    case .done: return Phrase("Applied: \(done.english).", vi: "Đã áp dụng: \(done.vietnamese).")
    case .partly where isDryRun:
      return Phrase(
        "Dry run, in part: \(done.english); \(broken.english). Nothing was kept.",
        vi: "Chạy thử một phần: \(done.vietnamese); \(broken.vietnamese). Không giữ lại gì.")
    case .partly:
      return Phrase(
        "Applied in part: \(done.english); \(broken.english).",
        vi: "Đã áp dụng một phần: \(done.vietnamese); \(broken.vietnamese).")
    case .rolledBack:
      return Phrase(
        "Failed: \(broken.english). Nothing was kept.",
        vi: "Thất bại: \(broken.vietnamese). Không giữ lại gì.")
    }
  }

  /// What did not go well, in numbers.
  private func broken(_ skipped: Phrase) -> Phrase {
    let failed = enumerated([
      (counts.failed, Phrase("failed", vi: "lỗi")), (counts.skipped, skipped),
      (removals.count { $0.status == .failed }, Phrase("not deleted", vi: "không xóa được")),
    ])
    guard failed.isEmpty else { return failed.joined(", ") }
    // The database itself may have failed, and no row.
    return .number(counts.total - counts.succeeded, Phrase("not done", vi: "chưa thực hiện"))
  }

  /// What went wrong, by place; what was skipped because of it is only counted.
  var failures: Diagnostics {
    var diagnostics = Diagnostics()
    for result in results {
      if result.instances.isEmpty, result.status == .failed, let failure = result.failure {
        diagnostics.report(failure.diagnostic)
      }
      for instance in result.instances where instance.status == .failed {
        if let failure = instance.failure { diagnostics.report(failure.diagnostic) }
      }
    }
    for removal in removals {
      if let failure = removal.failure { diagnostics.report(failure.diagnostic) }
    }
    return diagnostics
  }
}
