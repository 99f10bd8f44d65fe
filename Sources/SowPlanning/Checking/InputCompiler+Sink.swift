internal import SowModel

extension InputCompiler {
  /// What a value must be.
  struct Want {
    let type: FieldType
    let isNullable: Bool
    /// For messages, for example the field's name.
    let name: String
    let trims: Bool
    let precision: NumberPrecision?

    init(
      type: FieldType, isNullable: Bool, name: String, trims: Bool = false,
      precision: NumberPrecision? = nil
    ) {
      self.type = type
      self.isNullable = isNullable
      self.name = name
      self.trims = trims
      self.precision = precision
    }

    /// What a field of a row must be.
    init(_ field: Entity.Field) {
      self.init(
        type: field.type, isNullable: field.isNullable, name: field.name, trims: field.trims,
        precision: field.precision)
    }
  }

  /// What compiling found beside the cell.
  struct Sink {
    var computed: [Computed] = []
    var diagnostics = Diagnostics()
    /// Positions of instances that the input refers to.
    var dependencies: [Int] = []
    /// Streams that the input refers to.
    var streams: [Int] = []
    /// Fields of operations that the input refers to.
    var wanted: Set<OperationField> = []
    /// Operations that were referred to as if they had one row.
    var singles: Set<Int> = []
    /// What stands for the value, where it came from a sensitive place.
    var label: String?
    /// Names that may still be compared for suggestions, so that many mistakes take no longer.
    private var comparisons = 300_000

    /// The name that was probably meant, while there is time to look for it.
    mutating func suggestion(
      for word: String, among names: some Collection<String>
    ) -> Diagnostic.Hint? {
      guard mayCompare(names.count) else { return nil }
      return nearest(to: word, among: names).map { .didYouMean($0) }
    }

    /// Whether there is time to look at so many names; if so, it is spent.
    mutating func mayCompare(_ count: Int) -> Bool {
      guard count <= comparisons else { return false }
      comparisons -= count
      return true
    }
  }

  struct OperationField: Hashable {
    let operation: Int
    let field: Int
  }
}

/// Hides sensitive parts of keys.
struct KeySecrets: Sendable {
  /// Keyed with the ledger's secret.
  let digester: any Digesting & Sendable

  /// What stands in an address for a sensitive part: `~` and 16 hex digits. One that has this
  /// form already is an address as it was shown.
  func hidden(_ text: String) -> String {
    if text.utf8.count == 17, text.utf8.first == UInt8(ascii: "~") { return text }
    var encoder = RowEncoder()
    encoder.append(.text(text))
    return "~" + hexadecimal(digester.digest(encoder).bytes.prefix(8))
  }
}

extension Scalar {
  /// For a null where none may be: text that only looks like null must be quoted.
  func hintForNull(_ type: FieldType) -> Diagnostic.Hint? {
    guard type == .string || type == .any, isNull else { return nil }
    return text.isEmpty
      ? .text("write \"\" for the empty text", vi: "hãy viết \"\" cho văn bản rỗng")
      : .text("quote it to make it text", vi: "hãy đặt nó trong dấu nháy để thành văn bản")
  }
}

extension FieldType {
  /// For a cell of a file that is no list where one is wanted.
  var hintForCell: Diagnostic.Hint? {
    guard case .list = self else { return nil }
    return .text(
      #"in a file a list is JSON: ["a", "b"], or [] for none"#,
      vi: #"trong tệp, danh sách là JSON: ["a", "b"], hoặc [] nếu rỗng"#)
  }
}

/// Without the white space at both ends.
func trimmed(_ text: String) -> String {
  guard let first = text.unicodeScalars.firstIndex(where: { !$0.properties.isWhitespace }),
    let last = text.unicodeScalars.lastIndex(where: { !$0.properties.isWhitespace })
  else { return "" }
  return String(text.unicodeScalars[first...last])
}
