package import SowModel

extension DiagnosticCode {
  package static let planning: [DiagnosticCode] =
    removing + linking + querying + [
      unknownEntity, unknownEntityOffline, missingTable, missingColumn, schemaUnknownField,
      columnType, columnNotRequired, otherPrimaryKey, missingUniqueIndex, missingForeignKey,
      noPrimaryKey, keyNotHeld, foreignType,
      keyNotUnique, keyNotWritten, contentKey, nullRefused, inexactNumber,
      sensitiveKey, secretInKey, variableUnset, variableType, unknownField, unknownOperation,
      unknownReferenceField, unknownInstance, instanceNeeded, referenceToDelete, unknownEach,
      unknownVariable, environmentUnset, keyNotScalar, valueType, linkType, linkNull, nullInText,
      noMember, generatedField, immutableField, missingField, actionNeeds, actionRefuses,
      upsertWithoutKey, idsNeedOneKey, limitNotKnown, betweenNeedsTwo, listNeeded, forEachNotKnown,
      elementWithoutKey, duplicateInstance, entityLimit, tooManyInstances, unknownDependency, cycle,
      keyChanged, uncertainIdentity, nullKey, ownedElsewhere, naturalKeyExists, notKnownYet,
      dependencyFailed, rowNotFound, rowToWriteNotFound, nothingModified, unexpectedCount,
      noSuchRow, lookupNothing, lookupAmbiguous, filterOnWritten, filterMissesWritten,
      updatedTwice, repeatedID, fieldOwned, ignoredNotWritten, whenFalse, notRepeated,
      repeatedRowGone,
      dependencySkipped,
      whenNotKnown, whenNotComparable, replaceBlocked,
      entityChanged, lookupOnWritten, readOfWritten, uniqueCircle, movedTwice, movedDeclared,
      movedToMany, movedFromItself, movedEntity, tenantUnset, managedTwice, managedType,
      otherTenant, managedField, onlyVersion, naturalKeyDeleted, versionConflict,
      permissionDenied, roleMissing, claimRefused, softReplace,
    ]

  // MARK: Entities

  package static let unknownEntity = DiagnosticCode(
    "unknown-entity", #"there is no entity "{entity}"; known: {known}"#,
    vi: #"không có thực thể "{entity}"; đã biết: {known}"#,
    meaning: "An operation names an entity that has neither a schema file nor a table.",
    example: "entity: custmer", fix: "Use one of the names listed, or add schemas/<entity>.yaml.")
  package static let unknownEntityOffline = DiagnosticCode(
    "unknown-entity-offline", #"no schema describes "{entity}", so nothing of it is checked"#,
    vi: #"không schema nào mô tả "{entity}", nên không kiểm tra được gì về nó"#,
    severity: .warning,
    meaning: "Without a database only entities with a schema file can be checked.",
    example: "entity: custmer",
    fix: "Add a schema, or run sow plan, which reads the tables of the database.")
  package static let missingTable = DiagnosticCode(
    "missing-table", #"the database has no table "{table}" for the entity "{entity}""#,
    vi: #"cơ sở dữ liệu không có bảng "{table}" cho thực thể "{entity}""#,
    meaning: "The schema's table is not in the database, and sow was not asked to make it.",
    example: "x-sow: { table: custmers }",
    fix: "Correct x-sow.table, create the table, or set create_tables for the environment.")
  package static let missingColumn = DiagnosticCode(
    "missing-column", #"the table "{table}" has no column "{column}""#,
    vi: #"bảng "{table}" không có cột "{column}""#,
    meaning:
      "A property of the schema has no column, and one that must have a value cannot be added.",
    example: "properties:\n  emial: { type: string }",
    fix: "Correct the name, or add the column: ALTER TABLE … ADD COLUMN ….")
  package static let schemaUnknownField = DiagnosticCode(
    "schema-unknown-field", #"the entity "{entity}" has no field "{field}""#,
    vi: #"thực thể "{entity}" không có trường "{field}""#,
    meaning: "x-sow names a field that is no property of the schema and no column of the table.",
    example: "x-sow: { unique: [[emial]] }", fix: "Use the name of a property.")
  package static let sensitiveKey = DiagnosticCode(
    "sensitive-key", #""{field}" cannot be sensitive, because it is in the primary key"#,
    vi: #""{field}" không thể là trường nhạy cảm, vì nó thuộc khóa chính"#,
    meaning: "The ledger and the lockfile hold primary keys, so a secret must not be in one.",
    example: "x-sow: { primary_key: email, sensitive: { email: PHI } }",
    fix: "Use another primary key, for example a generated one.")
  package static let secretInKey = DiagnosticCode(
    "secret-in-key", #""{field}" is in the primary key and cannot take a sensitive value"#,
    vi: #""{field}" thuộc khóa chính nên không thể nhận giá trị nhạy cảm"#,
    meaning: """
      The ledger and the lockfile hold primary keys, so no value of a sensitive variable, of the \
      environment or of a sensitive field may become one.
      """,
    example: "values: { code: $env:TOKEN }   # x-sow: { primary_key: code }",
    fix: "Give the value as a variable that is not sensitive, or let the key be generated.")

  // MARK: Names and references

  package static let unknownField = DiagnosticCode(
    "unknown-field", #"entity "{entity}" has no field "{field}""#,
    vi: #"thực thể "{entity}" không có trường "{field}""#,
    meaning: "An operation names a field that is no property of the schema and no column.",
    example: "values: { emial: luis@example.com }", fix: "Use the name of a field of the entity.")
  package static let unknownOperation = DiagnosticCode(
    "unknown-operation",
    #""{field}" refers to "{operation}", which is no operation of this plan; there are: {known}"#,
    vi: """
      "{field}" tham chiếu đến "{operation}", không phải thao tác của kế hoạch này; hiện có: \
      {known}
      """,
    meaning: "A $ref points to an operation that the plan does not have.",
    example: "customer_id: $ref:luiz.customer_id",
    fix: "Use the name of an operation of the same plan.")
  package static let unknownDependency = DiagnosticCode(
    "unknown-dependency",
    #""{operation}" depends on "{dependency}", which is no operation of this plan"#,
    vi: #""{operation}" phụ thuộc vào "{dependency}", không phải thao tác của kế hoạch này"#,
    meaning: "depends_on names an operation that the plan does not have.",
    example: "depends_on: [audit_strat]", fix: "Use the name of an operation of the same plan.")
  package static let unknownReferenceField = DiagnosticCode(
    "unknown-reference-field",
    #""{operation}" has no field "{field}" to refer to; a row of "{entity}" has: {known}"#,
    vi: """
      "{operation}" không có trường "{field}" để tham chiếu; một bản ghi của "{entity}" có: \
      {known}
      """,
    meaning: "A $ref names a field that the entity of the other operation does not have.",
    example: "customer_id: $ref:luis.custmer_id", fix: "Use a field of the entity.")
  package static let unknownInstance = DiagnosticCode(
    "unknown-instance", #""{operation}" has no row [{key}]"#,
    vi: #""{operation}" không có bản ghi [{key}]"#,
    meaning: "A $ref names a row, by the key between the brackets, that the operation lacks.",
    example: #"artist_id: $ref:artists["AC-DC"].artist_id"#,
    fix: "Use the key of one of the operation's rows.")
  package static let instanceNeeded = DiagnosticCode(
    "instance-needed", #""{operation}" has many rows, so the reference must name one"#,
    vi: #""{operation}" có nhiều bản ghi, nên tham chiếu phải nêu rõ một bản ghi"#,
    meaning: "A $ref to an operation with rows or for_each needs the key of one row.",
    example: "artist_id: $ref:artists.artist_id",
    fix: #"Write $ref:artists["1"].artist_id, or $ref:artists[$each:artist_id].artist_id."#)
  package static let referenceToDelete = DiagnosticCode(
    "reference-to-delete", #""{operation}" deletes rows, so nothing of it is left to refer to"#,
    vi: #""{operation}" xóa các bản ghi, nên không còn gì của nó để tham chiếu"#,
    meaning: "A $ref points to a delete operation.", example: "id: $ref:remove_old.id",
    fix: "Use depends_on where only the order matters.")
  package static let unknownEach = DiagnosticCode(
    "unknown-each", #"the element has no "{path}"; it has: {known}"#,
    vi: #"phần tử không có "{path}"; nó có: {known}"#,
    meaning: "$each: names something that the element or the file's header does not have.",
    example: "title: $each:titel", fix: "Use one of the names listed.")
  package static let unknownVariable = DiagnosticCode(
    "unknown-variable", #"there is no variable "{variable}""#,
    vi: #"không có biến "{variable}""#,
    meaning: "$var: names a variable that the plan does not declare.",
    example: "email: luis@${var:domian}", fix: "Declare it under variables:, or correct the name.")
  package static let environmentUnset = DiagnosticCode(
    "environment-unset", #"the environment variable "{variable}" is not set"#,
    vi: #"biến môi trường "{variable}" chưa được đặt"#,
    meaning: "$env: names an environment variable that has no value.",
    example: "created_by: $env:USR", fix: "Set the variable, or correct the name.")
  package static let keyNotScalar = DiagnosticCode(
    "key-part-not-scalar", "a part of the key is a list or an object",
    vi: "một phần của khóa là danh sách hoặc đối tượng",
    meaning: "The text between the brackets of a reference must be single values.",
    example: "$ref:albums[$each:ids].album_id", fix: "Use a field that holds one value.")

  // MARK: Values

  package static let valueType = DiagnosticCode(
    "value-type", #""{field}" {reason}"#,
    vi: #""{field}" {reason}"#,
    meaning: "A value does not have the type of its field.", example: "quantity: many",
    fix: "Write a value of the field's type; quotes make text.")
  package static let linkType = DiagnosticCode(
    "link-type", #"{link} is of type {given}, but "{field}" is of type {wanted}"#,
    vi: #"{link} có kiểu {given}, nhưng "{field}" có kiểu {wanted}"#,
    meaning: "A reference or variable keeps its type, and the field has another one.",
    example: "name: $ref:luis.customer_id",
    fix: "Refer to a field of the same type, or write ${ref:…} inside text to make it text.")
  package static let linkNull = DiagnosticCode(
    "link-null", #"the reference is null, and "{field}" may not be null"#,
    vi: #"tham chiếu là null, mà "{field}" không được là null"#,
    meaning: "The value that a reference points to is NULL.",
    example: "support_rep_id: $ref:luis.support_rep_id",
    fix: "Refer to a field that has a value, or let the field be null.")
  package static let nullInText = DiagnosticCode(
    "null-in-text", #"a reference inside of text is null ("{field}")"#,
    vi: #"một tham chiếu bên trong văn bản là null ("{field}")"#,
    meaning: "Null has no text, so it cannot be put into text.",
    example: "note: for ${ref:luis.company}", fix: "Refer to a field that has a value.")
  package static let noMember = DiagnosticCode(
    "no-member", #"the value has no member "{path}""#,
    vi: #"giá trị không có thành phần "{path}""#,
    meaning: "A reference goes deeper into a structured value than it reaches.",
    example: "city: $ref:luis.address.town", fix: "Use a member that the value has.")
  package static let generatedField = DiagnosticCode(
    "generated-field", #""{field}" of "{entity}" is filled by the database and cannot be set"#,
    vi: #""{field}" của "{entity}" do cơ sở dữ liệu điền và không thể đặt"#,
    meaning: "A computed or readOnly field stands among the values.",
    example: "values: { person_id: 7 }", fix: "Leave the field out.")
  package static let immutableField = DiagnosticCode(
    "immutable-field", #""{field}" of "{entity}" never changes"#,
    vi: #""{field}" của "{entity}" không bao giờ thay đổi"#,
    meaning: "An update sets the primary key or a field that x-sow calls immutable.",
    example: "action: update\nvalues: { type: resident }", fix: "Leave the field out.")
  package static let nullRefused = DiagnosticCode(
    "null-refused", #""{field}" must not be null"#,
    vi: #""{field}" không được là null"#,
    meaning: #"A null stands where none may be. A plain null, "~" and nothing at all are null."#,
    example: "first_name: null   # the name may be Null, but the column is NOT NULL",
    fix: "Write a value; quotes make text.")
  package static let inexactNumber = DiagnosticCode(
    "inexact-number", #"the column of "{field}" keeps only {digits} of this number"#,
    vi: #"cột của "{field}" chỉ giữ {digits} của số này"#,
    meaning: """
      A column that holds numbers in binary, or a fixed number of digits, would give back another \
      number.
      """,
    example: "total: 1234567890.12345678",
    fix: "Round the number, or use a column that keeps every digit, such as TEXT.")
  package static let missingField = DiagnosticCode(
    "missing-field", #""{field}" of "{entity}" is missing"#,
    vi: #"thiếu "{field}" của "{entity}""#,
    meaning: "The column may not be null, has no default, and the row does not set it.",
    example: "values: { first_name: Luís }   # last_name is NOT NULL", fix: "Set the field.")
  package static let listNeeded = DiagnosticCode(
    "list-needed", #""{field}" needs a list that is known now"#,
    vi: #""{field}" cần một danh sách đã biết ngay lúc này"#,
    meaning: "in, not_in, between and ids take a list.", example: "ids: 7", fix: "Write ids: [7].")
  package static let betweenNeedsTwo = DiagnosticCode(
    "between-needs-two", "between needs exactly two values",
    vi: "between cần đúng hai giá trị",
    meaning: "between takes the lowest and the highest value.", example: "between: [1]",
    fix: "Write between: [1, 10].")
}
