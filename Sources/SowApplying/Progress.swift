/// How far a run has come, and what of it was taken back.
struct Progress {
  /// Rows written and kept, as far as is known by now.
  var rows = Rows()
  private var instances: [Mark]
  /// Rows and instances of the unit that is not committed yet.
  private var committed = Rows()
  private var open: [Int] = []

  struct Rows {
    var created = 0
    var updated = 0
    var deleted = 0
    var forgotten = 0
    /// What only the ledger learned of.
    var noted = 0
  }

  private enum Mark: UInt8 { case untouched, reached, takenBack }

  init(instances: Int) {
    self.instances = [Mark](repeating: .untouched, count: instances)
  }

  mutating func reach(_ instance: Int) {
    instances[instance] = .reached
    open.append(instance)
  }

  func isReached(_ instance: Int) -> Bool { instances[instance] != .untouched }

  func isTakenBack(_ instance: Int) -> Bool { instances[instance] == .takenBack }

  /// What was written so far will stay.
  mutating func commit() {
    committed = rows
    open.removeAll(keepingCapacity: true)
  }

  /// What was written since the last commit is gone.
  mutating func takeBack() {
    rows = committed
    for instance in open { instances[instance] = .takenBack }
    open.removeAll()
  }
}
