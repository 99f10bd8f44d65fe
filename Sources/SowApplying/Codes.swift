package import SowDatabase
package import SowModel

extension DiagnosticCode {
  package static let applying: [DiagnosticCode] = [
    databaseNotNull, databaseUnique, databaseForeignKey, databaseCheck, databaseRefused,
    databaseMissing, databaseChanged, fileChanged, tooManyDeletes, lockWithoutLedger, lockLineage,
    lockKey,
    lockBehind, interveningRun, removalFailed, importNoInstance, importNoRow, addressTaken,
    staleSavedPlan, valueGivenUp,
  ]

  package static let databaseNotNull = DiagnosticCode(
    "database-not-null", "{message}",
    vi: "{message}",
    meaning: "The database refused a row, because a column that may not be null is.",
    example: "a trigger or default that gives NULL", fix: "Set the field.")
  package static let databaseUnique = DiagnosticCode(
    "database-unique", "{message}",
    vi: "{message}",
    meaning: "The database refused a row, because another one has the same unique values.",
    example: "two customers with one e-mail", fix: "Change the value, or use upsert.")
  package static let databaseForeignKey = DiagnosticCode(
    "database-foreign-key", "{message}",
    vi: "{message}",
    meaning: "The database refused a row that refers to nothing, or that others refer to.",
    example: "customer_id: 999", fix: "Refer to a row that exists, or delete the others first.")
  package static let databaseCheck = DiagnosticCode(
    "database-check", "{message}",
    vi: "{message}",
    meaning: "The database refused a row that breaks a CHECK constraint.",
    example: "quantity: -1", fix: "Change the value.")
  package static let databaseRefused = DiagnosticCode(
    "database-refused", "{message}",
    vi: "{message}",
    meaning: "The database refused a row: a trigger, a type or a length.",
    example: "code: NEW          # the column is VARCHAR(2) CHECK (length(code) = 2)",
    fix: "Change the value to what the message asks for.")
  package static let databaseMissing = DiagnosticCode(
    "database-missing", "{message}",
    vi: "{message}",
    meaning: "A row that was to be changed is not there any more.",
    example: "a trigger that deletes the invoice which a later operation updates",
    fix: "Run the plan again.")
  package static let databaseChanged = DiagnosticCode(
    "database-changed", "somebody changed the row meanwhile",
    vi: "bản ghi đã bị thay đổi trong lúc chạy",
    meaning: """
      An update meets only rows of the version that it expects, and this row has another one by \
      now. Status code 409.
      """,
    example: "a trigger that changes the row which a later operation updates",
    fix: "Run the plan again; it reads the rows as they are.")
  package static let fileChanged = DiagnosticCode(
    "file-changed", #"the file of "{operation}", or the rows that it meets, changed meanwhile"#,
    vi: #"tệp của "{operation}", hoặc các bản ghi mà nó gặp, đã thay đổi trong lúc chạy"#,
    meaning: "A large file of rows is read twice, and the second time something was different.",
    example: "an export that still writes data/statuses.csv while sow apply runs",
    fix: "Run the command again.")
  package static let removalFailed = DiagnosticCode(
    "removal-failed", "{address} could not be deleted: {problem}",
    vi: "không thể xóa {address}: {problem}",
    meaning: "The database refused to delete a row that left its plan.",
    example: "a trigger that raises when a status is deleted",
    fix: "Remove what the message names, or keep the row in the plan.")
  package static let tooManyDeletes = DiagnosticCode(
    "too-many-deletes", "{count} would be deleted, and this run may delete at most {limit}",
    vi: "{count} sẽ bị xóa, mà lượt chạy này chỉ được xóa nhiều nhất {limit}",
    meaning: """
      A run deletes at most 10 rows and, where the plan owns 20 or more, at most 30 % of them, so \
      that a wrong filter or a cut file does no great harm. --yes does not allow more.
      """,
    example: "sow apply --yes         # the plan deletes 11 rows",
    fix: "Look at the deletes with sow plan --all, then add --allow-deletes with the number.")
}

extension Diagnostic {
  /// A row that the database refused, at the row's place.
  package init(_ error: DatabaseError, at range: SourceRange) {
    let code: DiagnosticCode
    switch error.kind {
    case .notNull: code = .databaseNotNull
    case .unique: code = .databaseUnique
    case .foreignKey: code = .databaseForeignKey
    case .check: code = .databaseCheck
    case .missing: code = .databaseMissing
    case .changed: code = .databaseChanged
    default: code = .databaseRefused
    }
    self.init(code, ["message": error.message], at: range, isSensitive: true)
  }
}
