/// Dates and times as RFC 3339 writes them, the zone optional; days that exist in the calendar.
package enum DateText {
  /// `YYYY-MM-DD`.
  package static func isDate(_ text: String) -> Bool {
    Reader.read(text) { $0.date() == .valid && $0.isAtEnd }
  }

  /// `HH:MM:SS`, a fraction and a zone (`Z` or `±HH:MM`) as one likes.
  ///
  /// Second 60 is accepted where a leap second can be: at 23:59 UTC, or without a zone at 23:59.
  package static func isTime(_ text: String) -> Bool {
    Reader.read(text) { $0.time() == .valid && $0.isAtEnd }
  }

  /// A date, `T` (or `t`) and a time.
  package static func isTimestamp(_ text: String) -> Bool {
    Reader.read(text) { reader in
      reader.date() == .valid && reader.timeMark() && reader.time() == .valid && reader.isAtEnd
    }
  }

  /// `impossible` where only the numbers are wrong; nil for another form or another type.
  static func mistake(in text: String, readAs type: FieldType) -> ScalarMistake? {
    Reader.read(text) { reader in
      let hasForm =
        switch type {
        case .date: reader.date() != nil
        case .time: reader.time() != nil
        case .timestamp: reader.date() != nil && reader.timeMark() && reader.time() != nil
        default: false
        }
      return hasForm && reader.isAtEnd ? .impossible(type) : nil
    }
  }
}

private enum Finding { case valid, impossible }

private struct Reader {
  private var rest: Slice<UnsafeBufferPointer<UInt8>>

  /// Reads the bytes of `text`.
  static func read<Result>(_ text: String, _ body: (inout Reader) -> Result) -> Result {
    var text = text
    return text.withUTF8 { bytes in
      var reader = Reader(rest: bytes[...])
      return body(&reader)
    }
  }

  var isAtEnd: Bool { rest.isEmpty }

  mutating func date() -> Finding? {
    guard let year = number(4), skip("-"), let month = number(2), skip("-"), let day = number(2)
    else { return nil }
    guard (1...12).contains(month) else { return .impossible }
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    let days =
      switch month {
      case 2: isLeap ? 29 : 28
      case 4, 6, 9, 11: 30
      default: 31
      }
    return (1...days).contains(day) ? .valid : .impossible
  }

  mutating func timeMark() -> Bool { skip("T") || skip("t") }

  mutating func time() -> Finding? {
    guard let hour = number(2), skip(":"), let minute = number(2), skip(":"),
      let second = number(2)
    else { return nil }
    if skip(".") {
      let digits = rest.prefix { $0 >= 0x30 && $0 <= 0x39 }.count
      guard digits > 0 else { return nil }
      rest = rest.dropFirst(digits)
    }
    var offset = 0
    if !rest.isEmpty, !skip("Z"), !skip("z") {
      let isWest = skip("-")
      guard isWest || skip("+"), let hours = number(2), skip(":"), let minutes = number(2) else {
        return nil
      }
      guard hours < 24, minutes < 60 else { return .impossible }
      offset = (hours * 60 + minutes) * (isWest ? -1 : 1)
    }
    guard hour < 24, minute < 60, second < 61 else { return .impossible }
    if second == 60 {
      let minuteOfDay = hour * 60 + minute - offset
      guard (minuteOfDay % 1440 + 1440) % 1440 == 1439 else { return .impossible }
    }
    return .valid
  }

  private mutating func number(_ digits: Int) -> Int? {
    var value = 0
    for _ in 0..<digits {
      guard let byte = rest.popFirst(), byte >= 0x30, byte <= 0x39 else { return nil }
      value = value * 10 + Int(byte - 0x30)
    }
    return value
  }

  private mutating func skip(_ character: Unicode.Scalar) -> Bool {
    guard rest.first == UInt8(ascii: character) else { return false }
    rest.removeFirst()
    return true
  }
}
