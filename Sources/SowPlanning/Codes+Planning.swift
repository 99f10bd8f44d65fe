package import SowModel

extension DiagnosticCode {
  // MARK: Operations

  package static let actionNeeds = DiagnosticCode(
    "action-needs", "{action} needs {what}",
    vi: "{action} cần {what}",
    meaning: "A key that the action cannot do without is missing.", example: "action: update",
    fix: "Add the key that is named.")
  package static let actionRefuses = DiagnosticCode(
    "action-refuses", #"{action} takes no "{key}""#,
    vi: #"{action} không nhận "{key}""#,
    meaning: "A key stands beside an action that has no use for it.",
    example: "action: delete\nvalues: { name: x }", fix: "Remove the key, or use another action.")
  package static let upsertWithoutKey = DiagnosticCode(
    "upsert-without-key", #"nothing identifies a row of "{entity}""#,
    vi: #"không có gì để nhận diện một bản ghi của "{entity}""#,
    meaning: "upsert and sync find rows by a natural key, and there is none.",
    example: "action: upsert   # without key, and without unique in the schema",
    fix: #"Add "key" to the operation, or "unique" to the schema's x-sow."#)
  package static let noPrimaryKey = DiagnosticCode(
    "no-primary-key", #"the key of a new row of "{table}" cannot be known"#,
    vi: #"không thể biết khóa của một bản ghi mới của "{table}""#,
    meaning: """
      The table has no primary key, or one that is neither written nor counted up, so the row could \
      not be found again.
      """,
    example: "a table without PRIMARY KEY",
    fix: "Give the table a primary key, write it in the values, or use generated: uuid.")
  package static let keyNotUnique = DiagnosticCode(
    "key-not-unique", #"no unique index of "{entity}" is on the key ({fields})"#,
    vi: #"không có chỉ mục duy nhất nào của "{entity}" trên khóa ({fields})"#,
    meaning:
      "upsert and sync must find one row by its key, so the database must hold the key unique.",
    example: "action: upsert\nkey: [name]   # two rows may have one name",
    fix: "Use the fields of a unique index as key, or create the index.")
  package static let keyNotWritten = DiagnosticCode(
    "key-not-written", #""{field}" is in the key, but not every row writes it"#,
    vi: #""{field}" thuộc khóa, nhưng không phải bản ghi nào cũng ghi nó"#,
    meaning: "A key identifies rows by values, so the values must have all of its fields.",
    example: "key: [code]\nvalues: { name: Vietnam }",
    fix: "Write the field, or take it out of the key.")
  package static let contentKey = DiagnosticCode(
    "content-key",
    #"{count} rows of "{operation}" have no key: an edit of one makes a new row and an orphan"#,
    vi: """
      {count} bản ghi của "{operation}" không có khóa: sửa một bản ghi sẽ tạo ra bản ghi mới và \
      một bản ghi mồ côi
      """,
    severity: .warning,
    meaning: "A row without a key is known by a digest of its content, which an edit changes.",
    example: "action: create\nrows: [{ text: a }]   # no key, and no unique field",
    fix: "Name the fields that identify a row under key.")
  package static let idsNeedOneKey = DiagnosticCode(
    "ids-need-one-key", #""{entity}" has no primary key of one field, which ids need"#,
    vi: #""{entity}" không có khóa chính gồm một trường, điều mà ids cần"#,
    meaning: "ids are values of a primary key of one field.", example: "ids: [1]",
    fix: "Use where instead.")
  package static let limitNotKnown = DiagnosticCode(
    "limit-not-known", "limit must be a number that is known now, and not below zero",
    vi: "limit phải là một số đã biết ngay lúc này và không âm",
    meaning: "The limit of a read is fixed before it: written, of a variable, or found by a read.",
    example: "limit: -1", fix: "Write a number, or refer to one that a read finds.")
  package static let forEachNotKnown = DiagnosticCode(
    "for-each-not-known", "for_each needs a mapping, a list or a file that is known now",
    vi: "for_each cần một ánh xạ, một danh sách hoặc một tệp đã biết ngay lúc này",
    meaning: """
      The instances of an operation must be known before the run: what for_each refers to is a list \
      that a read finds, and that no operation before it writes.
      """,
    example: "for_each: $ref:luis.0.tags      # and luis is created in the same run",
    fix: "Write the list, use a variable, or refer to what a read finds.")
  package static let elementWithoutKey = DiagnosticCode(
    "element-without-key", #"the element has no key ("{key}")"#,
    vi: #"phần tử không có khóa ("{key}")"#,
    meaning: "Each element needs a key of its own: its address for ever.",
    example: "for_each: { items: [{ title: a }], key: code }",
    fix: "Give every element the member that key names.")
  package static let duplicateInstance = DiagnosticCode(
    "duplicate-instance", "{address} comes twice",
    vi: "{address} xuất hiện hai lần",
    meaning: "Two rows of one operation have the same key.",
    example: "rows: [{code: a}, {code: a}]",
    fix: "Remove one of them, or name more fields under key.")
  package static let entityLimit = DiagnosticCode(
    "entity-limit", #"{count} {what} for "{entity}", which takes {low} to {high}"#,
    vi: #"{count} {what} cho "{entity}", trong khi chỉ nhận từ {low} đến {high}"#,
    meaning: "The schema limits how many rows or ids one operation may have.", example: "ids: []",
    fix: "Split the operation, or change x-sow.limits, whose too_many may word this.")
  package static let tooManyInstances = DiagnosticCode(
    "too-many-instances", "{count} rows are more than the limit of {limit}",
    vi: "{count} bản ghi là quá giới hạn {limit}",
    meaning: "limits.rows bounds how many rows a plan may have.", example: "limits: { rows: 100 }",
    fix: "Split the plan, use a file of rows, or raise limits.rows in sow.yaml.")
  package static let cycle = DiagnosticCode(
    "cycle", "these wait for each other: {path}",
    vi: "các thao tác này chờ lẫn nhau: {path}",
    meaning: "Every operation of a cycle needs another one of it first, so none can be first.",
    example: "a: { depends_on: [b] }\nb: { depends_on: [a] }",
    fix: "Take one of the references or depends_on away.")

  // MARK: Rows

  package static let keyChanged = DiagnosticCode(
    "key-changed", #""{field}" is in the primary key and cannot change (row {old})"#,
    vi: #""{field}" thuộc khóa chính và không thể thay đổi (bản ghi {old})"#,
    meaning: "An operation whose row exists now asks for another primary key.",
    example: "values: { code: DE }   # was GE",
    fix:
      "Add lifecycle: { replace: true }, which deletes the row and inserts it anew, or use another "
      + "operation name for the new row.")
  package static let entityChanged = DiagnosticCode(
    "entity-changed",
    #"the operation owns row {key} of "{table}", and makes rows of "{entity}" now"#,
    vi: #"thao tác sở hữu bản ghi {key} của "{table}", nay lại tạo các bản ghi của "{entity}""#,
    meaning: "An operation's name is the identity of its rows, and those lie in one table.",
    example: "luis: { action: create, entity: employee, … }   # was a customer",
    fix: "Give the operation another name; the old row is an orphan then.")
  package static let uncertainIdentity = DiagnosticCode(
    "uncertain-identity",
    #"row {key} of "{table}" was changed by someone else and may be another row by now"#,
    vi: """
      bản ghi {key} của "{table}" đã bị người khác thay đổi và lúc này có thể là một bản ghi khác
      """,
    meaning:
      "The table may give the number of a deleted row to a new one, so the row may be a stranger.",
    example: "a table with INTEGER PRIMARY KEY without AUTOINCREMENT",
    fix: """
      Look at the row. If it is ours, apply with --take ADDRESS, which sets it back; if not, sow \
      ledger rm ADDRESS lets it go, and the next apply makes a new one. A natural key \
      (x-sow.unique) makes the identity certain.
      """)
  package static let takeUnknown = DiagnosticCode(
    "take-unknown", "the ledger holds no row at {address}, so there is nothing to take",
    vi: "sổ cái không có bản ghi nào tại {address}, nên không có gì để tiếp nhận",
    meaning: "--take names a row that the plan owns and that someone else changed.",
    example: "sow apply --take statuses     # the rows are statuses[\"open\"] and so on",
    fix: "Give an address as sow ledger list shows it, in quotes for the shell.")
  package static let nullKey = DiagnosticCode(
    "null-key", #"a part of the key is null ({key})"#,
    vi: "một phần của khóa là null ({key})",
    meaning: "upsert and sync find rows by their key, and null is equal to nothing.",
    example: "action: upsert\nkey: [code]\nvalues: { code: null }",
    fix: "Give every part of the key a value.")
  package static let ownedElsewhere = DiagnosticCode(
    "owned-elsewhere", #"the row of "{entity}" is owned by {address} of the plan "{plan}"{scope}"#,
    vi: #"bản ghi của "{entity}" thuộc sở hữu của {address} trong kế hoạch "{plan}"{scope}"#,
    meaning: "A row has one owner: the operation that the ledger names.",
    example: "two operations that upsert the same code",
    fix: "Change the row where it is owned, or remove one of the two operations.")
  package static let naturalKeyExists = DiagnosticCode(
    "natural-key-exists",
    #"a row of "{entity}" with the same {key} is there, owned by nobody; upsert or sow import takes it over"#,
    vi: """
      đã có một bản ghi của "{entity}" với cùng {key}, không thuộc sở hữu của ai; \
      upsert hoặc sow import sẽ tiếp nhận nó
      """,
    meaning: "create makes a new row, and one with the same natural key is there.",
    example: "action: create   # the code exists",
    fix: """
      Use action: upsert or sow import OPERATION KEY, which take the row over, or write another key.
      """)
  package static let notKnownYet = DiagnosticCode(
    "not-known-yet", #"the value for "{field}" is only known after the run has begun"#,
    vi: #"giá trị của "{field}" chỉ biết được sau khi lượt chạy bắt đầu"#,
    meaning: "where, ids and $lookup see the database before the run.",
    example: "where: { customer_id: $ref:new_customer.support_rep_id }",
    fix: "Refer to the key of a row, or run the plans one after the other.")
  package static let dependencyFailed = DiagnosticCode(
    "dependency-failed", #"Dependency failed ("{operation}")"#,
    vi: #"Thao tác phụ thuộc thất bại ("{operation}")"#,
    meaning: "A row refers to one that failed, or depends on it.",
    example: "customer_id: $ref:luis.customer_id    # and luis was refused",
    fix: "Mend the operation that failed.")
  package static let rowNotFound = DiagnosticCode(
    "row-not-found", "{entity} with id {key} not found",
    vi: "không tìm thấy {entity} với id {key}",
    meaning: "No row has the id that is asked for.", example: "ids: [999]",
    fix: "Correct the id, or write expect: any.")
  package static let rowToWriteNotFound = DiagnosticCode(
    "row-to-write-not-found", "{entity} not found: {key}",
    vi: "Không tìm thấy {entity}: {key}",
    meaning: "An update or delete asks for an id that no row has, so none of its rows is written.",
    example: "action: delete\nids: [999]",
    fix: "Correct the id, or write expect: any.")
  package static let nothingModified = DiagnosticCode(
    "nothing-modified", "No records were modified",
    vi: "Không có bản ghi nào được sửa đổi",
    meaning: "An update or delete matched no row the first time it ran.",
    example: "where: { code: nowhere }", fix: "Correct the filter, or write expect: any.")
  package static let unexpectedCount = DiagnosticCode(
    "unexpected-count", "expected {expected}, found {count} rows",
    vi: "cần {expected}, tìm thấy {count} bản ghi",
    meaning: "The rows that matched are not as many as expect says.", example: "expect: one",
    fix: "Correct the filter or the expectation.")
  package static let noSuchRow = DiagnosticCode(
    "no-such-row", #""{operation}" found {count} rows, so there is no row {row}"#,
    vi: #""{operation}" tìm thấy {count} bản ghi, nên không có bản ghi {row}"#,
    meaning: "A reference goes to a row that a read or update did not match.",
    example: "$ref:find_jane.0.employee_id", fix: "Correct the filter, or add expect: one.")
  package static let lookupNothing = DiagnosticCode(
    "lookup-nothing", #"no row of "{entity}" matches the $lookup"#,
    vi: #"không bản ghi nào của "{entity}" khớp với $lookup"#,
    meaning: "A $lookup must match exactly one row of the database before the run.",
    example: "$lookup: { entity: country, where: { code: XX }, field: country_id }",
    fix: "Correct the filter; refer to rows of the same plan with $ref.")
  package static let lookupAmbiguous = DiagnosticCode(
    "lookup-ambiguous", #"several rows of "{entity}" match the $lookup: {keys}"#,
    vi: #"nhiều bản ghi của "{entity}" khớp với $lookup: {keys}"#,
    meaning: "A $lookup must match exactly one row of the database before the run.",
    example: "$lookup: { entity: customer, where: { country: Brazil }, field: customer_id }",
    fix: "Add conditions until one row is left.")
  package static let filterOnWritten = DiagnosticCode(
    "filter-on-written", #"where cannot test "{field}", which "{operation}" writes before"#,
    vi: #"where không thể xét "{field}", vì "{operation}" ghi trường này trước đó"#,
    meaning: """
      where sees the rows as they were before the run, so it would find other rows in the next one.
      """,
    example: "luis: { action: create, entity: customer, values: { code: A } }\n"
      + "find: { action: read, entity: customer, where: { code: A }, depends_on: [luis] }",
    fix: "Address the row by its key, ids: [$ref:luis.customer_id], or filter on another field.")
  package static let lookupOnWritten = DiagnosticCode(
    "lookup-on-written", #"$lookup cannot look at "{field}", which "{operation}" writes before"#,
    vi: #"$lookup không thể xét "{field}", vì "{operation}" ghi trường này trước đó"#,
    meaning: """
      $lookup sees the rows as they were before the run, so it would find something else in the \
      next one.
      """,
    example: "vn: { action: create, entity: country, values: { code: VN } }\n"
      + "hue: { …, country_id: { $lookup: { entity: country, where: { code: VN }, … } } }",
    fix: "Refer to the row of the plan, $ref:vn.country_id.")
  package static let readOfWritten = DiagnosticCode(
    "read-of-written",
    #""{read}" reads "{field}" as it was before the run, and "{operation}" writes it"#,
    vi: #""{read}" đọc "{field}" như trước lượt chạy, còn "{operation}" lại ghi nó"#,
    meaning: """
      read sees the rows as they were before the run, so what refers to it would get another value \
      in the next one.
      """,
    example: "raise: { action: update, entity: account, ids: [1], values: { balance: 5 } }\n"
      + "check: { action: read, entity: account, ids: [1] }      # and $ref:check.0.balance",
    fix: "Refer to the row that writes the field, or read before it is written.")
  package static let updatedTwice = DiagnosticCode(
    "updated-twice", #"{address} sets "{field}" of the same row to another value"#,
    vi: #"{address} đặt "{field}" của cùng bản ghi thành một giá trị khác"#,
    meaning: """
      Two operations of one plan would undo each other in every run: two updates of one row, or an \
      update and a later operation that owns the row.
      """,
    example: "a: { where: { code: x }, values: { rank: 1 } }\n"
      + "b: { where: { code: x }, values: { rank: 2 } }",
    fix: """
      Keep one of the two, or let their filters match different rows. An update that has the last \
      word over an owned row comes after it: where: { id: $ref:row.id }, or depends_on.
      """)
  package static let repeatedID = DiagnosticCode(
    "repeated-id", "the id {id} comes twice",
    vi: "id {id} xuất hiện hai lần",
    meaning: "A list of rows to delete names each row once.", example: "ids: [3, 3]",
    fix: "Remove one of them.")
  package static let fieldOwned = DiagnosticCode(
    "field-owned", #""{field}" of the row is owned by {address} of the plan "{plan}"{scope}"#,
    vi: #""{field}" của bản ghi thuộc sở hữu của {address} trong kế hoạch "{plan}"{scope}"#,
    meaning: "An update changes a field that an operation of another plan sets.",
    example: "action: update\nvalues: { rank: 5 }   # and another plan created the row with a rank",
    fix: "Change the value where it is owned.")
}

extension DiagnosticCode {
  /// Whether the mistake lies in the values of one row, so that the row may fail alone.
  var isAboutOneRow: Bool {
    switch self {
    case .valueType, .nullRefused, .inexactNumber, .linkNull, .nullInText, .missingField, .nullKey,
      .otherTenant, .managedField:
      true
    default: id.hasPrefix("schema-")
    }
  }
}
