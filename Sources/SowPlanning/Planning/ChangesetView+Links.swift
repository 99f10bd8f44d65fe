internal import SowModel

extension ChangesetView {
  /// What becomes of a field, `old` nil for a new row and `value` nil while it is not known; `cell`
  /// is what was written there, `source` the same where it may be a list.
  func change(
    of field: Entity.Field, from old: Value?, to value: Value?, _ label: String?,
    _ cell: Cell? = nil, written source: WrittenList? = nil
  ) -> FieldChange {
    var change = FieldChange(
      field: field.name, old: old.map { shown($0, label) }, new: shown(value, label, cell))
    guard field.isLink, label == nil else { return change }
    let written = source.flatMap { members(of: $0.cells, value, $0.state, at: $0.range) }
    guard let new = written ?? value?.members.map({ Member(value: $0, shown: .value($0)) }) else {
      return change
    }
    let before = old.map(\.members) ?? []
    let after = new.compactMap(\.value)
    var added: [FieldChange.Shown] = []
    for member in new where member.value.map({ !before.holds($0) }) ?? true {
      if !added.contains(member.shown) { added.append(member.shown) }
    }
    change.members = FieldChange.Members(
      added: added, removed: before.filter { !after.holds($0) }.map { .value($0) })
    return change
  }

  /// A list as it was written.
  struct WrittenList {
    /// Nil where it was no list of cells.
    let cells: [Cell]?
    let state: RunState
    let range: SourceRange
  }

  /// The cells of a list of the plan.
  func list(_ cell: Cell, of instance: Int, _ state: RunState) -> WrittenList {
    var cells: [Cell]?
    if case .computed(let position) = cell, case .list(let found) = plan.computed[Int(position)] {
      cells = found
    }
    return WrittenList(cells: cells, state: state, range: plan.instances[instance].range)
  }

  private struct Member {
    /// Nil while it is not known.
    let value: Value?
    let shown: FieldChange.Shown
  }

  /// The members of a list as it was written, one by one, so that references are shown as such.
  private func members(
    of cells: [Cell]?, _ value: Value?, _ state: RunState, at range: SourceRange
  ) -> [Member]? {
    guard let cells else { return nil }
    var known: [Value?] = Array(repeating: nil, count: cells.count)
    if case .list(let values)? = value, values.count == cells.count { known = values }
    return zip(cells, known).map { cell, value in
      var value = value
      if value == nil, case .value(let found) = state.resolve(cell, at: range) { value = found }
      return Member(value: value, shown: shown(value, nil, cell))
    }
  }
}

extension Entity.Field {
  /// Whether two values of the field look the same, so that showing old → new would say nothing.
  func shows(_ value: Value, as other: Value) -> Bool {
    isLink ? value.isSameSet(as: other) : value.isShownAs(other)
  }
}

extension [Value] {
  fileprivate func holds(_ member: Value) -> Bool {
    contains { Value.list([$0]).isSameSet(as: .list([member])) }
  }
}
