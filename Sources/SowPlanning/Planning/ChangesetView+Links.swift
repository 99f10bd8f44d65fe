internal import SowModel

extension ChangesetView {
  /// What becomes of a field, `old` nil for a new row and `value` nil while it is not known; `cell`
  /// is what was written there, `source` the instance that it is of, where it is of one.
  func change(
    of field: Entity.Field, from old: Value?, to value: Value?, _ label: String?,
    _ cell: Cell? = nil, of source: (instance: Int, state: RunState)? = nil
  ) -> FieldChange {
    var change = FieldChange(
      field: field.name, old: old.map { shown($0, label) }, new: shown(value, label, cell))
    guard field.isLink, label == nil else { return change }
    var members: [Member]?
    if let cell, let source {
      members = self.members(
        of: cell, value, source.state, at: plan.instances[source.instance].range)
    }
    guard let new = members ?? value?.members.map({ Member(value: $0, shown: .value($0)) }) else {
      return change
    }
    let before = old.map(\.members) ?? []
    let after = new.compactMap(\.value)
    change.members = FieldChange.Members(
      added: new.filter { member in member.value.map { !before.holds($0) } ?? true }.map(\.shown),
      removed: before.filter { !after.holds($0) }.map { .value($0) })
    return change
  }

  private struct Member {
    /// Nil while it is not known.
    let value: Value?
    let shown: FieldChange.Shown
  }

  /// The members of a list as it was written, one by one, so that references are shown as such.
  private func members(
    of cell: Cell, _ value: Value?, _ state: RunState, at range: SourceRange
  ) -> [Member]? {
    guard case .computed(let position) = cell, case .list(let cells) = plan.computed[Int(position)]
    else { return nil }
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
