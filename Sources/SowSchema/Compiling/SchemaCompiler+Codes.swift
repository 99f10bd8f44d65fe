package import SowModel

// What a schema document can get wrong.
extension DiagnosticCode {
  package static let schemaShape = DiagnosticCode(
    "schema-shape",
    "a schema must be a mapping, true or false",
    vi: "schema phải là một ánh xạ, true hoặc false",
    meaning: "A schema, or a part of one where a schema belongs, is a list, a number or text.",
    example: "items: string",
    fix: "Write \"items: { type: string }\".")

  package static let schemaUnknownKeyword = DiagnosticCode(
    "schema-unknown-keyword",
    "unknown keyword \"{keyword}\"",
    vi: "từ khóa lạ \"{keyword}\"",
    meaning: """
      The schema has a key that is no keyword of JSON Schema draft 2020-12, so that it would say \
      nothing.
      """,
    example: "name: { type: string, minLenght: 1 }",
    fix: "Correct the spelling, or move what is meant for people into \"description\".")

  package static let schemaUnsupportedKeyword = DiagnosticCode(
    "schema-unsupported-keyword",
    "the keyword \"{keyword}\" is not supported",
    vi: "không hỗ trợ từ khóa \"{keyword}\"",
    meaning: "The keyword belongs to JSON Schema or to an earlier draft, but is not checked here.",
    example: "unevaluatedProperties: false",
    fix: "Use the keyword that the hint names.")

  package static let schemaKeywordValue = DiagnosticCode(
    "schema-keyword-value",
    "\"{keyword}\" must be {expected}",
    vi: "\"{keyword}\" phải là {expected}",
    meaning: "The value of a keyword does not have the shape that JSON Schema asks for.",
    example: "minimum: abc",
    fix: "Write a value of the shape that the message names.")

  package static let schemaIdleKeyword = DiagnosticCode(
    "schema-idle-keyword",
    "\"{keyword}\" has no effect without \"{other}\"",
    vi: "\"{keyword}\" không có tác dụng nếu thiếu \"{other}\"",
    severity: .warning,
    meaning: "The keyword only completes another one, which is missing beside it.",
    example: "then: { required: [pgy_level] }",
    fix: "Add the other keyword, or remove this one.")

  package static let schemaUnknownType = DiagnosticCode(
    "schema-unknown-type",
    "unknown type \"{type}\"; the types are {types}",
    vi: "kiểu lạ \"{type}\"; các kiểu là {types}",
    meaning: "\"type\" names something that is no type of JSON Schema.",
    example: "type: varchar",
    fix: "Use one of the types that the message lists.")

  package static let schemaUnknownFormat = DiagnosticCode(
    "schema-unknown-format",
    "unknown format \"{format}\"; the formats are {formats}",
    vi: "định dạng lạ \"{format}\"; các định dạng là {formats}",
    meaning: "\"format\" names something that is not asserted here.",
    example: "format: phone",
    fix: "Use one of the formats that the message lists, or a \"pattern\".")

  package static let schemaPatternSyntax = DiagnosticCode(
    "schema-pattern-syntax",
    "the pattern is wrong after {offset} characters: {reason}",
    vi: "mẫu sai sau {offset} ký tự: {reason}",
    meaning: "A \"pattern\", or a key of \"patternProperties\", is no regular expression.",
    example: "pattern: \"[a-z\"",
    fix: "Correct the expression.")

  package static let schemaLiteral = DiagnosticCode(
    "schema-literal",
    "a value of \"{keyword}\" {reason}",
    vi: "một giá trị của \"{keyword}\" {reason}",
    meaning: """
      A value of an "enum" or "const" does not have the type that is named beside it, so that it \
      could never match.
      """,
    example: "{ type: boolean, enum: [yes, no] }",
    fix: "Write a value of the type, or correct the type.")

  package static let schemaDefault = DiagnosticCode(
    "schema-default",
    "the default of {field} {reason}",
    vi: "giá trị mặc định của {field} {reason}",
    meaning: "The \"default\" of a field does not have the type of the field.",
    example: "performs_procedures: { type: boolean, default: no }",
    fix: "Write a value of the type, or correct the type.")

  package static let schemaDefaultRefused = DiagnosticCode(
    "schema-default-refused",
    "the default of {field} is refused by its own schema: {reason}",
    vi: "giá trị mặc định của {field} bị chính schema của nó từ chối: {reason}",
    meaning: "The \"default\" of a field has its type, but breaks another keyword of the field.",
    example: "age: { type: integer, minimum: 18, default: 0 }",
    fix: "Change the default or the keyword.")

  package static let schemaRootType = DiagnosticCode(
    "schema-root-type",
    "the schema of a row must have the type \"object\"",
    vi: "schema của một bản ghi phải có kiểu \"object\"",
    meaning: "Rows are objects, so that a schema of another type would refuse every row.",
    example: "type: array",
    fix: "Write \"type: object\", and the fields under \"properties\".")

  package static let schemaDialect = DiagnosticCode(
    "schema-dialect",
    "the schema is not written in draft 2020-12",
    vi: "schema không được viết theo draft 2020-12",
    meaning: "\"$schema\" names a dialect other than JSON Schema draft 2020-12.",
    example: "$schema: http://json-schema.org/draft-07/schema#",
    fix: """
      Write "$schema: https://json-schema.org/draft/2020-12/schema" and adapt the schema to it.
      """)

  package static let schemaNestedID = DiagnosticCode(
    "schema-nested-id",
    "\"$id\" is supported at the top of a schema only",
    vi: "\"$id\" chỉ được hỗ trợ ở cấp cao nhất của schema",
    meaning: "An \"$id\" further down would change what each \"$ref\" below it means.",
    example: "address: { $id: address, type: object }",
    fix: "Remove it, and refer to the place by \"#/$defs/…\" or an \"$anchor\".")

  package static let schemaDuplicateAnchor = DiagnosticCode(
    "schema-duplicate-anchor",
    "the anchor \"{anchor}\" is declared twice",
    vi: "neo \"{anchor}\" được khai báo hai lần",
    meaning: """
      Two subschemas have the same "$anchor", so that a reference to it would mean either.
      """,
    example: "$defs: { a: { $anchor: x }, b: { $anchor: x } }",
    fix: "Rename one of them.")

  package static let schemaRemoteReference = DiagnosticCode(
    "schema-remote-reference",
    "\"{target}\" refers to another document",
    vi: "\"{target}\" tham chiếu đến một tài liệu khác",
    meaning: "A \"$ref\" leads out of the schema; nothing is fetched.",
    example: "$ref: https://example.com/address.json",
    fix: "Copy the schema into \"$defs\" and refer to it as \"#/$defs/name\".")

  package static let schemaMissingReference = DiagnosticCode(
    "schema-missing-reference",
    "\"{target}\" leads to no schema",
    vi: "\"{target}\" không dẫn đến schema nào",
    meaning: "A \"$ref\" names a place that does not exist in the document or holds no schema.",
    example: "$ref: \"#/$defs/adress\"",
    fix: "Correct the path, or add the schema.")

  package static let schemaReferenceLoop = DiagnosticCode(
    "schema-reference-loop",
    "\"$ref\" comes back to itself without entering the data",
    vi: "\"$ref\" quay lại chính nó mà không đi vào dữ liệu",
    meaning: "Following the reference leads to the same schema for the same value, for ever.",
    example: "$defs: { a: { $ref: \"#/$defs/b\" }, b: { $ref: \"#/$defs/a\" } }",
    fix: "Remove one of the references, or put it under \"properties\" or \"items\".")

  package static let schemaLongChain = DiagnosticCode(
    "schema-long-chain",
    "more than {limit} schemas follow each other here",
    vi: "ở đây có hơn {limit} schema nối tiếp nhau",
    meaning: """
      Subschemas that apply to the same value, such as those of "$ref" and "allOf", form a chain \
      that is too long.
      """,
    example: "a chain of 201 schemas, each a \"$ref\" to the next",
    fix: "Refer to the last one directly.")
}
