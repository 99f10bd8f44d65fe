import Crypto
import SowModel

/// What a file of YAML says, layout and comments aside, as digests: two texts with equal ones load
/// to the same.
///
/// Streams: of a plan only one operation is a tree at a time.
struct DocumentMeaning {
  /// How the file is to be written.
  struct Form {
    var isPlan = false
    /// Whether keys are put in order and renamed. Where anchors are, an alias might lose its
    /// anchor, or see what was renamed.
    var isFree = true
    /// Whether `operations` is a list whose items all have an `id` that can be a key.
    var listsByID = false
  }

  /// Of the file in its canonical form.
  private(set) var digest = SHA256.hash(data: [])
  private(set) var form = Form()
  /// Whether there is nothing but comments.
  private(set) var isEmpty = false
  private var members: [(name: String, asWritten: SHA256Digest, canonical: SHA256Digest)] = []

  /// Reads a file from its start; what is wrong with it is thrown or put in `diagnostics`, and then
  /// what was read means nothing.
  init(
    _ bytes: [UInt8], file: FileID, format: YAMLFeed.Format, diagnostics: inout Diagnostics
  ) throws(ReadFailure) {
    var reader = NodeReader(
      ByteSource(bytes: bytes, file: file, limit: bytes.count), format: format)
    defer { diagnostics.merge(reader.diagnostics) }
    guard try reader.start() else {
      isEmpty = true
      return
    }
    if try reader.kind() == .mapping {
      try readMembers(&reader)
    } else {
      var fold = ContentFold()
      try fold.foldNext(&reader)
      digest = fold.finish()
    }
    try reader.finish()
    form.isFree = !reader.definesAnchors
    if !members.isEmpty { foldMembers() }
  }

  private mutating func readMembers(_ reader: inout NodeReader) throws(ReadFailure) {
    try reader.enter()
    while let key = try reader.nextName() {
      if key.value == "operations" {
        try readOperations(&reader)
        continue
      }
      let node = try reader.compose()
      var canonical = node
      if key.value == "options", let entries = node.entries {
        canonical.content = .mapping(PlanForm.options(entries))
      }
      members.append((key.value, ContentFold.digest(node), ContentFold.digest(canonical)))
    }
    form.isPlan =
      members.contains { $0.name == "operations" }
      || !members.isEmpty && members.allSatisfy { PlanForm.planKeys.contains($0.name) }
  }

  private mutating func foldMembers() {
    let isCanonical = form.isPlan && form.isFree
    let ordered = members.enumerated().sorted { left, right in
      guard isCanonical else { return left.offset < right.offset }
      let ranks = [left, right].map { PlanForm.rank($0.element.name, in: PlanForm.planKeys) }
      return (ranks[0], left.offset) < (ranks[1], right.offset)
    }
    var fold = ContentFold()
    for (_, member) in ordered {
      fold.add(name: member.name)
      fold.add(isCanonical ? member.canonical : member.asWritten)
    }
    digest = fold.finish()
  }

  private mutating func readOperations(_ reader: inout NodeReader) throws(ReadFailure) {
    var (asWritten, canonical) = (ContentFold(), ContentFold())
    switch try reader.kind() {
    case .scalar:
      let node = try reader.compose()
      asWritten.add(node)
      canonical.add(node)
    case .mapping:
      asWritten.open(isMapping: true)
      canonical.open(isMapping: true)
      try reader.enter()
      while let name = try reader.nextName() {
        let node = try reader.compose()
        asWritten.add(name: name.value)
        asWritten.add(node)
        canonical.add(name: name.value)
        canonical.add(Self.operation(node).whole)
      }
    case .sequence:
      try readList(&reader, &asWritten, &canonical)
    }
    members.append(("operations", asWritten.finish(), canonical.finish()))
  }

  private mutating func readList(
    _ reader: inout NodeReader, _ asWritten: inout ContentFold, _ canonical: inout ContentFold
  ) throws(ReadFailure) {
    var mapping = ContentFold()
    var names: Set<String> = []
    asWritten.open(isMapping: false)
    canonical.open(isMapping: false)
    mapping.open(isMapping: true)
    var haveIDs = true
    try reader.enter()
    while try reader.hasNextItem() {
      let node = try reader.compose()
      asWritten.add(node)
      let (whole, id, rest) = Self.operation(node)
      canonical.add(whole)
      guard haveIDs, let id, isName(id), names.insert(id).inserted else {
        haveIDs = false
        continue
      }
      mapping.add(name: id)
      mapping.add(rest)
    }
    guard haveIDs, !names.isEmpty else { return }
    form.listsByID = true
    canonical = mapping
  }

  /// An operation in its canonical form, and the same without its `id`.
  private static func operation(_ node: Node) -> (whole: Node, id: String?, rest: Node) {
    guard let entries = node.entries else { return (node, nil, node) }
    let members = PlanForm.operation(entries)
    let id = members.first { $0.key.value == "id" }?.value.scalar
    let rest = members.filter { $0.key.value != "id" }
    return (
      Node(.mapping(members), at: node.range), id.flatMap { $0.isNull ? nil : $0.text },
      Node(.mapping(id == nil ? members : rest), at: node.range)
    )
  }
}

/// Folds trees into a digest, without the places and spellings of what they hold.
///
/// Recursion follows nodes, whose depth the reader of files limits.
private struct ContentFold {
  private var hasher = SHA256()
  private var buffer: [UInt8] = []

  static func digest(_ node: Node) -> SHA256Digest {
    var fold = ContentFold()
    fold.add(node)
    return fold.finish()
  }

  mutating func open(isMapping: Bool) { buffer.append(UInt8(ascii: isMapping ? "{" : "[")) }

  mutating func add(name: String) { add(UInt8(ascii: "n"), name) }

  mutating func add(_ digest: SHA256Digest) { buffer.append(contentsOf: digest) }

  mutating func add(_ node: Node) {
    switch node.content {
    case .scalar(let scalar) where scalar.isNull: buffer.append(UInt8(ascii: "0"))
    case .scalar(let scalar): add(scalar.contentKind, scalar.text)
    case .sequence(let items):
      open(isMapping: false)
      for item in items { add(item) }
      buffer.append(UInt8(ascii: "]"))
    case .mapping(let entries):
      open(isMapping: true)
      for entry in entries {
        add(name: entry.key.value)
        add(entry.value)
      }
      buffer.append(UInt8(ascii: "}"))
    }
  }

  /// What comes next as a whole; a list item by item.
  mutating func foldNext(_ reader: inout NodeReader) throws(ReadFailure) {
    guard try reader.kind() == .sequence else { return add(try reader.compose()) }
    open(isMapping: false)
    try reader.enter()
    while try reader.hasNextItem() { add(try reader.compose()) }
  }

  private mutating func add(_ kind: UInt8, _ text: String) {
    buffer.append(kind)
    withUnsafeBytes(of: text.utf8.count.littleEndian) { buffer.append(contentsOf: $0) }
    buffer.append(contentsOf: text.utf8)
    guard buffer.count > 1 << 16 else { return }
    hasher.update(data: buffer)
    buffer.removeAll(keepingCapacity: true)
  }

  mutating func finish() -> SHA256Digest {
    hasher.update(data: buffer)
    return hasher.finalize()
  }
}

extension Scalar {
  /// What is folded before its text: quotes matter where the text alone could be something else.
  fileprivate var contentKind: UInt8 {
    let plain = Scalar(text)
    if !plain.isNull, case .success(.text) = plain.value(as: .any) { return UInt8(ascii: "t") }
    return style == .plain ? UInt8(ascii: "v") : UInt8(ascii: "q")
  }
}
