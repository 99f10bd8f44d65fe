internal import SowApplying
internal import SowFiles
internal import SowModel
internal import SowPlanning
internal import SowSchema

extension DiagnosticCode {
  /// Every code that sow can report.
  static let known: [DiagnosticCode] = files + schema + planning + applying + commands

  /// What the command line itself reports.
  static let commands: [DiagnosticCode] = [
    noEnvironment, missingDatabase, unsetDatabaseVariable,
    unsupportedDatabase, invalidDatabaseURL, noPlans, unknownAssignment, unusedVariable,
    databaseFailed, statementTimedOut, anotherRun, unknownOutcome, servesServersOnly,
    noConfirmation, stalePlan, lockfileNotWritten, reportNotWritten, fileFailed, noFolder,
    oneLockfile,
    unknownAddress, runInterrupted, protectedEnvironment, unknownTable, noSchema, notExported,
    wouldReplace, sensitiveExport, ambiguousAddress, moveTaken, onePlan, notReplaced, oneSavedPlan,
    contradictsSavedPlan, savedVariableMissing, notShown, targetRefused,
    reportRefused,
  ]

  // MARK: The database

  static let databaseFailed = DiagnosticCode(
    "database-failed", "{database}: {problem}",
    vi: "{database}: {problem}",
    meaning: """
      The database could not be opened, or refused a statement for a reason that no row is to \
      blame for. Everything that was not committed is rolled back.
      """,
    example: "sow apply --database sqlite:/no/such/folder/shop.db --yes",
    fix: "Repair what the message names: the path, the permissions, the disk, the file.")

  static let statementTimedOut = DiagnosticCode(
    "statement-timed-out", "{database}: a statement took longer than --timeout allows",
    vi: "{database}: một câu lệnh chạy lâu hơn mức --timeout cho phép",
    meaning: """
      --timeout limits each statement of the run, so that none holds the database for ever; where \
      CI is set that is 30 seconds unless said otherwise. What was not committed is rolled back: \
      with atomic: false the operations before it stay.
      """,
    example: "sow apply --yes --timeout 1     # and a trigger looks through a table of millions",
    fix: "Raise --timeout, or see what makes it slow: a trigger, a missing index, a query.")

  static let unknownOutcome = DiagnosticCode(
    "unknown-outcome", "{database}: whether the run was committed is not known: {problem}",
    vi: "{database}: không biết lượt chạy đã được commit hay chưa: {problem}",
    meaning: """
      The connection to the server was lost while it committed, and sow could not connect again to \
      look for the run in the ledger. All of the run is there, or nothing of it.
      """,
    example: "sow apply --yes         # and the network goes away",
    fix: "Run sow plan once the server answers: what is still to be done is shown.")

  // MARK: Plans and variables

  static let noPlans = DiagnosticCode(
    "no-plans", "there is no plan in \"{folder}\"",
    vi: "không có kế hoạch nào trong \"{folder}\"",
    meaning: """
      Without an argument sow runs every .yaml and .yml file, and every folder of such files, \
      directly in plans/ of the project.
      """,
    example: "sow plan                # in a folder without plans/",
    fix: "Name a plan file, go to the project's folder, or name it with -C.")

  static let unknownAssignment = DiagnosticCode(
    "unknown-assignment", "no plan of this run declares the variable \"{name}\"",
    vi: "không kế hoạch nào của lượt chạy này khai báo biến \"{name}\"",
    meaning: "--var gives a value to a variable that no plan of the run declares.",
    example: "sow plan --var domian=example.com",
    fix: "Correct the name, or declare it under variables: in the plan.")

  static let unusedVariable = DiagnosticCode(
    "unused-variable", "no plan of this run declares the variable \"{name}\"",
    vi: "không kế hoạch nào của lượt chạy này khai báo biến \"{name}\"",
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
    vi: "một lượt chạy khác đang giữ khóa của {database}: {problem}",
    meaning: """
      One run writes to a database at a time. sow waited as long as --lock-timeout says and gave \
      up; nothing was written.
      """,
    example: "sow apply --yes & sow apply --yes --lock-timeout 0",
    fix: "Wait for the other run to end, or raise --lock-timeout.")

  static let noConfirmation = DiagnosticCode(
    "no-confirmation", "nothing was applied: {reason}",
    vi: "chưa áp dụng gì: {reason}",
    meaning: """
      An apply that changes something asks first, and only "yes" is a yes. Without a terminal \
      nobody can answer, so sow does not ask.
      """,
    example: "sow apply < /dev/null",
    fix: "Answer \"yes\", or give --yes where the changes are known to be wanted.")

  static let protectedEnvironment = DiagnosticCode(
    "protected-environment", "the environment \"{name}\" is protected: {problem}",
    vi: "môi trường \"{name}\" được bảo vệ: {problem}",
    meaning: """
      An environment with protected: true takes only changes that were reviewed as a saved plan, \
      and every delete has to be allowed by its number.
      """,
    example: "sow apply -e production --yes",
    fix: "Save the plan with sow plan -o FILE, have it reviewed, and apply that file.")

  static let stalePlan = DiagnosticCode(
    "stale-plan", "the changes of \"{plan}\" are not those that were shown",
    vi: "các thay đổi của \"{plan}\" không còn là những thay đổi đã hiển thị",
    meaning: """
      Between the question and the answer the database, or a file of the plan, was changed, so \
      that what was agreed to no longer holds. Nothing was written.
      """,
    example: "sow apply               # another run ends while this one waits for the answer",
    fix: "Run sow apply again and look at the new changes.")

  static let lockfileNotWritten = DiagnosticCode(
    "lockfile-not-written", "committed, but the lockfile \"{path}\" was not written: {problem}",
    vi: "đã commit, nhưng lockfile \"{path}\" chưa được ghi: {problem}",
    meaning: """
      The database holds the new rows and the ledger; only its projection for review is behind.
      """,
    example: "chmod a-w plans; sow apply --yes",
    fix: "Make the folder writable and run sow lock write.")

  static let reportNotWritten = DiagnosticCode(
    "report-not-written", "committed, but the report \"{path}\" was not written: {problem}",
    vi: "đã commit, nhưng không ghi được báo cáo \"{path}\": {problem}",
    meaning: """
      The database holds the new rows and the ledger, and the run is not taken back; only the file \
      that tells of it could not be finished.
      """,
    example: "sow apply --yes --report report.json   # report.json is a folder",
    fix: "Free the place or the disk; sow ledger runs shows what was done.")

  static let fileFailed = DiagnosticCode(
    "file-failed", "\"{path}\": {problem}",
    vi: "\"{path}\": {problem}",
    meaning: "A file that an option names cannot be read or written.",
    example: "sow apply --yes --report /no/such/folder/report.json",
    fix: "Correct the path or its permissions.")

  static let noFolder = DiagnosticCode(
    "no-folder", "-C: \"{path}\": {problem}",
    vi: "-C: \"{path}\": {problem}",
    meaning: "The folder that sow was to work in cannot be entered.",
    example: "sow plan -C ../shpo",
    fix: "Correct the path.")

  static let oneLockfile = DiagnosticCode(
    "one-lockfile", "--lockfile names one file, and there are {count}",
    vi: "--lockfile nêu một tệp, mà có {count}",
    meaning: "A lockfile belongs to one plan, and the command is about several.",
    example: "sow plan --lockfile shop.lock.json   # plans/ holds two plans",
    fix: "Name the plan, or leave --lockfile out.")

  static let unknownAddress = DiagnosticCode(
    "unknown-address", "the ledger holds nothing at {address}",
    vi: "sổ cái không có gì tại {address}",
    meaning: "No plan owns a row under this address in the environment that was asked.",
    example: "sow ledger show statuses   # the rows are statuses[\"open\"] and so on",
    fix: "Give an address as sow ledger list shows it, in quotes for the shell.")

  static let ambiguousAddress = DiagnosticCode(
    "ambiguous-address", "several plans have {address}: {plans}",
    vi: "nhiều kế hoạch có {address}: {plans}",
    meaning: "Addresses are a plan's own, and more than one plan has this one.",
    example: "sow ledger rm luis      # the plans shop and crm both own a luis",
    fix: "Name the plan with --plan.")

  static let moveTaken = DiagnosticCode(
    "move-taken", "the ledger holds something at {address} already",
    vi: "sổ cái đã có một bản ghi tại {address}",
    meaning: "What moves to another address must find it free.",
    example: "sow ledger mv luis jane    # jane is another row",
    fix: "Choose another address, or let go of what is there with sow ledger rm.")

  static let onePlan = DiagnosticCode(
    "one-plan", "--take names a row of one plan, and there are {count}",
    vi: "--take nêu một bản ghi của một kế hoạch, mà có {count}",
    meaning: "Addresses are a plan's own, so the plan has to be named.",
    example: "sow apply --take luis      # plans/ holds two plans",
    fix: "Name the plan.")

  static let runInterrupted = DiagnosticCode(
    "interrupted", "interrupted; what was not committed is rolled back",
    vi: "bị ngắt; những gì chưa commit đã được hoàn tác",
    meaning: """
      The run was stopped by Ctrl-C or SIGTERM. A plan that is one transaction left nothing \
      behind; with atomic: false the operations that were done before stay.
      """,
    example: "Ctrl-C during sow apply",
    fix: "Run the command again: it does what is left.")
}
