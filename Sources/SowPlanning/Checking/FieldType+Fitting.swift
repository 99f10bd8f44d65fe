internal import SowModel

extension FieldType {
  /// Whether a value of this type may stand where `wanted` is without a change of meaning.
  /// `any` may be everything, so it is looked at when the value is known.
  func fits(_ wanted: FieldType) -> Bool {
    if self == wanted || self == .any || wanted == .any { return true }
    switch (self, wanted) {
    case (.integer, .decimal), (.object, .object), (.list, .object([:])): return true
    case (.date, .string), (.time, .string), (.timestamp, .string), (.uuid, .string): return true
    case (.string, .date), (.string, .time), (.string, .timestamp), (.string, .uuid): return true
    case (.list(let own), .list(let other)): return own.fits(other)
    default: return false
    }
  }

  /// The type of a member deeper inside: `any` where nothing is said, nil where there is none.
  func member(_ path: ArraySlice<String>) -> FieldType? {
    var type = self
    for step in path {
      switch type {
      case .object(let members): type = members[step] ?? .any
      case .list(let element) where Int(step) != nil: type = element
      case .any: break
      default: return nil
      }
    }
    return type
  }
}

extension Value {
  /// The value as `type`, or nil where it is none; text for a date is looked at again.
  func fitting(_ type: FieldType) -> Value? {
    switch (self, type) {
    case (.null, _), (_, .any), (.boolean, .boolean), (.integer, .integer), (.decimal, .decimal),
      (.float, .float), (.text, .string), (.bytes, .bytes), (.object, .object), (.list, .list),
      (.list, .object([:])):
      return self
    case (.integer(let number), .decimal): return .decimal(ExactDecimal(number))
    case (.decimal(let number), .integer):
      return number.isInteger ? Int64(number.canonical).map { .integer($0) } : nil
    case (.text(let text), .date), (.text(let text), .time), (.text(let text), .timestamp),
      (.text(let text), .uuid):
      return try? Scalar(text, style: .quoted).value(as: type).get()
    default: return nil
    }
  }

  var typeName: String {
    switch self {
    case .null: "null"
    case .boolean: "boolean"
    case .integer: "integer"
    case .decimal: "decimal"
    case .float: "float"
    case .text: "string"
    case .bytes: "bytes"
    case .list: "list"
    case .object: "object"
    }
  }
}
