import SowModel
import Testing

struct NodeValueTests {
  @Test func `a tree is read by the types of its members, the rest by the core schema`() {
    let node = mapping([
      ("zip", plain("01234")), ("count", plain("3")), ("extra", plain("7")),
      ("tags", sequence([plain("no"), plain("5")])),
    ])
    var mistakes: [NodeMistake] = []
    let type = FieldType.object(["zip": .string, "count": .integer, "tags": .list(of: .string)])
    let value = node.value(as: type, mistakes: &mistakes)
    #expect(mistakes.isEmpty)
    #expect(
      value
        == .object([
          .init("zip", .text("01234")), .init("count", .integer(3)), .init("extra", .integer(7)),
          .init("tags", .list([.text("no"), .text("5")])),
        ]))
  }

  @Test func `every mistake of a tree is found, with its path`() {
    let node = mapping([
      ("a", sequence([plain("1"), plain("x"), plain("2.5")])), ("b", mapping([])),
      ("c\0", plain("1")),
    ])
    var mistakes: [NodeMistake] = []
    let value = node.value(
      as: .object(["a": .list(of: .integer), "b": .boolean]), mistakes: &mistakes)
    #expect(value == nil)
    #expect(mistakes.map(\.path) == [["a", "1"], ["a", "2"], ["b"], ["c\0"]])
    #expect(
      mistakes.map(\.mistake) == [
        .malformed(.integer), .fractional, .structureUnexpected(.boolean), .zeroCharacter,
      ])
  }

  private let range = SourceRange(
    file: FileID(index: 0), start: SourcePosition(line: 1, column: 1),
    end: SourcePosition(line: 1, column: 2))

  private func plain(_ text: String) -> Node { Node(.scalar(Scalar(text)), at: range) }

  private func sequence(_ items: [Node]) -> Node { Node(.sequence(items), at: range) }

  private func mapping(_ members: [(String, Node)]) -> Node {
    Node(
      .mapping(members.map { Node.Entry(key: Located($0.0, at: range), value: $0.1) }), at: range)
  }
}
