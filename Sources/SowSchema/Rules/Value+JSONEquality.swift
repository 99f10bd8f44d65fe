import SowModel

extension Value {
  /// Equality as JSON Schema has it: numbers by value, objects without order, text byte for byte.
  ///
  /// Bytes are their base64 text, a double is the shortest decimal that reads back as it.
  func equalsAsJSON(_ other: Value) -> Bool {
    switch (self, other) {
    case (.text(let left), .text(let right)): left.hasSameBytes(as: right)
    case (.null, .null): true
    case (.boolean(let left), .boolean(let right)): left == right
    case (.integer(let left), .integer(let right)): left == right
    case (.float(let left), .float(let right)): left == right
    case (.bytes(let left), .bytes(let right)): left == right
    case (.bytes(let left), .text(let right)), (.text(let right), .bytes(let left)):
      Base64.encode(left).hasSameBytes(as: right)
    case (.list(let left), .list(let right)):
      left.count == right.count && zip(left, right).allSatisfy { $0.equalsAsJSON($1) }
    case (.object(let left), .object(let right)): Self.areEqual(left, right)
    default: equalsAsNumber(other)
    }
  }

  private func equalsAsNumber(_ other: Value) -> Bool {
    guard let left = exactNumber, let right = other.exactNumber else { return false }
    return left == right
  }

  /// The value as an exact number; nil for what is no finite number.
  private var exactNumber: ExactDecimal? {
    switch self {
    case .integer(let value): ExactDecimal(value)
    case .decimal(let value): value
    case .float(let value): ExactDecimal(shortest: value)
    default: nil
    }
  }

  private static func areEqual(_ left: [Member], _ right: [Member]) -> Bool {
    guard left.count == right.count else { return false }
    if left.count > 16 { return areEqualByName(left, right) }
    return left.allSatisfy { member in
      right.contains {
        $0.name.hasSameBytes(as: member.name) && $0.value.equalsAsJSON(member.value)
      }
    }
  }

  private static func areEqualByName(_ left: [Member], _ right: [Member]) -> Bool {
    let others = Dictionary(
      right.map { (ExactText($0.name), $0.value) }, uniquingKeysWith: { first, _ in first })
    return left.allSatisfy { others[ExactText($0.name)]?.equalsAsJSON($0.value) ?? false }
  }

  /// Feeds `hasher` so that values that are equal as JSON feed it equally.
  fileprivate func hashAsJSON(into hasher: inout Hasher) {
    switch self {
    case .null: hasher.combine(0 as UInt8)
    case .boolean(let value): hasher.combine(value)
    case .integer, .decimal, .float: hasher.combine(exactNumber?.canonical)
    case .text(let text): ExactText(text).hash(into: &hasher)
    case .bytes(let bytes): ExactText(Base64.encode(bytes)).hash(into: &hasher)
    case .list(let values):
      hasher.combine(values.count)
      for value in values { value.hashAsJSON(into: &hasher) }
    case .object(let members):
      hasher.combine(members.count)
      let hashes = members.map { member in
        var hasher = Hasher()
        ExactText(member.name).hash(into: &hasher)
        member.value.hashAsJSON(into: &hasher)
        return hasher.finalize()
      }
      hasher.combine(hashes.reduce(0, ^))
    }
  }
}

/// A value as a member of a set, equal as JSON Schema has it.
struct ComparableValue: Hashable, Sendable {
  let value: Value

  init(_ value: Value) { self.value = value }

  static func == (left: Self, right: Self) -> Bool { left.value.equalsAsJSON(right.value) }

  func hash(into hasher: inout Hasher) { value.hashAsJSON(into: &hasher) }
}

extension [Value] {
  /// The indices of the first two items that are equal; nil where all differ.
  var firstTwins: (Int, Int)? {
    if count <= 8 {
      for (later, value) in enumerated() {
        for earlier in 0..<later where self[earlier].equalsAsJSON(value) {
          return (earlier, later)
        }
      }
      return nil
    }
    var seen: [ComparableValue: Int] = [:]
    seen.reserveCapacity(count)
    for (later, value) in enumerated() {
      if let earlier = seen.updateValue(later, forKey: ComparableValue(value)) {
        return (earlier, later)
      }
    }
    return nil
  }
}
