import SowModel

/// Builds one tree bottom-up: open containers on a stack, their finished members on another.
struct NodeComposer {
  struct Name {
    var value: String
    var range: SourceRange
    var isPlain: Bool
  }

  struct Closed {
    var node: Node
    var anchor: String?
    /// Nodes of the tree, those behind aliases too.
    var size: Int
    /// Containers on the longest way down, this one included.
    var depth: Int
    var duplicates: [(name: Name, earlier: SourceRange)]
  }

  private struct Frame {
    var isMapping: Bool
    var anchor: String?
    var start: SourcePosition
    var firstItem: Int
    var firstEntry: Int
    var size = 1
    var depth = 0
    var name: Name?
    var skipsValue = false
  }

  private var frames: [Frame] = []
  private var items: [Node] = []
  private var entries: [Node.Entry] = []

  mutating func reset() {
    frames.removeAll(keepingCapacity: true)
    items.removeAll(keepingCapacity: true)
    entries.removeAll(keepingCapacity: true)
  }

  var depth: Int { frames.count }
  var wantsName: Bool { frames.last.map { $0.isMapping && $0.name == nil } ?? false }
  var openAnchors: [String] { frames.compactMap(\.anchor) }

  mutating func open(isMapping: Bool, anchor: String?, at start: SourcePosition) {
    frames.append(
      Frame(
        isMapping: isMapping, anchor: anchor, start: start, firstItem: items.count,
        firstEntry: entries.count))
  }

  mutating func name(_ name: Name, isMergeKey: Bool) {
    frames[frames.count - 1].name = name
    frames[frames.count - 1].skipsValue = isMergeKey
  }

  /// Puts a finished value into the container around it; the value itself where there is none.
  mutating func add(_ node: Node, size: Int, depth: Int) -> Node? {
    guard let top = frames.indices.last else { return node }
    frames[top].size += size
    frames[top].depth = max(frames[top].depth, depth)
    if let name = frames[top].name {
      frames[top].name = nil
      guard !frames[top].skipsValue else { return nil }
      entries.append(Node.Entry(key: Located(name.value, at: name.range), value: node))
    } else {
      items.append(node)
    }
    return nil
  }

  /// Takes the innermost container off the stack.
  mutating func close(end: SourcePosition, file: FileID) -> Closed {
    guard let frame = frames.popLast() else { preconditionFailure("a container is open") }
    let range = SourceRange(file: file, start: frame.start, end: end)
    var duplicates: [(name: Name, earlier: SourceRange)] = []
    let content: Node.Content
    if frame.isMapping {
      var members = Array(entries[frame.firstEntry...])
      entries.removeLast(members.count)
      removeDuplicates(&members, into: &duplicates)
      content = .mapping(members)
    } else {
      let values = Array(items[frame.firstItem...])
      items.removeLast(values.count)
      content = .sequence(values)
    }
    return Closed(
      node: Node(content, at: range), anchor: frame.anchor, size: frame.size,
      depth: frame.depth + 1, duplicates: duplicates)
  }

  private func removeDuplicates(
    _ members: inout [Node.Entry], into duplicates: inout [(name: Name, earlier: SourceRange)]
  ) {
    var names = MemberNames()
    var doubled: [Int] = []
    for (index, member) in members.enumerated() {
      if members.count <= 8 {
        guard
          let earlier = members[..<index].first(where: {
            $0.key.value.hasSameBytes(as: member.key.value)
          })
        else { continue }
        doubled.append(index)
        duplicates.append((Name(member.key), earlier.key.range))
      } else if let earlier = names.insert(member.key.value, at: member.key.range) {
        doubled.append(index)
        duplicates.append((Name(member.key), earlier))
      }
    }
    for index in doubled.reversed() { members.remove(at: index) }
  }
}

extension NodeComposer.Name {
  fileprivate init(_ key: Located<String>) {
    self.init(value: key.value, range: key.range, isPlain: false)
  }
}

/// The names of one mapping's members; names that differ in bytes are different.
struct MemberNames {
  private var ranges: [String: SourceRange] = [:]
  /// Names that equal another one in Swift, but not in bytes.
  private var lookalikes: [Located<String>] = []
  private var spellings: [String: String] = [:]

  /// The place of the same name given before, where there is one.
  mutating func insert(_ name: String, at range: SourceRange) -> SourceRange? {
    guard let earlier = ranges[name] else {
      ranges[name] = range
      if !name.utf8.allSatisfy({ $0 < 0x80 }) { spellings[name] = name }
      return nil
    }
    guard let spelling = spellings[name], !spelling.hasSameBytes(as: name) else { return earlier }
    if let same = lookalikes.first(where: { $0.value.hasSameBytes(as: name) }) { return same.range }
    lookalikes.append(Located(name, at: range))
    return nil
  }
}
