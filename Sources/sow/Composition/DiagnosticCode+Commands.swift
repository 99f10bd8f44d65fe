internal import SowApplying
internal import SowModel
internal import SowPlanning
internal import SowSchema

extension DiagnosticCode {
  /// Every code that sow can report.
  static let known: [DiagnosticCode] = schema + planning + applying + commands

  /// What the command line itself reports.
  static let commands: [DiagnosticCode] = [
    unknownEnvironment, noEnvironment, missingDatabase, unsetDatabaseVariable,
    unsupportedDatabase, invalidDatabaseURL, noPlans, unknownAssignment, unusedVariable,
    databaseFailed, anotherRun,
    noConfirmation, stalePlan, lockfileNotWritten, unknownOutcome, fileFailed,
  ]

  // MARK: The database

  static let databaseFailed = DiagnosticCode(
    "database-failed", "{database}: {problem}",
    meaning: """
      The database could not be opened, or refused a statement for a reason that no row is to \
      blame for. Everything that was not committed is rolled back.
      """,
    example: "sow apply --database sqlite:/no/such/folder/shop.db --yes",
    fix: "Repair what the message names: the path, the permissions, the disk, the file.")

  // MARK: Plans and variables

  static let noPlans = DiagnosticCode(
    "no-plans", "there is no plan in \"{folder}\"",
    meaning: """
      Without an argument sow runs every .yaml and .yml file, and every folder of such files, \
      directly in plans/ of the project.
      """,
    example: "sow plan                # in a folder without plans/",
    fix: "Name a plan file, go to the project's folder, or name it with -C.")

  static let unknownAssignment = DiagnosticCode(
    "unknown-assignment", "no plan of this run declares the variable \"{name}\"",
    meaning: "--var gives a value to a variable that no plan of the run declares.",
    example: "sow plan --var domian=example.com",
    fix: "Correct the name, or declare it under variables: in the plan.")

  static let unusedVariable = DiagnosticCode(
    "unused-variable", "no plan of this run declares the variable \"{name}\"",
    severity: .warning,
    meaning: """
      A file of --var-file sets a variable that no plan of the run declares. The file may serve \
      several plans, so this is no error.
      """,
    example: "domian: example.com     # the plan declares \"domain\"",
    fix: "Correct the name, or leave it if another plan needs it.")

  // MARK: Gates and outcomes

  static let anotherRun = DiagnosticCode(
    "another-run", "another run holds the lock of {database}: {problem}",
    meaning: """
      One run writes to a database at a time. sow waited as long as --lock-timeout says and gave \
      up; nothing was written.
      """,
    example: "sow apply --yes & sow apply --yes --lock-timeout 0",
    fix: "Wait for the other run to end, or raise --lock-timeout.")

  static let noConfirmation = DiagnosticCode(
    "no-confirmation", "nothing was applied: {reason}",
    meaning: """
      An apply that changes something asks first, and only "yes" is a yes. Without a terminal \
      nobody can answer, so sow does not ask.
      """,
    example: "sow apply < /dev/null",
    fix: "Answer \"yes\", or give --yes where the changes are known to be wanted.")

  static let stalePlan = DiagnosticCode(
    "stale-plan", "the changes of \"{plan}\" are not those that were shown",
    meaning: """
      Between the question and the answer the database, or a file of the plan, was changed, so \
      that what was agreed to no longer holds. Nothing was written.
      """,
    example: "sow apply               # another run ends while this one waits for the answer",
    fix: "Run sow apply again and look at the new changes.")

  static let lockfileNotWritten = DiagnosticCode(
    "lockfile-not-written", "committed, but the lockfile \"{path}\" was not written: {problem}",
    meaning: """
      The database holds the new rows and the ledger; only its projection for review is behind.
      """,
    example: "chmod a-w plans; sow apply --yes",
    fix: "Make the folder writable and run sow lock write.")

  static let unknownOutcome = DiagnosticCode(
    "unknown-outcome", "the outcome of the commit to {database} is unknown: {problem}",
    meaning: """
      The connection or the disk failed while the database was committing, and asking it again \
      was not possible.
      """,
    example: "sow apply --yes         # the disk of the database goes away during the commit",
    fix: "Run sow plan once the database is back: it compares the plan with what is there.")

  static let fileFailed = DiagnosticCode(
    "file-failed", "\"{path}\": {problem}",
    meaning: "A file that an option names cannot be read or written.",
    example: "sow apply --yes --report /no/such/folder/report.json",
    fix: "Correct the path or its permissions.")
}
