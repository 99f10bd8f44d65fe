internal import SowModel

/// What SQLite does to a value that a column is given or compared with
/// (sqlite.org/datatype3.html, "Determination Of Column Affinity").
enum Affinity {
  case integer, text, blob, real, numeric

  init(declaredType: String) {
    let type = declaredType.uppercased()
    if type.contains("INT") {
      self = .integer
    } else if type.contains("CHAR") || type.contains("CLOB") || type.contains("TEXT") {
      self = .text
    } else if type.contains("BLOB") || type.isEmpty {
      self = .blob
    } else if type.contains("REAL") || type.contains("FLOA") || type.contains("DOUB") {
      self = .real
    } else {
      self = .numeric
    }
  }

  /// The affinity of a column, also of one that is still to be made and so has no declaration.
  init(of column: Column) {
    self.init(
      declaredType: column.declaredType.isEmpty ? column.type.declaration : column.declaredType)
  }

  /// Whether text that looks like a number becomes one.
  var isNumeric: Bool { self == .integer || self == .real || self == .numeric }

  /// What a column gives back of a decimal: numbers lie there in binary, integers aside
  /// (sqlite.org/datatype3.html, chapter 3: 15 significant digits are preserved).
  var precision: NumberPrecision? {
    switch self {
    case .integer, .numeric: .binary(digits: 15, keepsIntegers: true)
    case .real: .binary(digits: 15, keepsIntegers: false)
    case .text, .blob: nil
    }
  }
}

extension FieldType {
  /// The type that a column's declaration speaks of; SQLite itself knows affinities only.
  init(declaredType: String) {
    let type = declaredType.uppercased()
    let known = Self.words.first { words, _ in words.contains { type.contains($0) } }
    self = known?.type ?? .any
  }

  /// In this order: the first that occurs in the declaration wins.
  private static var words: [(words: [String], type: FieldType)] {
    [
      (["INT"], .integer), (["BOOL"], .boolean), (["CHAR", "CLOB", "TEXT", "STRING"], .string),
      (["DEC", "NUMERIC", "NUMBER", "MONEY"], .decimal), (["REAL", "FLOA", "DOUB"], .float),
      (["DATETIME", "TIMESTAMP"], .timestamp), (["DATE"], .date), (["TIME"], .time),
      (["UUID", "GUID"], .uuid), (["JSON"], .object([:])), (["BLOB"], .bytes),
    ]
  }

  /// The declaration that reads back as this type.
  var declaration: String {
    switch self {
    case .string: "TEXT"
    case .integer: "INTEGER"
    case .decimal: "DECIMAL"
    case .float: "REAL"
    case .boolean: "BOOLEAN"
    case .date: "DATE"
    case .time: "TIME"
    case .timestamp: "TIMESTAMP"
    case .uuid: "UUID"
    case .bytes: "BLOB"
    case .object, .list: "JSON"
    case .any: ""
    }
  }
}
