/// ISO 8601 durations by the grammar of RFC 3339, appendix A: units in order and none left out
/// between two, weeks on their own.
enum DurationText {
  static func isDuration(_ text: Bytes) -> Bool {
    var rest = text
    guard rest.popFirst() == UInt8(ascii: "P") else { return false }
    if let last = rest.last, last == UInt8(ascii: "W") {
      return rest.count > 1 && rest.dropLast().allSatisfy(\.isDigit)
    }
    let date = rest.prefix { $0 != UInt8(ascii: "T") }
    let time = rest.dropFirst(date.count)
    if time.isEmpty { return areUnits(date, of: Array("YMD".utf8)) }
    return (date.isEmpty || areUnits(date, of: Array("YMD".utf8)))
      && areUnits(time.dropFirst(), of: Array("HMS".utf8))
  }

  private static func areUnits(_ bytes: Bytes, of units: [UInt8]) -> Bool {
    var rest = bytes
    var left: ArraySlice<UInt8>?
    repeat {
      let digits = rest.prefix(while: \.isDigit)
      rest = rest.dropFirst(digits.count)
      guard !digits.isEmpty, let unit = rest.popFirst() else { return false }
      let candidates = left ?? units[...]
      guard let index = candidates.firstIndex(of: unit) else { return false }
      guard left == nil || index == candidates.startIndex else { return false }
      left = candidates[candidates.index(after: index)...]
    } while !rest.isEmpty
    return true
  }
}
