internal import SowModel

extension JSONWriter {
  /// One event as a line of its own.
  func progress(_ event: ProgressEvent) {
    line {
      member("kind", "progress")
      member("event", event.kind.rawValue)
      member("plan", event.plan)
      member("phase", event.phase.rawValue)
      if let operation = event.operation { member("operation", operation) }
      switch event.phase {
      case .read: member("operations_done", event.rows)
      case .check, .plan, .apply: member("rows_done", event.rows)
      case .commit: break
      }
      if let total = event.total { member("rows_total", total) }
    }
  }
}
