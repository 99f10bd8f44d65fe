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
  package var reason: Phrase {
    switch self {
    case .malformed(let type), .structureExpected(let type), .structureUnexpected(let type):
      Phrase("must be {kind}", vi: "phải là {kind}", ["kind": type.phrase])
    case .quoted(let type):
      Phrase(
        "must be {kind}, without quotes", vi: "phải là {kind}, không có dấu nháy",
        ["kind": type.phrase])
    case .booleanWord: Phrase("must be true or false", vi: "phải là true hoặc false")
    case .leadingZeros:
      Phrase("is a number with leading zeros", vi: "là một số có các chữ số 0 ở đầu")
    case .fractional:
      Phrase(
        "must be an integer, without a point or an exponent",
        vi: "phải là một số nguyên, không có dấu chấm hay số mũ")
    case .outOfRange(.integer): Phrase("is beyond 64 bits", vi: "vượt quá 64 bit")
    case .outOfRange(.float):
      Phrase("is beyond what a float can hold", vi: "vượt quá mức mà một số float chứa được")
    case .outOfRange: Phrase("has an exponent beyond 400", vi: "có số mũ vượt quá 400")
    case .notFinite: Phrase("must be a finite number", vi: "phải là một số hữu hạn")
    case .impossible(let type):
      Phrase(
        "has the form of a \(type.name), but there is no such \(type.name)",
        vi: "có dạng của kiểu \(type.name), nhưng không có giá trị nào như thế")
    case .zeroCharacter: Phrase("holds the character U+0000", vi: "chứa ký tự U+0000")
    }
  }

  package var hint: Diagnostic.Hint? {
    switch self {
    case .quoted: .text("remove the quotes", vi: "hãy bỏ dấu nháy")
    case .booleanWord(let value): .didYouMean(value ? "true" : "false")
    case .leadingZeros:
      .text(
        "remove the zeros, or give the field the type string",
        vi: "hãy bỏ các chữ số 0, hoặc cho trường kiểu string")
    case .outOfRange(.integer):
      .text(
        "give the field the type number, which is exact",
        vi: "hãy cho trường kiểu number, vốn chính xác")
    default: nil
    }
  }
}

extension FieldType {
  /// What a message asks for: `an integer`, `a date such as 2024-12-31`.
  package var phrase: Phrase {
    switch self {
    case .string: Phrase("a string", vi: "một chuỗi")
    case .integer: Phrase("an integer", vi: "một số nguyên")
    case .decimal, .float: Phrase("a number", vi: "một số")
    case .boolean: Phrase("true or false", vi: "true hoặc false")
    case .date: Phrase("a date such as 2024-12-31", vi: "một ngày như 2024-12-31")
    case .time: Phrase("a time such as 23:59:00", vi: "một giờ như 23:59:00")
    case .timestamp:
      Phrase(
        "a timestamp such as 2024-12-31T23:59:00Z", vi: "một thời điểm như 2024-12-31T23:59:00Z")
    case .uuid: Phrase("a UUID", vi: "một UUID")
    case .bytes: Phrase(same: "base64")
    case .object: Phrase("an object", vi: "một đối tượng")
    case .list: Phrase("a list", vi: "một danh sách")
    case .any: Phrase("a value", vi: "một giá trị")
    }
  }
}
