package import SowModel

extension DiagnosticCode {
  package static let undelimitedLink = DiagnosticCode(
    "undelimited-link", "\"{written}\" inside a text ends where the longest path ends",
    vi: "\"{written}\" nằm trong văn bản và kết thúc tại chỗ đường dẫn dài nhất kết thúc",
    severity: .warning,
    meaning: "A link inside a longer text has no visible end without its braces.",
    example: "code: prefix_$ref:op.field",
    fix: "Write the delimited form, as in prefix_${ref:op.field}.")
  package static let invalidLink = DiagnosticCode(
    "invalid-link", "\"{opening}\" is not followed by a path",
    vi: "sau \"{opening}\" không có đường dẫn",
    meaning: "A text that starts a link must go on with its path; it never reaches the database.",
    example: "customer_id: $ref:luis",
    fix: "Complete the path ($ref:luis.customer_id), or write $$ref: where text is meant.")
  package static let linkNotAllowed = DiagnosticCode(
    "link-not-allowed", "a link may not stand in {place}",
    vi: "liên kết không được đứng trong {place}",
    meaning: "The value must be known when the file is read.",
    example: "variables: { domain: { default: $env:DOMAIN } }",
    fix: "Write the value itself, or set it from outside.")
  package static let eachOutsideForEach = DiagnosticCode(
    "each-outside-for-each", "\"$each:\" has a meaning only in an operation with \"for_each\"",
    vi: "\"$each:\" chỉ có nghĩa trong thao tác có \"for_each\"",
    meaning: "$each: points to the current element of for_each.",
    example: "values: { title: $each:title } without for_each",
    fix: "Add for_each, or write $$each: where text is meant.")
  package static let lookupNotAlone = DiagnosticCode(
    "lookup-not-alone", "\"{key}\" stands beside \"$lookup\"",
    vi: "\"{key}\" đứng cạnh \"$lookup\"",
    meaning: "A lookup is a mapping whose only key is $lookup.",
    example: "artist_id: { $lookup: {…}, default: 1 }",
    fix: "Leave only $lookup in the mapping.")
  package static let wrongShape = DiagnosticCode(
    "wrong-shape", "{what} must be {shape}",
    vi: "{what} phải là {shape}",
    meaning: "The value has another form than this key takes.",
    example: "options: { atomic: yes }",
    fix: "Write the form that the message names.")
  package static let unknownKey = DiagnosticCode(
    "unknown-key", "{what} has no key \"{key}\"",
    vi: "{what} không có khóa \"{key}\"",
    meaning: "sow knows every key of its files, so that a typing mistake is never ignored.",
    example: "operations: { a: { acton: create } }",
    fix: "Correct the spelling.")
  package static let missingKey = DiagnosticCode(
    "missing-key", "{what} lacks \"{key}\"",
    vi: "{what} thiếu \"{key}\"",
    meaning: "The key has no default.",
    example: "operations: { a: { action: create } }",
    fix: "Add the key.")
  package static let conflictingKeys = DiagnosticCode(
    "conflicting-keys", "\"{key}\" says the same as \"{other}\"",
    vi: "\"{key}\" nói cùng một điều với \"{other}\"",
    meaning: "Two names of one setting are given; which one should hold is not guessed.",
    example: "{ values: {…}, store_params: {…} }",
    fix: "Keep one of the two.")
  package static let notAvailable = DiagnosticCode(
    "not-available", "\"{key}\" is not available in this version",
    vi: "\"{key}\" chưa dùng được trong phiên bản này",
    meaning: "The language has this word, but this version does not carry it out.",
    example: "action: sync",
    fix: "Leave it out, or use a version that has it.")
  package static let emptyNotAllowed = DiagnosticCode(
    "empty-not-allowed", "{what} is empty",
    vi: "{what} rỗng",
    meaning: "An empty condition would match every row, an empty set of values says nothing.",
    example: "where: {}",
    fix: "Say what is meant, or leave the key out.")
  package static let listAsOperand = DiagnosticCode(
    "list-as-operand", "a list may not stand here",
    vi: "ở đây không được có danh sách",
    meaning: "A field is compared with one value; a list belongs to in, not_in and between.",
    example: "where: { status: [open, closed] }",
    fix: "Write { in: [open, closed] }.")
}
