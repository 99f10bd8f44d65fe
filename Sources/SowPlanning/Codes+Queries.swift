package import SowModel

extension DiagnosticCode {
  package static let querying: [DiagnosticCode] = [
    unknownQuery, queryNotForDialect, queryRefused, unknownParameter, missingParameter,
    parameterUndeclared, parameterUnused, queryUnknownName, queryColumnMissing, queryColumnTwice,
    queryColumnUndeclared, queryColumnsNeeded, queryFailed, queryRowInvalid,
    queryMissesWritten,
  ]

  static let unknownQuery = DiagnosticCode(
    "unknown-query", #"there is no query "{query}"; known: {known}"#,
    vi: #"không có truy vấn "{query}"; đã biết: {known}"#,
    meaning: "A read names a query of which there is no file in schemas/queries.",
    example: "action: read\nquery: overdeu", fix: "Use one of the names listed, or write the file.")
  static let queryNotForDialect = DiagnosticCode(
    "query-not-for-dialect", #"the query "{query}" has no statement for {dialect}"#,
    vi: #"truy vấn "{query}" không có câu lệnh cho {dialect}"#,
    meaning: """
      The files of the query are for other databases alone: <name>.sqlite.sql is for SQLite, \
      <name>.postgres.sql for PostgreSQL, <name>.sql for any.
      """,
    example: "schemas/queries/overdue.postgres.sql, and the database is SQLite",
    fix: "Add the statement, or one for all databases.")
  static let queryRefused = DiagnosticCode(
    "query-refused", #"the database does not take the query "{query}": {reason}"#,
    vi: #"cơ sở dữ liệu không nhận truy vấn "{query}": {reason}"#,
    meaning: """
      A named query is one statement that reads: SELECT, WITH or VALUES. What writes, changes the \
      connection or reads the ledger is refused, and so is what the database cannot understand.
      """,
    example: "DELETE FROM invoice WHERE invoice_id = :id",
    fix: "Correct the statement in schemas/queries.")
  static let unknownParameter = DiagnosticCode(
    "unknown-parameter", #"the query "{query}" has no parameter "{parameter}"; it has: {known}"#,
    vi: #"truy vấn "{query}" không có tham số "{parameter}"; nó có: {known}"#,
    meaning: "params names what the query's YAML file does not describe.",
    example: "query: overdue\nparams: { dayz: 30 }", fix: "Correct the name.")
  static let missingParameter = DiagnosticCode(
    "missing-parameter", #"the query "{query}" needs the parameter "{parameter}""#,
    vi: #"truy vấn "{query}" cần tham số "{parameter}""#,
    meaning: "The query's YAML file requires the parameter, and it has no default.",
    example: "query: overdue      # required: [days]", fix: "Give it under params.")
  static let parameterUndeclared = DiagnosticCode(
    "parameter-undeclared", #"nothing describes the parameter "{parameter}" of "{query}""#,
    vi: #"không có gì mô tả tham số "{parameter}" của "{query}""#,
    meaning: """
      A statement has a :parameter of which the YAML file beside it says nothing, so its type is \
      not known.
      """,
    example: "WHERE days > :dayz      # properties: { days: { type: integer } }",
    fix: "Correct the name, or describe it under properties in schemas/queries/<name>.yaml.")
  static let parameterUnused = DiagnosticCode(
    "parameter-unused", #"no place of the statement uses the parameter "{parameter}" of "{query}""#,
    vi: #"không chỗ nào trong câu lệnh dùng tham số "{parameter}" của "{query}""#,
    severity: .warning,
    meaning: "A parameter is described that the statement does not have, so it changes nothing.",
    example: "properties: { days: { type: integer } }      # SELECT * FROM invoice",
    fix: "Write :name where it is meant, or take the description out.")
  static let queryUnknownName = DiagnosticCode(
    "query-unknown-name", #"the query "{query}" has nothing called "{name}""#,
    vi: #"truy vấn "{query}" không có gì tên là "{name}""#,
    meaning: "x-sow speaks of a parameter or column that the file does not describe.",
    example: "x-sow: { sensitive: { emial: PHI } }", fix: "Correct the name.")
  static let queryColumnMissing = DiagnosticCode(
    "query-column-missing", #"the query "{query}" gives no column "{column}"; it gives: {known}"#,
    vi: #"truy vấn "{query}" không cho cột "{column}"; nó cho: {known}"#,
    meaning: "The YAML file describes a column that the statement does not give.",
    example: "x-sow: { columns: { skore: { type: number } } }      # SELECT 1 AS score",
    fix: "Correct the name, here or in the statement.")
  static let queryColumnTwice = DiagnosticCode(
    "query-column-twice", #"the query "{query}" gives two columns called "{column}""#,
    vi: #"truy vấn "{query}" cho hai cột cùng tên "{column}""#,
    meaning: "References go by names, so each column of a statement has a name of its own.",
    example: "SELECT child.id, activity.id FROM child, activity",
    fix: "Name one of them with AS.")
  static let queryColumnUndeclared = DiagnosticCode(
    "query-column-undeclared", #"nothing describes the column "{column}" of "{query}""#,
    vi: #"không có gì mô tả cột "{column}" của "{query}""#,
    severity: .warning,
    meaning: "Where columns are described, the query gives only these; any other is left out.",
    example: "SELECT id, score FROM …      # x-sow: { columns: { id: { type: integer } } }",
    fix: "Describe it, or take it out of the statement.")
  static let queryColumnsNeeded = DiagnosticCode(
    "query-columns-needed", #"what "{query}" gives is not known before its tables are made"#,
    vi: #"chưa thể biết "{query}" cho gì trước khi các bảng của nó được tạo"#,
    meaning: """
      The statement names a table or column that the run is still to make, so the database cannot \
      say what it gives.
      """,
    example: "create_tables: true, and an empty database",
    fix: "Describe the columns in schemas/queries/<name>.yaml: x-sow: { columns: { … } }.")
  package static let queryFailed = DiagnosticCode(
    "query-failed", #"the query "{query}" failed: {reason}"#,
    vi: #"truy vấn "{query}" thất bại: {reason}"#,
    meaning: "The database began to run a named query and gave up.",
    example: "SELECT json_extract(:filter, '$.a')      # and the filter is no JSON",
    fix: "Correct the statement, or what it is asked for.")
  static let queryRowInvalid = DiagnosticCode(
    "query-row-invalid", #"the query "{query}" gave a row in which {problem}"#,
    vi: #"truy vấn "{query}" cho một bản ghi mà trong đó {problem}"#,
    meaning: "What a statement gives is held against the description of its columns.",
    example: "SELECT 'many' AS score      # x-sow: { columns: { score: { type: number } } }",
    fix: "Correct the statement or the description of the column.")
  static let queryMissesWritten = DiagnosticCode(
    "query-misses-written", #"{address} reads "{table}" before {operation} writes it"#,
    vi: #"{address} đọc "{table}" trước khi {operation} ghi vào đó"#,
    meaning: """
      What refers to a query would get something else in the next run of the same plan, because the \
      plan changes a table that the query reads, and does so after it. What earlier operations \
      write is waited for.
      """,
    example: "best: { action: read, query: best_of_week }      # and $ref:best.0.id\n"
      + "more: { action: create, entity: activity, … }",
    fix: "Write before you read (depends_on), or put the query into a plan of its own.")
}
