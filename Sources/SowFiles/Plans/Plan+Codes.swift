package import SowModel

extension DiagnosticCode {
  package static let setTwice = DiagnosticCode(
    "set-twice", "\"{key}\" is set in another place of the plan too",
    vi: "\"{key}\" còn được đặt ở một chỗ khác của kế hoạch",
    meaning: "Each setting and variable is given once across the files of a plan's folder.",
    example: "options: {…} in two files of one folder",
    fix: "Keep one of the two.")
  package static let duplicateOperation = DiagnosticCode(
    "duplicate-operation", "operation \"{name}\" is declared twice",
    vi: "thao tác \"{name}\" được khai báo hai lần",
    meaning: "An operation's name is its identity in the whole plan, across all files.",
    example: "two operations named luis in one folder",
    fix: "Rename or remove one of the two.")
  package static let tooManyOperations = DiagnosticCode(
    "too-many-operations", "the plan has {count} operations, at most {limit} are allowed",
    vi: "kế hoạch có {count} thao tác, chỉ được phép nhiều nhất {limit}",
    meaning: "limits.operations bounds the operations of one plan.",
    example: "101 operations under limits: { operations: 100 }",
    fix: "Write rows as data (rows, for_each), split the plan, or raise the limit.")
  package static let limitRaised = DiagnosticCode(
    "limit-raised", "the limit {limit} is above the project's {project}",
    vi: "giới hạn {limit} cao hơn giới hạn {project} của dự án",
    meaning: "A plan may lower a limit of its project, never raise it.",
    example: "limits: { operations: 200000 }",
    fix: "Lower the number, or raise it in sow.yaml.")
  package static let unknownType = DiagnosticCode(
    "unknown-type", "there is no type \"{type}\"",
    vi: "không có kiểu \"{type}\"",
    meaning: "A variable has one of the types of the language, or none, which is string.",
    example: "variables: { age: { type: int } }",
    fix: "Write string, integer, decimal, float, boolean, date, time, timestamp, uuid, bytes, "
      + "json or list.")
}
