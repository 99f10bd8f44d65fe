internal import SowApplying
internal import SowFiles
internal import SowModel

/// The place of one plan's lockfile, and what is done there.
struct Lockfile {
  let path: String
  let limit: Int
  /// Where the lockfiles of the plan's former names are, by name.
  var former: [(plan: String, path: String)] = []

  struct Comparison {
    var diagnostics = Diagnostics()
    /// Whether it says what the ledger says.
    let isEqual: Bool
    /// Whether it is also written as it would be now, byte for byte.
    var isWritten = false
  }

  /// Compares the file with what the ledger says; nothing is wrong where there is no file yet.
  func compare(with ledger: Lock?, files: inout SourceFiles) -> Comparison {
    if let ledger, ledger.isWritten(at: path, limit: limit) {
      return Comparison(isEqual: true, isWritten: true)
    }
    var diagnostics = Diagnostics()
    let lock = Lock.load(path: path, limit: limit, files: &files, diagnostics: &diagnostics)
    guard let lock else {
      let isEqual = diagnostics.isEmpty && (ledger?.entries.isEmpty ?? true)
      return Comparison(diagnostics: diagnostics, isEqual: isEqual)
    }
    let start = SourcePosition(line: 1, column: 1)
    let compared = lock.compared(
      with: ledger, at: SourceRange(file: files.add(path), start: start, end: start))
    diagnostics.merge(compared.diagnostics)
    return Comparison(diagnostics: diagnostics, isEqual: compared.isEqual)
  }

  /// The same for an apply.
  func check(with ledger: Lock?, files: inout SourceFiles) -> LockCheck {
    let compared = compare(with: ledger, files: &files)
    return LockCheck(compared.diagnostics, isWritten: compared.isWritten)
  }

  /// Writes the file beside its place, for the rename after the commit.
  func stage(_ lock: Lock) throws -> StagedLock {
    let file = try StagedFile.stage(lock.bytes, at: path)
    return StagedLock(
      commit: {
        try file.commit()
        for former in former where former.path != path {
          lock.removeFormer(at: former.path, of: former.plan, limit: limit)
        }
      }, discard: { file.discard() })
  }
}

extension Target {
  var lock: Lockfile? {
    lockfile.map { Lockfile(path: $0, limit: limits.fileBytes, former: formerLockfiles) }
  }
}
