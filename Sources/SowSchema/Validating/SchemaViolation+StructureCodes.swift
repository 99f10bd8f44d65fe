package import SowModel

// What lists, objects and combinations can get wrong.
extension DiagnosticCode {
  package static let schemaMaxItems = DiagnosticCode(
    "schema-max-items",
    "{field} must have at most {limit} items",
    vi: "{field} được có nhiều nhất {limit} phần tử",
    meaning: "A list has more items than \"maxItems\".",
    example: "specialties: [a, b, c], where the schema says \"maxItems: 2\"",
    fix: "Remove items.")

  package static let schemaMinItems = DiagnosticCode(
    "schema-min-items",
    "{field} must have at least {limit} items",
    vi: "{field} phải có ít nhất {limit} phần tử",
    meaning: "A list has fewer items than \"minItems\".",
    example: "specialties: [], where the schema says \"minItems: 1\"",
    fix: "Add items.")

  package static let schemaItems = DiagnosticCode(
    "schema-items",
    "{field} must have no items beyond the first {limit}",
    vi: "{field} không được có phần tử nào sau {limit} phần tử đầu",
    meaning: "\"items: false\" allows only the items that \"prefixItems\" describes.",
    example: "point: [1, 2, 3], where the schema describes two items",
    fix: "Remove the other items.")

  package static let schemaUniqueItems = DiagnosticCode(
    "schema-unique-items",
    "the items {first} and {second} of {field} are equal",
    vi: "phần tử {first} và {second} của {field} bằng nhau",
    meaning: """
      A list with "uniqueItems" holds the same value twice; items count from 0, and 1 equals \
      1.0.
      """,
    example: "tags: [a, b, a]",
    fix: "Remove one of them.")

  package static let schemaContains = DiagnosticCode(
    "schema-contains",
    "{field} has no item as \"contains\" describes",
    vi: "{field} không có phần tử nào như \"contains\" mô tả",
    meaning: "No item of the list satisfies the schema of \"contains\".",
    example: "roles: [guest], where the schema says \"contains: { const: admin }\"",
    fix: "Add such an item.")

  package static let schemaMaxContains = DiagnosticCode(
    "schema-max-contains",
    "{field} has {count} items as \"contains\" describes, at most {limit} are allowed",
    vi: "{field} có {count} phần tử như \"contains\" mô tả, chỉ được phép nhiều nhất {limit}",
    meaning: "More items than \"maxContains\" satisfy the schema of \"contains\".",
    example: "roles: [admin, admin], where the schema says \"maxContains: 1\"",
    fix: "Remove such items.")

  package static let schemaMinContains = DiagnosticCode(
    "schema-min-contains",
    "{field} has {count} items as \"contains\" describes, at least {limit} are needed",
    vi: "{field} có {count} phần tử như \"contains\" mô tả, cần ít nhất {limit}",
    meaning: "Fewer items than \"minContains\" satisfy the schema of \"contains\".",
    example: "roles: [admin], where the schema says \"minContains: 2\"",
    fix: "Add such items.")

  package static let schemaMaxProperties = DiagnosticCode(
    "schema-max-properties",
    "{field} must have at most {limit} properties",
    vi: "{field} được có nhiều nhất {limit} thuộc tính",
    meaning: "An object has more properties than \"maxProperties\".",
    example: "labels: { a: 1, b: 2 }, where the schema says \"maxProperties: 1\"",
    fix: "Remove properties.")

  package static let schemaMinProperties = DiagnosticCode(
    "schema-min-properties",
    "{field} must have at least {limit} properties",
    vi: "{field} phải có ít nhất {limit} thuộc tính",
    meaning: "An object has fewer properties than \"minProperties\".",
    example: "labels: {}, where the schema says \"minProperties: 1\"",
    fix: "Add properties.")

  package static let schemaRequired = DiagnosticCode(
    "schema-required",
    "{field} is required",
    vi: "{field} là bắt buộc",
    meaning: "A property that \"required\" names is missing.",
    example: "{ type: faculty }, where the schema says \"required: [name, type]\"",
    fix: "Add the property.")

  package static let schemaDependentRequired = DiagnosticCode(
    "schema-dependent-required",
    "{field} is required where {other} is present",
    vi: "{field} là bắt buộc khi có {other}",
    meaning: "\"dependentRequired\" wants a property because another one is there.",
    example: "{ card: 4242 }, where the schema says \"dependentRequired: { card: [address] }\"",
    fix: "Add the property, or remove the other one.")

  package static let schemaAdditionalProperties = DiagnosticCode(
    "schema-additional-properties",
    "{field} is not a property that the schema knows",
    vi: "{field} không phải là thuộc tính mà schema biết",
    meaning: "\"additionalProperties: false\" allows only the properties that are described.",
    example: "address: { zipp: 1010 }",
    fix: "Correct the name, or describe the property.")

  package static let schemaPropertyNames = DiagnosticCode(
    "schema-property-names",
    "{field} has a name that \"propertyNames\" refuses",
    vi: "{field} có tên bị \"propertyNames\" từ chối",
    meaning: "The name of a property does not satisfy the schema of \"propertyNames\".",
    example: """
      labels: { "Big Label": 1 }, where the schema says "propertyNames: { pattern: ^[a-z]+$ }"
      """,
    fix: "Rename the property.")

  package static let schemaForbidden = DiagnosticCode(
    "schema-forbidden",
    "{field} is not allowed",
    vi: "{field} không được phép",
    meaning: "The schema \"false\" stands at this place, so that nothing may be here.",
    example: "properties: { legacy_id: false }",
    fix: "Remove the property.")

  package static let schemaAnyOf = DiagnosticCode(
    "schema-any-of",
    "{field} satisfies none of the {count} schemas of \"anyOf\"",
    vi: "{field} không thỏa mãn schema nào trong {count} schema của \"anyOf\"",
    meaning: "A value must satisfy at least one of the schemas of an \"anyOf\".",
    example: "contact: 5, where each schema of \"anyOf\" wants another form",
    fix: "Change the value so that one of them holds.")

  package static let schemaOneOf = DiagnosticCode(
    "schema-one-of",
    "{field} satisfies {held} of the {count} schemas of \"oneOf\" instead of one",
    vi: "{field} thỏa mãn {held} trong {count} schema của \"oneOf\" thay vì đúng một",
    meaning: "A value must satisfy exactly one of the schemas of a \"oneOf\".",
    example: "oneOf: [{ minimum: 0 }, { maximum: 9 }], for the number 5",
    fix: "Change the value, or write \"anyOf\" where several may hold.")

  package static let schemaNot = DiagnosticCode(
    "schema-not",
    "{field} satisfies a schema that \"not\" excludes",
    vi: "{field} thỏa mãn một schema mà \"not\" loại trừ",
    meaning: "A value satisfies the schema of a \"not\".",
    example: "name: admin, where the schema says \"not: { const: admin }\"",
    fix: "Change the value.")
}
