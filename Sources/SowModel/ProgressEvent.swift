/// A sign of life of a run, for whoever watches it.
package struct ProgressEvent: Hashable, Sendable {
  package var kind: Kind
  package var phase: Phase
  /// The plan's name; while it is read, its path.
  package var plan: String
  /// The operation that the last of the rows belong to; nil before the first one and at the end.
  package var operation: String?
  /// Rows so far; while the plan is read, operations.
  package var rows = 0
  /// How many there will be; nil where nobody knows.
  package var total: Int?

  package init(kind: Kind, phase: Phase, plan: String, total: Int? = nil) {
    self.kind = kind
    self.phase = phase
    self.plan = plan
    self.total = total
  }

  package enum Kind: String, Sendable { case started, progress, finished }

  package enum Phase: String, CaseIterable, Sendable { case read, check, plan, apply, commit }
}

/// Is told of every event while the work waits.
package typealias ProgressWatcher = (ProgressEvent) -> Void

/// Follows one phase of a run: tells of its start, of its rows in steps of at most 1,000, and of its
/// end. A phase that a failure ends has none.
package struct PhaseMeter {
  package static let step = 1_000

  private var event: ProgressEvent
  /// Rows since the last step.
  private var rest = 0
  private let watch: ProgressWatcher?

  /// Tells of the start; with no one to watch nothing is counted.
  package init(
    _ phase: ProgressEvent.Phase, of plan: String, total: Int? = nil, to watch: ProgressWatcher?
  ) {
    event = ProgressEvent(kind: .started, phase: phase, plan: plan, total: total)
    self.watch = watch
    watch?(event)
  }

  /// Nobody watches.
  package init() { self.init(.check, of: "", to: nil) }

  /// Whether it is worth while to find out about rows.
  package var isWatched: Bool { watch != nil }

  /// So many rows more are done.
  package mutating func add(_ count: Int = 1, of operation: String?) {
    guard let watch else { return }
    rest += count
    while rest >= Self.step {
      rest -= Self.step
      event.kind = .progress
      event.rows += Self.step
      event.operation = operation
      watch(event)
    }
  }

  package mutating func finish() {
    guard let watch else { return }
    event.kind = .finished
    event.rows += rest
    event.operation = nil
    rest = 0
    watch(event)
  }
}
