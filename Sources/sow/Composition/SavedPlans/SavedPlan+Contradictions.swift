internal import SowModel
internal import SowPlanning

extension SavedPlan {
  /// Reports options that say something else than those that the plan was made with, and values
  /// that it does not hold and that are missing.
  func reportContradictions(of given: SavedOptions, into diagnostics: inout Diagnostics) {
    func compare(_ option: String, _ now: String?, _ then: String?) {
      guard let now, now != then else { return }
      contradict(
        option, then.map { .with("\(option) \($0)") } ?? .withoutIt, into: &diagnostics)
    }
    compare("-e", given.database.environment.environment, environment)
    compare("--database", given.database.database, arguments.database)
    compare("--lockfile", given.lockfile.lockfile, arguments.lockfile)
    if !given.variables.files.isEmpty, given.variables.files != arguments.variableFiles {
      let then = arguments.variableFiles.map { "--var-file \($0)" }.joined(separator: " ")
      contradict(
        "--var-file", then.isEmpty ? .withoutIt : .with(then), into: &diagnostics)
    }
    if !given.targets.isEmpty, Set(given.targets) != Set(arguments.targets) {
      let then = arguments.targets.map { "--target \($0)" }.joined(separator: " ")
      contradict("--target", then.isEmpty ? .withoutIt : .with(then), into: &diagnostics)
    } else if let extent = given.extent, extent != self.extent {
      contradict(extent.option, self.extent.phrase, into: &diagnostics)
    }
    if given.takes { contradict("--take", .withoutIt, into: &diagnostics) }
    if given.repeats { contradict("--only-failed", .withoutIt, into: &diagnostics) }
    if given.showsSensitive {
      contradict(
        "--show-sensitive", Phrase("without sensitive values", vi: "không có giá trị nhạy cảm"),
        into: &diagnostics)
    }
    compareAssignments(given.variables, into: &diagnostics)
  }

  private func compareAssignments(
    _ given: VariableOptions, into diagnostics: inout Diagnostics
  ) {
    let then = Dictionary(arguments.assignments.map { ($0.name, $0.text) }) { $1 }
    for (name, text) in given.pairs {
      switch then[name] {
      case nil: contradict("--var \(name)", .withoutIt, into: &diagnostics)
      case .some(let known?) where known != text:
        contradict(
          "--var \(name)", Phrase("with another value", vi: "với một giá trị khác"),
          into: &diagnostics)
      default: break
      }
    }
    let now = Set(given.pairs.map(\.name))
    for name in then.keys.sorted() where then[name] == .some(nil) && !now.contains(name) {
      diagnostics.report(
        .savedVariableMissing, ["name": name], at: nil,
        hint: .text(
          "add --var \(name)=… as it was given to sow plan",
          vi: "hãy thêm --var \(name)=… như đã đưa cho sow plan"))
    }
  }

  private func contradict(
    _ option: String, _ then: Phrase, into diagnostics: inout Diagnostics
  ) {
    diagnostics.report(
      .contradictsSavedPlan, ["option": option, "then": then], at: nil,
      hint: .text(
        "leave \(option) out, or make another saved plan",
        vi: "hãy bỏ \(option) đi, hoặc lập một kế hoạch lưu khác"))
  }
}

extension Phrase {
  fileprivate static let withoutIt = Phrase("without it", vi: "mà không có nó")

  fileprivate static func with(_ options: String) -> Phrase {
    Phrase("with \(options)", vi: "với \(options)")
  }
}

extension RunScope {
  /// The option or command that asks for it.
  fileprivate var option: String {
    switch self {
    case .operations(prunes: true): "--prune"
    case .operations(prunes: false): "apply"
    case .orphans: "prune"
    case .targeted: "--target"
    case .destroy: "destroy"
    }
  }

  fileprivate var phrase: Phrase {
    switch self {
    case .operations(prunes: true): .with("--prune")
    case .operations(prunes: false), .orphans:
      Phrase("without --prune or --destroy", vi: "mà không có --prune hay --destroy")
    case .destroy: .with("--destroy")
    case .targeted: .with("--target")
    }
  }
}

extension DiagnosticCode {
  static let contradictsSavedPlan = DiagnosticCode(
    "contradicts-saved-plan", "{option} contradicts the saved plan, which was made {then}",
    vi: "{option} trái với kế hoạch đã lưu, vốn được tạo {then}",
    meaning: """
      A saved plan holds the options that it was made with and is applied with the same. Options \
      of the apply alone (--yes, --dry-run, --allow-deletes, --report) may be given.
      """,
    example: "sow plan -e staging -o shop.saved; sow apply shop.saved -e production",
    fix: "Leave the option out, or make a saved plan with it.")

  static let savedVariableMissing = DiagnosticCode(
    "saved-variable-missing", "the variable \"{name}\" is sensitive, so the saved plan lacks it",
    vi: "biến \"{name}\" là nhạy cảm, nên kế hoạch đã lưu không chứa nó",
    meaning: """
      A saved plan holds no sensitive value, only a digest by which it is known again: what \
      --var gave to sow plan has to be given to sow apply, too.
      """,
    example: "sow plan --var token=… -o shop.saved; sow apply shop.saved",
    fix: "Give the same --var once more.")
}
