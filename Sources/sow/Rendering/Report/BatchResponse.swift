internal import SowModel

extension JSONWriter {
  /// The answer to a batch request, in the shape that its senders know:
  /// `{"success", "results": {id: {"status", …}}, "failedOperations"}`.
  func batchResponse(_ report: Report) {
    member("success", report.isSuccess)
    object("results") {
      for result in report.results {
        object(result.name) { batchResult(result) }
      }
    }
    array("failedOperations") { for name in report.failedOperations { string(name) } }
  }

  /// The answer to a request that was refused before anything ran.
  func batchRefusal(_ diagnostics: Diagnostics, statusCode: Int, of files: SourceFiles) {
    member("success", false)
    object("results") {}
    array("failedOperations") {}
    let first = diagnostics.sorted.first { $0.severity == .error }
    if let first { member("error", first.sentence) }
    member("statusCode", statusCode)
    self.diagnostics(diagnostics, of: files)
  }

  private func batchResult(_ result: OperationResult) {
    // The request's language knows no "unchanged": what is as asked is completed.
    let status = result.status == .unchanged ? Status.completed : result.status
    let failure =
      result.failure ?? result.instances.lazy.compactMap(\.failure).first
    member("status", status.rawValue)
    switch status {
    case .completed, .unchanged:
      data(result.instances.isEmpty ? result.data : result.instances.flatMap(\.data))
    case .failed:
      member("error", failure?.diagnostic.sentence ?? Phrase("Failed", vi: "Thất bại"))
      member("statusCode", result.statusCode ?? 500)
    case .skipped:
      let dependency = Phrase("Dependency failed", vi: "Thao tác phụ thuộc thất bại")
      let idle = result.isIdle ? failure?.diagnostic.sentence : nil
      member("reason", idle ?? dependency)
    case .rolledBack: member("reason", Phrase("Rolled back", vi: "Đã hoàn tác"))
    case .notRun: member("reason", Phrase("Not run", vi: "Chưa chạy"))
    }
  }
}
