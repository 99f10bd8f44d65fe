/// A value whose type is known: what a column holds and a digest covers.
package enum Value: Hashable, Sendable {
  case null
  case boolean(Bool)
  case integer(Int64)
  case decimal(ExactDecimal)
  case float(Double)
  case text(String)
  case bytes([UInt8])
  case list([Value])
  /// Members in the order of the source; equality respects that order.
  case object([Member])

  package struct Member: Hashable, Sendable {
    package var name: String
    package var value: Value

    package init(_ name: String, _ value: Value) {
      self.name = name
      self.value = value
    }
  }
}

extension Value {
  /// Text is equal byte for byte, as a column that compares bytes has it; a collation is the
  /// database's business. What is equal so has equal hashes.
  package static func == (left: Value, right: Value) -> Bool {
    switch (left, right) {
    case (.null, .null): true
    case (.boolean(let left), .boolean(let right)): left == right
    case (.integer(let left), .integer(let right)): left == right
    case (.decimal(let left), .decimal(let right)): left == right
    case (.float(let left), .float(let right)): left == right
    case (.text(let left), .text(let right)): left.hasSameBytes(as: right)
    case (.bytes(let left), .bytes(let right)): left == right
    case (.list(let left), .list(let right)): left == right
    case (.object(let left), .object(let right)): left == right
    default: false
    }
  }

  package var isNull: Bool { self == .null }
}

/// What a field accepts, and so how a scalar is read (`1-language.md`, Scalars).
package indirect enum FieldType: Hashable, Sendable {
  case string, integer, decimal, float, boolean
  case date, time, timestamp, uuid, bytes
  /// Structure: named members have a type of their own, all others are `any`; `[:]` is any JSON.
  case object([String: FieldType])
  case list(of: FieldType)
  /// No type said: the YAML 1.2 core schema decides.
  case any

  /// The word that a message uses for the type.
  package var name: String {
    switch self {
    case .string: "string"
    case .integer: "integer"
    case .decimal: "decimal"
    case .float: "float"
    case .boolean: "boolean"
    case .date: "date"
    case .time: "time"
    case .timestamp: "timestamp"
    case .uuid: "uuid"
    case .bytes: "bytes"
    case .object: "object"
    case .list: "list"
    case .any: "any"
    }
  }
}
