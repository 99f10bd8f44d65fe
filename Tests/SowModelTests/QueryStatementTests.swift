import SowModel
import Testing

struct QueryStatementTests {
  private static let file = FileID(index: 0)

  @Test(arguments: [
    ("SELECT :a", ["a"]), ("SELECT :a, :b_2, :a", ["a", "b_2", "a"]),
    ("SELECT ':a', 'it''s :b', :c", ["c"]), (#"SELECT ":a""x:b", `:c`, :d"#, ["d"]),
    ("SELECT 1 -- :a\n, :b", ["b"]), ("SELECT /* :a\n*/ :b /* :c", ["b"]),
    ("SELECT x::text, :a::int", ["a"]), ("SELECT $$ :a $$, $q$ :b $$ $q$, :c", ["c"]),
    ("SELECT a[1:2], :é", ["é"]), ("SELECT ':a", []), ("SELECT :", []), ("", []),
  ])
  func `parameters stand outside of texts, names, comments and casts`(
    text: String, names: [String]
  ) {
    let statement = QueryStatement(text, file: Self.file)
    #expect(statement.places.map(\.name) == names)
    for place in statement.places {
      let bytes = Array(text.utf8)[place.bytes]
      #expect(String(decoding: bytes, as: UTF8.self) == ":" + place.name)
    }
  }

  @Test func `a parameter is counted once, where it comes first`() {
    let statement = QueryStatement("SELECT :b, :a, :b", file: Self.file)
    #expect(statement.parameters == ["b", "a"])
  }

  @Test func `a place has line and column in Unicode scalars`() {
    let statement = QueryStatement("SELECT 'é',\n  :name", file: Self.file)
    let range = statement.range(of: statement.places[0].bytes)
    #expect(range.start == SourcePosition(line: 2, column: 3))
    #expect(range.end == SourcePosition(line: 2, column: 8))
    #expect(
      QueryStatement("SELECT é + nix", file: Self.file).range(ofWordAt: 12).end
        == SourcePosition(line: 1, column: 15))
  }

  @Test func `names of tables are among its words, reserved words are not`() {
    let words = QueryStatement(
      #"SELECT * FROM Invoice JOIN "order" ORDER BY total -- customer"#, file: Self.file
    ).words
    #expect(words.isSuperset(of: ["invoice", "order", "total"]))
    #expect(words.isDisjoint(with: ["customer", "select", "from", "join"]))
    #expect(!QueryStatement("SELECT 1 ORDER BY 1", file: Self.file).words.contains("order"))
  }
}
