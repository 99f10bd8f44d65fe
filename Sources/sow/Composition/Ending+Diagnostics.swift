internal import SowApplying
internal import SowFiles
internal import SowModel
internal import SowPlanning

extension Diagnostics {
  /// How a command ends that these stop: the highest exit code of the errors.
  var ending: Ending {
    all.lazy.filter { $0.severity == .error }.map(\.ending).max() ?? .done
  }

  init(_ diagnostic: Diagnostic) {
    self.init()
    report(diagnostic)
  }
}

extension Diagnostic {
  /// What an error leads to; a mistake in the files where nothing else is said.
  fileprivate var ending: Ending {
    switch code {
    case .unknownEnvironment, .invalidDatabaseURL, .unsupportedDatabase:
      // Without a place it was given on the command line.
      range == nil ? .usage : .invalidFiles
    case .noEnvironment, .oneLockfile, .noFolder, .onePlan, .unknownTable, .noSchema, .oneSavedPlan,
      .contradictsSavedPlan, .savedVariableMissing, .notShown, .targetRefused, .reportRefused:
      .usage
    case .noConfirmation, .tooManyDeletes, .uncertainIdentity, .protectedEnvironment,
      .protectedRow, .removalRefused, .wouldReplace, .sensitiveExport,
      .notReplaced:
      .gate
    case .stalePlan, .fileChanged, .interveningRun, .staleSavedPlan: .stale
    case .anotherRun: .locked
    case .unknownOutcome: .outcomeUnknown
    case .lockfileNotWritten, .reportNotWritten: .fileNotWritten
    case .databaseFailed, .statementTimedOut, .fileFailed, .nothingModified, .unknownAddress,
      .notExported,
      .ambiguousAddress, .moveTaken, .importNoRow, .importNoInstance, .addressTaken, .takeUnknown,
      .runInterrupted:
      .failed
    default: .invalidFiles
    }
  }
}
