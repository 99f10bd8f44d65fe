package import SowModel

extension DiagnosticCode {
  /// Every code of this module: of schema documents, then of rows.
  package static let schema: [DiagnosticCode] = [
    .schemaShape, .schemaUnknownKeyword, .schemaUnsupportedKeyword, .schemaKeywordValue,
    .schemaIdleKeyword, .schemaUnknownType, .schemaUnknownFormat, .schemaPatternSyntax,
    .schemaLiteral, .schemaDefault, .schemaDefaultRefused, .schemaRootType, .schemaDialect,
    .schemaNestedID, .schemaDuplicateAnchor, .schemaRemoteReference, .schemaMissingReference,
    .schemaReferenceLoop, .schemaLongChain, .schemaNull, .schemaType, .schemaEnum, .schemaConst,
    .schemaFormat, .schemaMultipleOf, .schemaMaximum, .schemaExclusiveMaximum, .schemaMinimum,
    .schemaExclusiveMinimum, .schemaMaxLength, .schemaMinLength, .schemaPattern,
    .schemaPatternLimit, .schemaTooComplex, .schemaMaxItems, .schemaMinItems, .schemaItems,
    .schemaUniqueItems, .schemaContains, .schemaMaxContains, .schemaMinContains,
    .schemaMaxProperties, .schemaMinProperties, .schemaRequired, .schemaDependentRequired,
    .schemaAdditionalProperties, .schemaPropertyNames, .schemaForbidden, .schemaAnyOf, .schemaOneOf,
    .schemaNot,
  ]
}
