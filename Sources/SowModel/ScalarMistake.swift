/// Why a scalar, or a whole tree, is no value of the type that was asked for; never the text.
package enum ScalarMistake: Error, Hashable, Sendable {
  /// The text does not have the form that the type wants.
  case malformed(FieldType)
  /// It would do without its quotes.
  case quoted(FieldType)
  /// `no`, `yes`, `on`, `True` …, where `true` or `false` was meant.
  case booleanWord(means: Bool)
  /// `007` for a number.
  case leadingZeros(FieldType)
  /// A number with a point or an exponent for an integer.
  case fractional
  /// More than 64 bits, an exponent beyond ±400, or a float that would be infinite.
  case outOfRange(FieldType)
  /// NaN or infinity.
  case notFinite
  /// The form of a date, but no such day, hour or offset.
  case impossible(FieldType)
  /// U+0000, which no database's text can hold.
  case zeroCharacter
  /// A scalar where an object or a list belongs.
  case structureExpected(FieldType)
  /// An object or a list where the type wants something else.
  case structureUnexpected(FieldType)
}

extension ScalarMistake {
  /// The end of a sentence that begins with the field: `must be an integer`.
  package var reason: String {
    switch self {
    case .malformed(let type): "must be \(type.phrase)"
    case .quoted(let type): "must be \(type.phrase), without quotes"
    case .booleanWord: "must be true or false"
    case .leadingZeros: "is a number with leading zeros"
    case .fractional: "must be an integer, without a point or an exponent"
    case .outOfRange(.integer): "is beyond 64 bits"
    case .outOfRange(.float): "is beyond what a float can hold"
    case .outOfRange: "has an exponent beyond 400"
    case .notFinite: "must be a finite number"
    case .impossible(let type): "has the form of a \(type.name), but there is no such \(type.name)"
    case .zeroCharacter: "holds the character U+0000"
    case .structureExpected(let type): "must be \(type.phrase)"
    case .structureUnexpected(let type): "must be \(type.phrase)"
    }
  }

  package var hint: Diagnostic.Hint? {
    switch self {
    case .quoted: .text("remove the quotes")
    case .booleanWord(let value): .didYouMean(value ? "true" : "false")
    case .leadingZeros: .text("remove the zeros, or give the field the type string")
    case .outOfRange(.integer): .text("give the field the type number, which is exact")
    default: nil
    }
  }
}

extension FieldType {
  /// What a message asks for: `an integer`, `a date such as 2024-12-31`.
  package var phrase: String {
    switch self {
    case .string: "a string"
    case .integer: "an integer"
    case .decimal, .float: "a number"
    case .boolean: "true or false"
    case .date: "a date such as 2024-12-31"
    case .time: "a time such as 23:59:00"
    case .timestamp: "a timestamp such as 2024-12-31T23:59:00Z"
    case .uuid: "a UUID"
    case .bytes: "base64"
    case .object: "an object"
    case .list: "a list"
    case .any: "a value"
    }
  }
}
