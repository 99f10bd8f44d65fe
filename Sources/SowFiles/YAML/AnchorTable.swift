import SowModel

/// The anchored values of one document, the count of its nodes, and the budget of its aliases.
struct AnchorTable {
  static let nestingLimit = 200
  static let aliasedNodeLimit = 1_000_000
  static let aliasedNodeFactor = 100

  private struct Anchored {
    var node: Node
    var size: Int
    var depth: Int
  }

  private var anchored: [String: Anchored] = [:]
  private var ownNodes = 0
  private var aliasedNodes = 0
  private var firstAlias: SourceRange?

  var isEmpty: Bool { anchored.isEmpty }

  /// Counts nodes that stand in the file; throws where `depth` containers are too many.
  mutating func countOwn(_ count: Int, depth: Int, at range: SourceRange) throws(ReadFailure) {
    ownNodes += count
    guard depth <= Self.nestingLimit else { throw tooDeep(at: range) }
  }

  mutating func define(_ name: String, _ node: Node, size: Int, depth: Int) {
    anchored[name] = Anchored(node: node, size: size, depth: depth)
  }

  /// The value that an alias stands for; `open` are the anchors around it.
  mutating func resolve(
    _ name: String, depth: Int, at range: SourceRange, open: [String] = []
  ) throws(ReadFailure) -> Node {
    guard !open.contains(name) else {
      throw ReadFailure(Diagnostic(.aliasToItself, ["alias": name], at: range))
    }
    guard let target = anchored[name] else {
      let hint = nearest(to: name, among: anchored.keys.sorted()).map(Diagnostic.Hint.didYouMean)
      throw ReadFailure(Diagnostic(.unknownAlias, ["alias": name], at: range, hint: hint))
    }
    guard depth + target.depth <= Self.nestingLimit else { throw tooDeep(at: range) }
    ownNodes += 1
    aliasedNodes += target.size
    firstAlias = firstAlias ?? range
    guard aliasedNodes <= Self.aliasedNodeLimit else {
      throw ReadFailure(
        Diagnostic(.aliasBudget, ["limit": String(Self.aliasedNodeLimit)], at: range))
    }
    return target.node
  }

  /// Nodes and height of an anchored value.
  func measure(of name: String) -> (size: Int, depth: Int) {
    anchored[name].map { ($0.size, $0.depth) } ?? (1, 0)
  }

  /// At the end, when the file's own nodes are known: whether aliases added too many to them.
  func excess() -> ReadFailure? {
    guard aliasedNodes > Self.aliasedNodeFactor * ownNodes else { return nil }
    let limit = Phrase(
      "\(Self.aliasedNodeFactor) times the \(ownNodes) of the file",
      vi: "\(Self.aliasedNodeFactor) lần \(ownNodes) nút của tệp")
    return ReadFailure(Diagnostic(.aliasBudget, ["limit": limit], at: firstAlias))
  }

  private func tooDeep(at range: SourceRange) -> ReadFailure {
    ReadFailure(Diagnostic(.nestedTooDeep, ["limit": String(Self.nestingLimit)], at: range))
  }
}
