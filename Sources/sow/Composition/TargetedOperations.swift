internal import SowModel
internal import SowPlanning

extension Session {
  /// Limits the only target to the operations of `--target`; what is wrong is reported.
  func limit(
    _ targets: [Target], to names: [String], into diagnostics: inout Diagnostics
  ) -> [Target] {
    guard !names.isEmpty else { return targets }
    guard targets.count == 1, var target = targets.first else {
      diagnostics.report(
        .targetRefused,
        [
          "problem":
            Phrase(
              "--target is about one plan, and there are {plans}",
              vi: "--target nói về một kế hoạch, mà ở đây có {plans}",
              ["plans": Phrase.count(targets.count, .plan)])
        ],
        at: nil, hint: .text("name the plan", vi: "hãy nêu kế hoạch"))
      return []
    }
    let known = target.plan.operations.map(\.name)
    for name in names where !known.contains(name) {
      diagnostics.report(
        .targetRefused,
        [
          "problem": Phrase(
            "\"\(target.plan.name)\" has no operation \"\(name)\" for --target",
            vi: "\"\(target.plan.name)\" không có thao tác \"\(name)\" cho --target")
        ], at: nil,
        hint: nearest(to: name, among: known).map { .didYouMean($0) })
    }
    target.plan = target.plan.limited(to: names)
    return [target]
  }
}

extension DiagnosticCode {
  static let targetRefused = DiagnosticCode(
    "target-refused", "{problem}",
    vi: "{problem}",
    meaning: """
      --target limits a run to operations of one plan, by name, and takes along what they wait \
      for. It knows operations, not single instances.
      """,
    example: "sow plan --target luiz     # the operation is called luis",
    fix: "Name the plan, and operations as the plan names them.")
}
