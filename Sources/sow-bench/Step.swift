/// What is measured, in the order in which it runs on one database.
enum Step: String, CaseIterable {
  case validate
  case plan
  case apply
  case noOpPlan = "no-op plan"
  case noOpApply = "no-op apply"
  case editPlan = "edit-one plan"
  case export
  case format = "fmt"

  /// Those that do what the floor does, and more.
  static let compared: [Step] = [.validate, .plan, .apply, .noOpPlan, .noOpApply]

  var arguments: [String] {
    switch self {
    case .validate: ["validate"]
    case .plan: ["plan"]
    case .apply, .noOpApply: ["apply", "--yes"]
    case .noOpPlan, .editPlan: ["plan", "--detailed-exitcode"]
    case .export: ["export", "--all", "--out", "\(Self.exported)/bench.yaml"]
    case .format: ["fmt", Self.unformatted]
    }
  }

  /// The exit code: 2 says that something is left to change.
  var code: Int32 { self == .editPlan ? 2 : 0 }

  /// What must be in the output, since a step that does too little would look fast.
  func sign(of workload: any Workload) -> String {
    switch self {
    case .editPlan: "1 to update, \(workload.size - 1) unchanged"
    case .export: "\(workload.rowCount) rows of"
    case .format: Self.unformatted
    default: ""
    }
  }

  /// Relative to the project: where export writes, and the copy of the plan that fmt rewrites.
  static let exported = "exported"
  static let unformatted = "unformatted.yaml"
}
