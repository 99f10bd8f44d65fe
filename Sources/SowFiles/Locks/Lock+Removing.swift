package import SowModel

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension Lock {
  /// Removes the file at `path` where it is the lockfile of `plan` in the same database and scope:
  /// what it says is in this lock now. Any other file stays.
  package func removeFormer(at path: String, of plan: String, limit: Int) {
    var files = SourceFiles()
    var diagnostics = Diagnostics()
    guard
      let former = Lock.load(path: path, limit: limit, files: &files, diagnostics: &diagnostics),
      former.plan == plan, former.lineage == lineage, former.scope == scope
    else { return }
    unlink(path)
  }
}
