internal import SowModel

extension JUnitSuite {
  /// A validated plan: an operation fails with the mistakes inside it, the plan with all others.
  init(validated result: PlanResult, of files: SourceFiles) {
    self.init(name: result.label.plan)
    let errors = result.diagnostics.sorted.filter { $0.severity == .error }
    let operations = result.plan?.operations ?? []
    cases = operations.map { Case(name: $0.name) }
    // Operations stand one after the other, so the last that begins before a place may hold it.
    let order = operations.indices.sorted { operations[$0].extent < operations[$1].extent }
    var rest: [Failure] = []
    for error in errors {
      let failure = Failure(error, of: files)
      let later = error.range.map { range in
        order.partitioningIndex { operations[$0].extent.start(isAfter: range) }
      }
      if let later, later > 0, let range = error.range,
        operations[order[later - 1]].extent.contains(range.start, of: range.file)
      {
        cases[order[later - 1]].failures.append(failure)
      } else {
        rest.append(failure)
      }
    }
    close(result, rest, of: files)
  }

  /// An applied plan: an operation is a case, or each of its instances that failed.
  init(applied result: PlanResult, of files: SourceFiles) {
    self.init(name: result.label.plan)
    for operation in result.report?.results ?? [] {
      let failed = operation.instances.filter { $0.status == .failed }
      for instance in failed {
        let name = address(operation: operation.name, instance: instance.instance)
        cases.append(Case(name, instance.status, instance.failure, of: files))
      }
      if failed.isEmpty {
        cases.append(Case(operation.name, operation.status, operation.failure, of: files))
      }
    }
    for removal in result.report?.removals ?? [] {
      cases.append(Case(removal.address, removal.status, removal.failure, of: files))
    }
    let errors = result.diagnostics.sorted.filter { $0.severity == .error }
    close(result, errors.map { Failure($0, of: files) }, of: files)
  }

  /// What concerns no single operation: a case of the plan where it failed, or where there is none.
  private mutating func close(_ result: PlanResult, _ rest: [Failure], of files: SourceFiles) {
    if !rest.isEmpty || cases.isEmpty {
      cases.insert(Case(name: result.label.plan, failures: rest), at: 0)
    }
    remarks = result.diagnostics.sorted.filter { $0.severity == .warning }.map {
      $0.line(of: files)
    }
  }

  /// What concerns no single plan, such as the command line or the project.
  init(_ diagnostics: Diagnostics, name: String, of files: SourceFiles) {
    self.init(name: name)
    let errors = diagnostics.sorted.filter { $0.severity == .error }
    cases = [Case(name: name, failures: errors.map { Failure($0, of: files) })]
    remarks = diagnostics.sorted.filter { $0.severity == .warning }.map { $0.line(of: files) }
  }
}

extension JUnitSuite.Case {
  fileprivate init(_ name: String, _ status: Status, _ failure: Failure?, of files: SourceFiles) {
    self.name = name
    switch status {
    case .completed, .unchanged: break
    case .failed:
      let word = Phrase("failed", vi: "thất bại")
      let unexplained = JUnitSuite.Failure(code: "failed", message: word, text: word)
      failures = [failure.map { JUnitSuite.Failure($0.diagnostic, of: files) } ?? unexplained]
    case .skipped: skipped = failure?.diagnostic.sentence ?? Phrase("skipped", vi: "bị bỏ qua")
    case .rolledBack: skipped = Phrase("rolled back", vi: "đã hoàn tác")
    case .notRun: skipped = Phrase("not run", vi: "chưa chạy")
    }
  }
}

extension SourceRange {
  fileprivate func start(isAfter other: SourceRange) -> Bool {
    (file, start) > (other.file, other.start)
  }

  fileprivate func contains(_ position: SourcePosition, of file: FileID) -> Bool {
    self.file == file && start <= position && position < end
  }
}

extension [Int] {
  /// The first index whose element is so, where all after it are so, too.
  fileprivate func partitioningIndex(_ isSo: (Int) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if isSo(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
