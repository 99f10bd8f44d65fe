internal import SowModel

/// Decides one set after the other.
extension Planner {
  /// Decides the next set.
  ///
  /// - Throws: ``RowFailure`` for a file of rows that cannot be read.
  package mutating func decide(_ set: WorkSet, in state: inout RunState) throws {
    if !state.openLookups.isEmpty { try decider.decideLookups(in: &state) }
    switch set.members {
    case .instances(let members):
      switch set.action {
      case .create, .upsert, .sync: try decideRows(set, members, &state)
      case .update, .delete, .read: try decideQueries(members, &state)
      }
    case .stream(let operation):
      do {
        try decideStream(operation, &state)
      } catch {
        state.noteUnread(stream: operation)
        throw error
      }
    }
    state.noteWriter(set)
  }

  private mutating func decideRows(
    _ set: WorkSet, _ members: [Int32], _ state: inout RunState
  ) throws {
    var members = members
    if set.phase == .completion {
      for part in Batch.parts(of: members.filter { state.fates[Int($0)].isStarted }) {
        let batch = state.batch(set, part)
        state.keep(batch)
        watch?.note(batch)
        note(changes: batch, &state)
        try finder?.note(batch, from: 0, completed: true)
        try view.add(completed: batch, state)
        meter.add(batch, plan)
      }
      members.removeAll { state.fates[Int($0)] != .undecided }
    }
    for part in Batch.parts(of: members) {
      var batch = state.batch(set, part)
      entries.fill(&batch)
      try decider.decide(&batch)
      if set.phase == .start {
        try decider.fetch(for: batch, into: &state, areWritten: false)
        batch.postponeRowsThatAreThere()
      }
      state.claim(&batch)
      try finder?.note(batch, from: 0)
      state.keep(batch)
      try follow(batch, &state)
      if set.phase != .start { meter.add(batch, plan) }
    }
  }

  /// Notes what comes of a batch that is decided, of a file in `pass`.
  mutating func follow(
    _ batch: Batch, of pass: StreamPass? = nil, _ state: inout RunState
  ) throws {
    replacements += try decider.replacements(in: batch)
    try decider.fetch(for: batch, into: &state, areWritten: false)
    redirects.note(batch)
    watch?.note(batch)
    note(changes: batch, &state)
    observe?(batch)
    if seeksDrift { try view.addDrift(batch, pass: pass) }
    try view.add(batch, state, pass)
    try fingerprints?.add(batch)
  }

  private mutating func decideQueries(_ members: [Int32], _ state: inout RunState) throws {
    for member in members {
      try decider.decideQuery(Int(member), in: &state)
      if !decider.keepsLedger { try decider.followDeletes(of: Int(member), in: &state) }
      redirects.note(Int(member), state)
      watch?.note(Int(member), state)
      note(changes: Int(member), &state)
      try finder?.note(Int(member), state)
      view.add(query: Int(member), state)
      fingerprints?.add(query: Int(member), state)
      meter.add(member, plan)
    }
  }
}
