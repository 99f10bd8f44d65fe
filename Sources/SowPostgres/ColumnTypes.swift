internal import SowModel

/// The type of a live column: that of the declaration, or what its domain is made of.
struct ColumnType: Hashable, Sendable {
  let family: Family
  /// As SQL, without a length or a scale: a cast to `varchar(3)` would cut in silence.
  let name: String
  /// The length of a text, the digits after the point of a time; nil without one.
  var length: Int?
  /// Which numbers it keeps; nil where all.
  var precision: NumberPrecision?
  /// Of what the elements of an array are.
  var element: [ColumnType] = []

  enum Family: Hashable, Sendable {
    case integer(bits: Int)
    case numeric, real, double, boolean, text, date
    case time(hasZone: Bool), timestamp(hasZone: Bool)
    case uuid, bytes, json, jsonb, array
    /// Whatever has a text form: enums, addresses, ranges, what extensions bring.
    case other
  }

  /// `word` is the name in `pg_type`, of PostgreSQL's own types; `modifier` what the declaration
  /// adds, as `pg_attribute.atttypmod` has it: -1 for nothing.
  init(word: String, isText: Bool, name: String, modifier: Int) {
    family = Self.families[word] ?? (isText ? .text : .other)
    self.name = name
    guard modifier >= 0 else { return }
    switch family {
    case .text where modifier > 4: length = modifier - 4
    case .time, .timestamp: length = modifier
    case .numeric where modifier >= 4:
      // The scale is signed, in eleven bits (numeric.c).
      let scale = (modifier - 4) & 0x7FF
      let fraction = scale < 1024 ? scale : scale - 2048
      precision = .places(
        whole: (((modifier - 4) >> 16) & 0xFFFF) - fraction, fraction: fraction)
    default: break
    }
  }

  init(arrayOf element: ColumnType, name: String) {
    family = .array
    self.name = name
    self.element = [element]
  }

  private static let families: [String: Family] = [
    "int2": .integer(bits: 16), "int4": .integer(bits: 32), "int8": .integer(bits: 64),
    "numeric": .numeric, "float4": .real, "float8": .double, "bool": .boolean, "text": .text,
    "varchar": .text, "bpchar": .text, "name": .text, "date": .date,
    "time": .time(hasZone: false), "timetz": .time(hasZone: true),
    "timestamp": .timestamp(hasZone: false), "timestamptz": .timestamp(hasZone: true),
    "uuid": .uuid, "bytea": .bytes, "json": .json, "jsonb": .jsonb,
  ]

  /// What plans know it as.
  var fieldType: FieldType {
    switch family {
    case .integer: .integer
    case .numeric: .decimal
    case .real, .double: .float
    case .boolean: .boolean
    case .text, .other: .string
    case .date: .date
    case .time: .time
    case .timestamp: .timestamp
    case .uuid: .uuid
    case .bytes: .bytes
    case .json, .jsonb: .object([:])
    case .array: .list(of: element.first?.fieldType ?? .any)
    }
  }

  /// What a parameter is cast to that is compared with such a column, so that no value is altered
  /// or refused by the cast.
  var comparedAs: String {
    switch family {
    case .integer: "bigint"
    case .json: "jsonb"
    case .other: "text"
    default: name
    }
  }

  /// The column as it is compared: what has no equality of its own by what it is written as.
  func compared(_ column: String) -> String {
    switch family {
    case .json: column + "::jsonb"
    // As it is read; a cast of an address to text would say more.
    case .other: "format('%s', " + column + ")"
    default: column
    }
  }

  /// Whether an element of an array is read as a text of its own would be.
  var isReadAlike: Bool {
    switch family {
    case .integer, .numeric, .boolean, .date, .uuid: true
    default: false
    }
  }

  /// Whether it, or what it is made of, is a type of which only the text form is known.
  var isForeign: Bool {
    family == .other || family == .array && element.contains(where: \.isForeign)
  }

  /// Whether its order can be that of the bytes.
  var isCollated: Bool { family == .text }
}

extension FieldType {
  /// The declaration that reads back as this type.
  var declaration: String {
    switch self {
    case .string, .any: "text"
    case .integer: "bigint"
    case .decimal: "numeric"
    case .float: "double precision"
    case .boolean: "boolean"
    case .date: "date"
    case .time: "time"
    case .timestamp: "timestamptz"
    case .uuid: "uuid"
    case .bytes: "bytea"
    case .object, .list: "jsonb"
    }
  }
}
