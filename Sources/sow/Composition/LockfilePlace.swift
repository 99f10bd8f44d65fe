internal import SowModel

extension EnvironmentChoice {
  /// Where the lockfile of `plan` is; nil where none is kept.
  ///
  /// Beside the plan file or in the plan's folder, named after the environment; in `.sow/` for a
  /// database that lies there, since every checkout has its own. A database in memory or without
  /// an environment has none, unless `option` (`--lockfile`) names one.
  func lockfile(
    of plan: Plan, option: String?, project: Project, current: String
  ) -> String? {
    if let option { return option }
    guard let environment, environment.keepsLockfile, database != .memory else { return nil }
    let name = "\(plan.name).\(environment.name).lock.json"
    let ownFolder = joined(project.root, ".sow")
    if let path = database.path,
      isBelow(absolute(path, in: current), absolute(ownFolder, in: current))
    {
      return joined(ownFolder, name)
    }
    return joined(plan.isFolder ? plan.path : folder(of: plan.path), name)
  }
}
