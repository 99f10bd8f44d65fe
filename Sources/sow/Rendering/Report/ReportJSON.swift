internal import SowModel

/// When a run was made and how long it took.
struct RunTime: Hashable, Sendable {
  /// RFC 3339 with its zone.
  var processedAt: String
  var seconds: Double
}

extension JSONWriter {
  /// The members of an `apply_report` document (`2-commands.md`, Reports).
  func report(_ report: Report, time: RunTime, files: SourceFiles) {
    member("dry_run", report.isDryRun)
    member("success", report.isSuccess)
    member("message", report.message)
    member("total", report.counts.total)
    member("succeeded", report.counts.succeeded)
    member("failed", report.counts.failed)
    member("skipped", report.counts.skipped)
    member("created", report.counts.created)
    member("updated", report.counts.updated)
    member("deleted", report.counts.deleted)
    member("forgotten", report.counts.forgotten)
    member("noted", report.counts.noted)
    member("unchanged", report.counts.unchanged)
    member("renamed", report.counts.renamed)
    array("failed_operations") { for name in report.failedOperations { string(name) } }
    if !report.phiFields.isEmpty {
      array("phi_fields") { for name in report.phiFields { string(name) } }
    }
    array("created_ids") { createdKeys(of: report) }
    lines("results") {
      for result in report.results { object { self.result(result, files: files) } }
    }
    lines("removals") {
      for removal in report.removals { object { self.removal(removal, files: files) } }
    }
    member("processed_at", time.processedAt)
    name("duration_seconds")
    raw(thousandths(time.seconds))
  }

  private func result(_ result: OperationResult, files: SourceFiles) {
    member("operation", result.name)
    member("action", result.action.rawValue)
    member("entity", result.entity)
    ending(result.status, result.statusCode, result.failure, result.data, files: files)
    guard !result.instances.isEmpty else { return }
    lines("instances") {
      for (index, instance) in result.instances.enumerated() {
        object {
          member("index", index)
          member("address", address(operation: result.name, instance: instance.instance))
          if let key = instance.naturalKey {
            name("natural_key")
            object { for field in key.fields { member(field.name, field.value) } }
          }
          ending(
            instance.status, instance.statusCode, instance.failure, instance.data, files: files)
        }
      }
    }
  }

  private func removal(_ removal: RemovalResult, files: SourceFiles) {
    member("address", removal.address)
    member("entity", removal.entity)
    member("key", removal.key)
    member("action", removal.isDelete ? "delete" : "forget")
    member("reason", removal.reason.rawValue)
    member("status", removal.status.rawValue)
    if let failure = removal.failure { self.failure(failure, name: "error", files: files) }
  }

  private func failure(_ failure: Failure, name: String, files: SourceFiles) {
    member(name, failure.diagnostic.sentence)
    if let range = failure.diagnostic.range {
      member("file", files[range.file])
      member("line", Int(range.start.line))
      member("column", Int(range.start.column))
    }
  }

  private func ending(
    _ status: Status, _ statusCode: Int?, _ failure: Failure?, _ data: [ResultRow],
    files: SourceFiles
  ) {
    member("status", status.rawValue)
    if let failure { member("code", failure.diagnostic.code.id) }
    if let statusCode { member("status_code", statusCode) }
    if !data.isEmpty || status == .completed { self.data(data) }
    guard let failure else { return }
    self.failure(failure, name: status == .failed ? "error" : "reason", files: files)
  }

  func data(_ rows: [ResultRow]) {
    array("data") {
      for row in rows { object { for field in row.fields { member(field.name, field.value) } } }
    }
  }

  /// The keys of the rows that were created and kept: a value, or an object for several parts.
  private func createdKeys(of report: Report) {
    guard !report.isDryRun else { return }
    for result in report.results {
      if result.instances.isEmpty {
        createdKeys(result.status, result.statusCode, result.data, result.keyFields)
      }
      for instance in result.instances {
        createdKeys(instance.status, instance.statusCode, instance.data, result.keyFields)
      }
    }
  }

  private func createdKeys(
    _ status: Status, _ statusCode: Int?, _ data: [ResultRow], _ keyFields: [String]
  ) {
    guard status == .completed, statusCode == 201 else { return }
    for row in data {
      let key = keyFields.compactMap { name in row.fields.first { $0.name == name } }
      if key.count == 1, let field = key.first {
        shown(field.value)
      } else if !key.isEmpty {
        object { for field in key { member(field.name, field.value) } }
      }
    }
  }

  /// Seconds with three decimals.
  private func thousandths(_ seconds: Double) -> String {
    let count = Int((seconds * 1_000).rounded())
    let fraction = String(count % 1_000)
    return "\(count / 1_000)." + String(repeating: "0", count: 3 - fraction.count) + fraction
  }
}
