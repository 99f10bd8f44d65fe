import SowModel

/// A set of JSON types, as `type` lists them.
struct TypeSet: OptionSet, Hashable, Sendable {
  let rawValue: UInt8

  init(rawValue: UInt8) { self.rawValue = rawValue }

  static let null = TypeSet(rawValue: 1)
  static let boolean = TypeSet(rawValue: 2)
  /// Whole numbers, however they are written: `1.0` is one.
  static let integer = TypeSet(rawValue: 4)
  /// Every number.
  static let number = TypeSet(rawValue: 8)
  static let string = TypeSet(rawValue: 16)
  static let array = TypeSet(rawValue: 32)
  static let object = TypeSet(rawValue: 64)

  static let named: [(name: String, type: TypeSet, phrase: Phrase)] = [
    ("string", .string, FieldType.string.phrase), ("integer", .integer, FieldType.integer.phrase),
    ("number", .number, FieldType.decimal.phrase), ("boolean", .boolean, FieldType.boolean.phrase),
    ("object", .object, FieldType.object([:]).phrase),
    ("array", .array, FieldType.list(of: .any).phrase),
    ("null", .null, Phrase(same: "null")),
  ]

  /// What a value is; nothing for a number that is not finite.
  init(of value: Value) {
    switch value {
    case .null: self = .null
    case .boolean: self = .boolean
    case .integer: self = [.integer, .number]
    case .decimal(let number): self = number.isInteger ? [.integer, .number] : .number
    case .float(let number):
      self = !number.isFinite ? [] : number.isWhole ? [.integer, .number] : .number
    case .text, .bytes: self = .string
    case .list: self = .array
    case .object: self = .object
    }
  }

  /// What a message asks for: `a string or null`.
  var phrase: Phrase { .choice(of: Self.named.filter { contains($0.type) }.map(\.phrase)) }

  func admits(_ value: Value) -> Bool {
    // Whether it is whole takes a look at its digits.
    if case .decimal = value, contains(.number) { return true }
    return !isDisjoint(with: TypeSet(of: value))
  }

  /// Whether every value of `type` but null is admitted, whatever the items of a list are.
  func admitsEvery(_ type: FieldType) -> Bool {
    switch type {
    case .boolean: contains(.boolean)
    case .integer: !isDisjoint(with: [.integer, .number])
    case .string, .date, .time, .timestamp, .uuid: contains(.string)
    case .list: contains(.array)
    case .decimal, .float, .bytes, .object, .any: false
    }
  }
}

extension Double {
  /// Whether there is no fraction; from 53 bits on no double has one.
  fileprivate var isWhole: Bool { magnitude >= 0x1p53 || Double(Int64(self)) == self }
}
