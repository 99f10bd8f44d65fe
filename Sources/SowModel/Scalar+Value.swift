extension Scalar {
  /// Reads the text as `type`: the only function that turns text into a value.
  ///
  /// The rules are the table "Scalars" of the language. A plain `null`, `~` or nothing is
  /// `Value.null` for every type; whether null is allowed is the caller's question, and so is
  /// what an empty CSV cell means. A mistake never carries the text, which may be a secret.
  package func value(as type: FieldType) -> Result<Value, ScalarMistake> {
    if isNull { return .success(.null) }
    switch type {
    case .string: return checked(type) { _ in !text.holdsZero }
    case .integer: return unquoted(type, Self.integer)
    case .decimal: return Self.decimal(text)
    case .float: return unquoted(type, Self.float)
    case .boolean: return unquoted(type, Self.boolean)
    case .date: return checked(type, DateText.isDate)
    case .time: return checked(type, DateText.isTime)
    case .timestamp: return checked(type, DateText.isTimestamp)
    case .uuid: return checked(type, UUIDText.isUUID)
    case .bytes:
      guard let bytes = Base64.decode(text) else { return .failure(.malformed(type)) }
      return .success(.bytes(bytes))
    case .object, .list: return .failure(.structureExpected(type))
    case .any: return style == .quoted ? value(as: .string) : coreValue
    }
  }

  private func checked(
    _ type: FieldType, _ holds: (String) -> Bool
  ) -> Result<Value, ScalarMistake> {
    if holds(text) { return .success(.text(text)) }
    if text.holdsZero { return .failure(.zeroCharacter) }
    return .failure(DateText.mistake(in: text, readAs: type) ?? .malformed(type))
  }

  /// Quotes say "text", so a quoted number or boolean is a mistake of its own.
  private func unquoted(
    _ type: FieldType, _ read: (String) -> Result<Value, ScalarMistake>
  ) -> Result<Value, ScalarMistake> {
    let result = read(text)
    guard style == .quoted else { return result }
    if case .success = result { return .failure(.quoted(type)) }
    return .failure(.malformed(type))
  }
}

extension Scalar {
  /// `[-+]?(0|[1-9][0-9]*)` within 64 bits.
  private static func integer(_ text: String) -> Result<Value, ScalarMistake> {
    if let number = smallNumber(text) { return .success(.integer(number)) }
    guard let shape = NumberShape(text) else { return .failure(notANumber(text, .integer)) }
    if shape.hasLeadingZeros { return .failure(.leadingZeros(.integer)) }
    guard shape.isWhole else { return .failure(.fractional) }
    guard let value = Int64(text) else { return .failure(.outOfRange(.integer)) }
    return .success(.integer(value))
  }

  /// A number of up to 18 digits without a sign, as most are.
  private static func smallNumber(_ text: String) -> Int64? {
    text.utf8.withContiguousStorageIfAvailable { digits -> Int64? in
      guard 1...18 ~= digits.count, digits[0] != 0x30 || digits.count == 1 else { return nil }
      var number: Int64 = 0
      for digit in digits {
        guard 0x30...0x39 ~= digit else { return nil }
        number = number * 10 + Int64(digit - 0x30)
      }
      return number
    } ?? nil
  }

  private static func decimal(_ text: String) -> Result<Value, ScalarMistake> {
    if let value = ExactDecimal(text) { return .success(.decimal(value)) }
    guard let shape = NumberShape(text) else { return .failure(notANumber(text, .decimal)) }
    if shape.hasLeadingZeros { return .failure(.leadingZeros(.decimal)) }
    return .failure(shape.isStrict ? .outOfRange(.decimal) : .malformed(.decimal))
  }

  private static func float(_ text: String) -> Result<Value, ScalarMistake> {
    guard let shape = NumberShape(text) else { return .failure(notANumber(text, .float)) }
    if shape.hasLeadingZeros { return .failure(.leadingZeros(.float)) }
    guard shape.isStrict, let value = Double(text) else { return .failure(.malformed(.float)) }
    guard value.isFinite else { return .failure(.outOfRange(.float)) }
    return .success(.float(value))
  }

  private static func boolean(_ text: String) -> Result<Value, ScalarMistake> {
    switch text {
    case "true": .success(.boolean(true))
    case "false": .success(.boolean(false))
    default:
      switch text.utf8.count < 6 ? text.lowercased() : "" {
      case "true", "yes", "on", "y": .failure(.booleanWord(means: true))
      case "false", "no", "off", "n": .failure(.booleanWord(means: false))
      default: .failure(.malformed(.boolean))
      }
    }
  }

  private static func notANumber(_ text: String, _ type: FieldType) -> ScalarMistake {
    switch text.utf8.count < 10 ? text.lowercased() : "" {
    case ".nan", "nan", ".inf", "+.inf", "-.inf", "inf", "+inf", "-inf", "infinity", "+infinity",
      "-infinity":
      .notFinite
    default: .malformed(type)
    }
  }

  /// The YAML 1.2 core schema (chapter 10.3.2), with exact numbers.
  private var coreValue: Result<Value, ScalarMistake> {
    switch text.utf8.first {
    case .some(0x30...0x39), .some(UInt8(ascii: "-")), .some(UInt8(ascii: "+")),
      .some(UInt8(ascii: ".")):
      return coreNumber ?? value(as: .string)
    default: break
    }
    switch text {
    case "true", "True", "TRUE": return .success(.boolean(true))
    case "false", "False", "FALSE": return .success(.boolean(false))
    default: return value(as: .string)
    }
  }

  private var coreNumber: Result<Value, ScalarMistake>? {
    if let shape = NumberShape(text) {
      if shape.isWhole, let value = Int64(text) { return .success(.integer(value)) }
      guard let value = ExactDecimal(shape.isStrict ? text : shape.strictText(of: text)) else {
        return .failure(.outOfRange(.decimal))
      }
      return .success(.decimal(value))
    }
    switch text {
    case ".nan", ".NaN", ".NAN", ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF", "-.inf",
      "-.Inf", "-.INF":
      return .failure(.notFinite)
    default: break
    }
    guard let radix = text.hasPrefix("0x") ? 16 : text.hasPrefix("0o") ? 8 : nil else {
      return nil
    }
    let digits = text.dropFirst(2)
    guard let first = digits.utf8.first, first != 0x2B, first != 0x2D,
      digits.utf8.allSatisfy({ $0.isDigit(inRadix: radix) })
    else { return nil }
    guard let value = Int64(digits, radix: radix) else { return .failure(.outOfRange(.integer)) }
    return .success(.integer(value))
  }
}

extension String {
  /// Whether U+0000 occurs, which no database's text can hold.
  package var holdsZero: Bool {
    utf8.withContiguousStorageIfAvailable { utf8 in
      let bytes = UnsafeRawBufferPointer(utf8)
      let whole = bytes.count & ~7
      // Eight at a time: taking one away borrows into the highest bit of a zero.
      for offset in stride(from: 0, to: whole, by: 8) {
        let word = bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
        let borrowed = (word &- 0x0101_0101_0101_0101) & ~word
        if borrowed & 0x8080_8080_8080_8080 != 0 { return true }
      }
      return bytes[whole...].contains(0)
    } ?? utf8.contains(0)
  }
}

extension UInt8 {
  fileprivate func isDigit(inRadix radix: Int) -> Bool {
    switch self {
    case 0x30...0x37: true
    case 0x38...0x39: radix > 8
    case 0x41...0x46, 0x61...0x66: radix == 16
    default: false
    }
  }
}
