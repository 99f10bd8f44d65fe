package import SowModel

extension DiagnosticCode {
  /// Every code that this module reports.
  package static let files: [DiagnosticCode] = [
    // Text and YAML
    .fileMissing, .fileUnreadable, .fileTooLarge, .notAFile, .fileOutsideProject, .emptyFile,
    .notUTF8, .unsupportedCharacter, .yamlSyntax, .severalDocuments, .duplicateKey, .mergeKey,
    .unknownTag, .keyNotScalar, .unknownAlias, .aliasToItself, .aliasBudget, .nestedTooDeep,
    .scalarTooLong,
    // Keys and links
    .wrongShape, .unknownKey, .missingKey, .conflictingKeys, .notAvailable, .emptyNotAllowed,
    .invalidLink, .undelimitedLink, .linkNotAllowed, .eachOutsideForEach, .lookupNotAlone,
    .listAsOperand,
    // Plans
    .folderWithoutPlan, .duplicatePlan, .planStillThere, .planMovedTwice, .setTwice,
    .duplicateOperation, .tooManyOperations,
    .limitRaised, .unknownType, .unknownAction, .invalidName, .repeatedDependency,
    // Rows
    .unknownRowFormat, .csvWithoutHeader, .emptyColumnName, .duplicateColumn, .wrongCellCount,
    .openQuote, .strayQuote, .notOneObjectALine,
    // Queries
    .unknownDialect, .duplicateQuery, .queryWithoutStatement, .queryTakesNo,
    // Project, schemas, lockfile
    .unknownEnvironment, .duplicateEntity, .notJSON, .formatRefused,
    .notFormattable, .lockEmpty, .lockCut, .lockInConflict, .lockNewer,
    .lockInvalid, .lockTwoHeads, .lockTwoKeys,
    .savedPlanNewer, .savedPlanDamaged, .reportNewer, .reportDamaged,
  ]
}
