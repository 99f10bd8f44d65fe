import SowModel

/// The values of `format` that are asserted; each is a claim about text, `double` about numbers.
enum Format: String, CaseIterable, Sendable {
  case date, time, duration, email, uuid, uri, hostname, ipv4, ipv6, byte, double
  case dateTime = "date-time"

  /// Whether `value` has the format; a value of another kind has every format.
  func admits(_ value: Value) -> Bool {
    switch (self, value) {
    case (.double, .decimal(let number)): Double(number.canonical)?.isFinite ?? false
    case (.double, .float(let number)): number.isFinite
    case (.double, _): true
    case (.byte, .bytes): true
    case (_, .text(let text)): admits(text)
    case (_, .bytes(let bytes)): admits(Base64.encode(bytes))
    default: true
    }
  }

  private func admits(_ text: String) -> Bool {
    switch self {
    case .date: DateText.isDate(text)
    case .time: DateText.isTime(text)
    case .dateTime: DateText.isTimestamp(text)
    case .duration: text.bytesSatisfy(DurationText.isDuration)
    case .email: text.bytesSatisfy(EmailText.isEmail)
    case .uuid: UUIDText.isUUID(text)
    case .uri: text.bytesSatisfy(URIText.isURI)
    case .hostname: text.bytesSatisfy(NetworkText.isHostname)
    case .ipv4: text.bytesSatisfy(NetworkText.isIPv4)
    case .ipv6: text.bytesSatisfy(NetworkText.isIPv6)
    case .byte: Base64.decode(text) != nil
    case .double: true
    }
  }

  /// What a message asks for.
  var phrase: Phrase {
    switch self {
    case .date: FieldType.date.phrase
    case .time: FieldType.time.phrase
    case .dateTime: FieldType.timestamp.phrase
    case .uuid: FieldType.uuid.phrase
    case .byte: FieldType.bytes.phrase
    case .duration: Phrase("a duration such as P1DT12H", vi: "một khoảng thời gian như P1DT12H")
    case .email: Phrase("an e-mail address", vi: "một địa chỉ e-mail")
    case .uri: Phrase("a URI such as https://example.com", vi: "một URI như https://example.com")
    case .hostname: Phrase("a host name", vi: "một tên máy")
    case .ipv4: Phrase("an IPv4 address", vi: "một địa chỉ IPv4")
    case .ipv6: Phrase("an IPv6 address", vi: "một địa chỉ IPv6")
    case .double:
      Phrase("a number within the range of a double", vi: "một số trong phạm vi của double")
    }
  }
}

typealias Bytes = Slice<UnsafeBufferPointer<UInt8>>

extension String {
  fileprivate func bytesSatisfy(_ predicate: (Bytes) -> Bool) -> Bool {
    var text = self
    return text.withUTF8 { predicate($0[...]) }
  }
}

extension UInt8 {
  var isDigit: Bool { self >= 0x30 && self <= 0x39 }

  var isLetter: Bool { self | 0x20 >= 0x61 && self | 0x20 <= 0x7A }

  var isHexDigit: Bool { isDigit || (self | 0x20 >= 0x61 && self | 0x20 <= 0x66) }
}

extension Bytes {
  /// Whether every part between separators satisfies the predicate; an edge has an empty part.
  func parts(separatedBy separator: UInt8, satisfy predicate: (Bytes) -> Bool) -> Bool {
    var rest = self
    while let end = rest.firstIndex(of: separator) {
      guard predicate(rest[..<end]) else { return false }
      rest = rest[rest.index(after: end)...]
    }
    return predicate(rest)
  }
}
