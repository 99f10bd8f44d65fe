package import SowModel

/// One value of a row as files hold it: it reads back as exactly this value, or is a misfit.
package enum ExportedCell: Hashable, Sendable {
  case null
  /// Text that stays text, whatever it looks like.
  case quoted(String)
  /// A number or boolean.
  case plain(String)
  /// A list or mapping.
  case structure(Value)

  /// Why no file can hold a value, without the value.
  package struct Misfit: Error, Hashable, Sendable {
    package let reason: Phrase

    package static let danglingReference = Misfit(
      reason: Phrase(
        "a reference to a row that is not there", vi: "một tham chiếu đến bản ghi không tồn tại"))
    static let emptyKey = Misfit(
      reason: Phrase("an empty text, and is a key", vi: "một văn bản rỗng, và là khóa"))
  }

  /// What `value` is as a cell of `field`.
  package init(_ value: Value, of field: ExportedOperation.Field, isKey: Bool) throws(Misfit) {
    switch (value, field.type) {
    case (.null, _):
      guard field.isNullable else {
        throw Misfit(
          reason: Phrase(
            "null, which its field does not allow", vi: "null, điều mà trường của nó không cho phép"
          ))
      }
      self = .null
    case (.list, .object), (.list, .list), (.list, .any), (.object, .object), (.object, .any):
      self = .structure(value)
    case (.text(let text), _): self = .quoted(text)
    case (.bytes(let bytes), _): self = .quoted(Base64.encode(bytes))
    default: self = .plain(value.text)
    }
    if isKey, case .list(let items) = value {
      if items.contains(.null) { throw Misfit.danglingReference }
      if items.contains(.text("")) { throw Misfit.emptyKey }
    }
    if case .text(let text) = value {
      if isKey, text.isEmpty { throw Misfit.emptyKey }
      if field.trims, text.hasSpaceAround {
        throw Misfit(
          reason: Phrase(
            "a text with spaces around it, which its field trims",
            vi: "một văn bản có khoảng trắng ở hai đầu, mà trường của nó cắt đi"))
      }
    }
    if case .decimal(let number) = value, let precision = field.precision,
      !precision.keeps(number)
    {
      throw Misfit(
        reason: Phrase(
          "a number of more digits than its column keeps",
          vi: "một số có nhiều chữ số hơn cột của nó giữ được"))
    }
    guard holds(value, as: field.type) else {
      throw Misfit(
        reason: field.type == .any
          ? Phrase(
            "a value that a plan cannot write the same value",
            vi: "một giá trị mà kế hoạch không viết lại y như cũ được")
          : Phrase(
            "a value that a plan cannot write as \(field.type.name)",
            vi: "một giá trị mà kế hoạch không viết được dưới dạng \(field.type.name)"))
    }
  }

  private func holds(_ value: Value, as type: FieldType) -> Bool {
    if case .float(let number) = value, type == .any {
      // Without a type a fraction is read as a decimal, which the column turns back.
      guard let decimal = ExactDecimal(value.text) else { return false }
      return !decimal.isInteger && decimal.significantDigits <= 15
        && Double(decimal.canonical) == number
    }
    switch (self, type) {
    case (.null, _), (.structure, _): return true
    case (.quoted(let text), .string): return value == .text(text) && !text.holdsZero
    case (.quoted(let text), .decimal):
      // As the column keeps it, digit by digit.
      return value == .text(text) && ExactDecimal(text)?.canonical == text
    case (.quoted(let text), _): return Self.reads(Scalar(text, style: .quoted), type, value)
    case (.plain(let text), _): return Self.reads(Scalar(text), type, value)
    }
  }

  private static func reads(_ scalar: Scalar, _ type: FieldType, _ value: Value) -> Bool {
    scalar.value(as: type) == .success(value)
  }

  /// The text that names an instance; nil for what names none.
  package var keyText: String? {
    switch self {
    case .quoted(let text), .plain(let text): text
    case .null, .structure: nil
    }
  }

  // MARK: Forms

  /// The cell of a CSV file; nil where CSV would read another value.
  package func csv(of field: ExportedOperation.Field) -> String? {
    switch self {
    case .null: return ""
    case .structure(let value): return Self.csvQuoted(YAMLText.json(value))
    case .quoted(let text), .plain(let text):
      if text.isEmpty { return field.isNullable ? nil : "\"\"" }
      if field.type == .any { return nil }
      return Self.csvQuoted(text)
    }
  }

  /// In quotes where it has to be (RFC 4180).
  package static func csvQuoted(_ text: String) -> String {
    let isBare = text.utf8.allSatisfy { byte in
      byte != UInt8(ascii: ",") && byte != UInt8(ascii: "\"") && byte != 0x0A && byte != 0x0D
    }
    if isBare { return text }
    var bytes = [UInt8(ascii: "\"")]
    for byte in text.utf8 {
      if byte == UInt8(ascii: "\"") { bytes.append(byte) }
      bytes.append(byte)
    }
    bytes.append(UInt8(ascii: "\""))
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The value of a member in a JSONL file.
  package var json: String {
    switch self {
    case .null: "null"
    case .quoted(let text): YAMLText.quoted(text)
    case .plain(let text): text
    case .structure(let value): YAMLText.json(value)
    }
  }

  /// The value in a plan file, where text is looked at for links.
  package func yaml(as type: FieldType) -> String {
    switch self {
    case .null: "null"
    case .quoted(let text):
      type == .string
        ? YAMLText.text(linkSafe(text)) : YAMLText.quoted(linkSafe(text))
    case .plain(let text): text
    case .structure(let value): YAMLText.json(value, escaped: linkSafe)
    }
  }
}

/// `text` with one more `$` before each link that it would hold otherwise.
func linkSafe(_ text: String) -> String {
  guard text.utf8.contains(UInt8(ascii: "$")) else { return text }
  let openings = ["ref", "var", "env", "each"].flatMap { ["\($0):", "{\($0):"] }.map {
    Array($0.utf8)
  }
  let bytes = Array(text.utf8)
  var safe: [UInt8] = []
  var index = 0
  while index < bytes.count {
    guard bytes[index] == UInt8(ascii: "$") else {
      safe.append(bytes[index])
      index += 1
      continue
    }
    let first = index
    while index < bytes.count, bytes[index] == UInt8(ascii: "$") { index += 1 }
    safe += bytes[first..<index]
    // Before an opening two of a run make one, so each is doubled.
    if openings.contains(where: { bytes[index...].starts(with: $0) }) {
      safe += bytes[first..<index]
    }
  }
  return String(decoding: safe, as: UTF8.self)
}

extension String {
  /// Whether trimming would change the text.
  fileprivate var hasSpaceAround: Bool {
    guard let first = unicodeScalars.first, let last = unicodeScalars.last else { return false }
    return first.properties.isWhitespace || last.properties.isWhitespace
  }
}
