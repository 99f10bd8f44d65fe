import SowModel

/// The canonical form of a plan beyond its layout: the order of keys, and today's names for those
/// of the batch request.
///
/// One set of rules for what is written (`SyntaxEntry`) and for what it means (`Node.Entry`).
enum PlanForm {
  static let planKeys = ["plan", "schemas", "options", "limits", "variables", "operations"]
  static let operationKeys = [
    "id", "description", "action", "query", "params", "entity", "on_match", "key", "for_each",
    "rows", "where", "ids", "values", "select", "sort", "limit", "expect", "depends_on", "when",
    "lifecycle", "moved_from", "claims",
  ]
  private static let names = ["store_params": "values", "query_params": "where"]
  private static let metadata = ["__limit": "limit", "__sort": "sort", "__properties": "select"]

  /// The place of `key` among `keys`; behind them all where it is none of them.
  static func rank(_ key: String?, in keys: [String]) -> Int {
    key.flatMap { keys.firstIndex(of: $0) } ?? keys.count
  }

  /// The members of an operation. What could say something twice is left as it is.
  static func operation<Member: FormMember>(_ members: [Member]) -> [Member] {
    var members = members
    if let index = members.firstIndex(where: { $0.formKey == "metadata_params" }),
      let parts = members[index].formMembers, !parts.isEmpty,
      parts.allSatisfy({ part in
        guard let name = part.formKey.flatMap({ metadata[$0] }) else { return false }
        return !members.contains { $0.formKey == name }
      })
    {
      var spread = members[index].spread(parts)
      for place in spread.indices { spread[place].rename(in: metadata) }
      members.replaceSubrange(index...index, with: spread)
    }
    for index in members.indices {
      guard let name = members[index].formKey.flatMap({ names[$0] }),
        !members.contains(where: { $0.formKey == name })
      else { continue }
      members[index].formKey = name
    }
    return members.enumerated().sorted { left, right in
      let ranks = [left, right].map { rank($0.element.formKey, in: operationKeys) }
      return (ranks[0], left.offset) < (ranks[1], right.offset)
    }.map(\.element)
  }

  /// The members of `options`.
  static func options<Member: FormMember>(_ members: [Member]) -> [Member] {
    guard let index = members.firstIndex(where: { $0.formKey == "continueOnError" }),
      !members.contains(where: { $0.formKey == "on_error" }),
      let word = members[index].formWord, word == "true" || word == "false"
    else { return members }
    var members = members
    members[index].formKey = "on_error"
    members[index].formWord = word == "true" ? "continue" : "stop"
    return members
  }
}

/// A member of a mapping whose key and value may be rewritten.
protocol FormMember {
  var formKey: String? { get set }
  /// A plain scalar.
  var formWord: String? { get set }
  /// The members of a value that is a mapping.
  var formMembers: [Self]? { get }
  /// `parts`, its members, in its own place.
  func spread(_ parts: [Self]) -> [Self]
}

extension FormMember {
  fileprivate mutating func rename(in names: [String: String]) {
    formKey = formKey.flatMap { names[$0] } ?? formKey
  }
}

extension Node.Entry: FormMember {
  var formKey: String? {
    get { key.value }
    set { key.value = newValue ?? key.value }
  }

  var formWord: String? {
    get { value.scalar.flatMap { $0.style == .plain ? $0.text : nil } }
    set { value.content = .scalar(Scalar(newValue ?? "")) }
  }

  var formMembers: [Node.Entry]? { value.entries }

  func spread(_ parts: [Node.Entry]) -> [Node.Entry] { parts }
}

extension SyntaxEntry: FormMember {
  var formKey: String? {
    get { name }
    set { key?.content = .scalar(SyntaxScalar(text: newValue ?? "", form: .plain, source: 0..<0)) }
  }

  var formWord: String? {
    get { value.scalar.flatMap { $0.form == .plain ? $0.text : nil } }
    set { value.content = .scalar(SyntaxScalar(text: newValue ?? "", form: .plain, source: 0..<0)) }
  }

  var formMembers: [SyntaxEntry]? {
    value.collection.flatMap { $0.isMapping ? $0.entries : nil }
  }

  /// The comments around stay above the first and below the last.
  func spread(_ parts: [SyntaxEntry]) -> [SyntaxEntry] {
    var parts = parts
    guard let last = parts.indices.last else { return [self] }
    parts[0].leading = leading + (head.map { [$0] } ?? []) + parts[0].leading
    parts[0].blankBefore = blankBefore
    let rest = (value.collection?.ending ?? []) + (trailing.map { [$0] } ?? [])
    parts[last].leading += rest
    return parts
  }
}

extension SyntaxEntry {
  /// An operation in its canonical form; `fromList` says that its `id` becomes its key.
  func canonicalOperation(fromList: Bool) -> SyntaxEntry {
    guard var collection = value.collection, collection.isMapping else { return self }
    var entry = self
    if fromList, let index = collection.entries.firstIndex(where: { $0.name == "id" }) {
      let id = collection.entries.remove(at: index)
      entry.key = id.value
      entry.leading += id.leading
      for comment in [id.head, id.trailing].compactMap(\.self) {
        if entry.head == nil { entry.head = comment } else { entry.leading.append(comment) }
      }
    }
    collection.entries = PlanForm.operation(collection.entries)
    entry.value.content = .collection(collection)
    return entry
  }

  /// The `options` of a plan in their canonical form.
  func canonicalOptions() -> SyntaxEntry {
    guard var collection = value.collection, collection.isMapping else { return self }
    var entry = self
    collection.entries = PlanForm.options(collection.entries)
    entry.value.content = .collection(collection)
    return entry
  }
}
