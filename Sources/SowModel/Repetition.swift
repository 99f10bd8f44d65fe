/// What a report says was not done, which a run may do again while all else stays as it is.
package struct Repetition: Hashable, Sendable {
  /// By operation; none for those of which everything is done.
  package private(set) var parts: [String: Part] = [:]

  package enum Part: Hashable, Sendable {
    /// Nothing of the operation is done.
    case whole
    /// Of these instances alone, by the text between the brackets of their addresses.
    case instances(Set<ExactText>)
  }

  package init(of report: PastReport) {
    for result in report.results {
      guard let operation = result.operation else { continue }
      let instances = result.instances
      if instances.isEmpty {
        if !result.isFinished { parts[operation] = .whole }
        continue
      }
      let unfinished = instances.filter { !$0.isFinished }
      if unfinished.count == instances.count {
        parts[operation] = .whole
      } else if !unfinished.isEmpty {
        parts[operation] = .instances(
          Set(unfinished.compactMap { RowAddress($0.address).map { ExactText($0.instance) } }))
      }
    }
  }

  package var operations: Set<String> { Set(parts.keys) }

  package func covers(operation: String, instance: String) -> Bool {
    switch parts[operation] {
    case .whole?: true
    case .instances(let instances)?: instances.contains(ExactText(instance))
    case nil: false
    }
  }

  /// The instances of an operation of which others are done.
  package func instances(of operation: String) -> Set<ExactText> {
    guard case .instances(let instances)? = parts[operation] else { return [] }
    return instances
  }
}

extension PastReport.Result {
  fileprivate var isFinished: Bool {
    status == Status.completed.rawValue || status == Status.unchanged.rawValue
  }
}
