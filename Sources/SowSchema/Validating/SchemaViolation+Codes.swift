package import SowModel

// What a single value can get wrong.
extension DiagnosticCode {
  package static let schemaNull = DiagnosticCode(
    "schema-null",
    "{field} must not be null",
    vi: "{field} không được là null",
    meaning: """
      A null stands where the schema does not allow null. Plain "null", "~" and nothing at all \
      are null for every type.
      """,
    example: "name: ~",
    fix: "Write a value, quote the text, or add \"null\" to the types of the field.")

  package static let schemaType = DiagnosticCode(
    "schema-type",
    "{field} must be {types}",
    vi: "{field} phải là {types}",
    meaning: "A value has another type than the schema names.",
    example: "pgy_level: \"two\"",
    fix: "Write a value of the type.")

  package static let schemaEnum = DiagnosticCode(
    "schema-enum",
    "{field} must be one of {allowed}",
    vi: "{field} phải là một trong {allowed}",
    meaning: "A value is not among those of the \"enum\".",
    example: "type: residnet",
    fix: "Write one of the values that the message lists.")

  package static let schemaConst = DiagnosticCode(
    "schema-const",
    "{field} must be {value}",
    vi: "{field} phải là {value}",
    meaning: "A value is not the one that \"const\" names.",
    example: "country: France, where the schema says \"const: Vietnam\"",
    fix: "Write the value that the message names.")

  package static let schemaFormat = DiagnosticCode(
    "schema-format",
    "{field} must be {format}",
    vi: "{field} phải là {format}",
    meaning: "A text does not have the form that \"format\" names.",
    example: "email: luis at example.com",
    fix: "Write the text in the form that the message names.")

  package static let schemaMultipleOf = DiagnosticCode(
    "schema-multiple-of",
    "{field} must be a multiple of {divisor}",
    vi: "{field} phải là bội số của {divisor}",
    meaning: """
      A number is not a multiple of the number that "multipleOf" names; decimals are divided \
      exactly.
      """,
    example: "price: 0.995, where the schema says \"multipleOf: 0.01\"",
    fix: "Write a multiple.")

  package static let schemaMaximum = DiagnosticCode(
    "schema-maximum",
    "{field} must be at most {limit}",
    vi: "{field} không được lớn hơn {limit}",
    meaning: "A number is above the \"maximum\".",
    example: "pgy_level: 4, where the schema says \"maximum: 3\"",
    fix: "Write a number within the bound.")

  package static let schemaExclusiveMaximum = DiagnosticCode(
    "schema-exclusive-maximum",
    "{field} must be less than {limit}",
    vi: "{field} phải nhỏ hơn {limit}",
    meaning: "A number is not below the \"exclusiveMaximum\".",
    example: "share: 1, where the schema says \"exclusiveMaximum: 1\"",
    fix: "Write a number within the bound.")

  package static let schemaMinimum = DiagnosticCode(
    "schema-minimum",
    "{field} must be at least {limit}",
    vi: "{field} không được nhỏ hơn {limit}",
    meaning: "A number is below the \"minimum\".",
    example: "pgy_level: 0, where the schema says \"minimum: 1\"",
    fix: "Write a number within the bound.")

  package static let schemaExclusiveMinimum = DiagnosticCode(
    "schema-exclusive-minimum",
    "{field} must be greater than {limit}",
    vi: "{field} phải lớn hơn {limit}",
    meaning: "A number is not above the \"exclusiveMinimum\".",
    example: "price: 0, where the schema says \"exclusiveMinimum: 0\"",
    fix: "Write a number within the bound.")

  package static let schemaMaxLength = DiagnosticCode(
    "schema-max-length",
    "{field} must have at most {limit} characters",
    vi: "{field} được có nhiều nhất {limit} ký tự",
    meaning: "A text is longer than \"maxLength\" Unicode characters.",
    example: "code: ABCDE, where the schema says \"maxLength: 4\"",
    fix: "Shorten the text.")

  package static let schemaMinLength = DiagnosticCode(
    "schema-min-length",
    "{field} must have at least {limit} characters",
    vi: "{field} phải có ít nhất {limit} ký tự",
    meaning: "A text is shorter than \"minLength\" Unicode characters.",
    example: "name: \"\", where the schema says \"minLength: 1\"",
    fix: "Write a longer text.")

  package static let schemaPattern = DiagnosticCode(
    "schema-pattern",
    "{field} must match the pattern {pattern}",
    vi: "{field} phải khớp với mẫu {pattern}",
    meaning: """
      A text does not match the regular expression of "pattern", which may match anywhere in it.
      """,
    example: "code: a1, where the schema says \"pattern: ^[A-Z]+$\"",
    fix: "Write a text that matches.")

  package static let schemaPatternLimit = DiagnosticCode(
    "schema-pattern-limit",
    "matching {field} with a pattern takes too much work",
    vi: "so khớp {field} với một mẫu tốn quá nhiều công sức",
    meaning: """
      The regular expression tries too many ways to match this text, so that it was stopped.
      """,
    example: "pattern: ^(a+)+$, for a text of many \"a\" and a \"b\"",
    fix: "Simplify the pattern, so that no repetition is within another.")

  package static let schemaTooComplex = DiagnosticCode(
    "schema-too-complex",
    "checking {field} takes too many steps",
    vi: "kiểm tra {field} tốn quá nhiều bước",
    meaning: """
      The schema is applied to this value too often, or too deeply within itself, so that it was \
      stopped.
      """,
    example: """
      allOf: [{ $ref: "#/$defs/a" }, { $ref: "#/$defs/a" }], thirty times within each other
      """,
    fix: "Simplify the schema or flatten the value.")
}
