import SowDatabase
import SowModel
import Testing

struct MovingTests {
  static let owner = Owner(scope: "", plan: "shop")
  static let other = Owner(scope: "", plan: "store")

  @Test(arguments: DatabaseUnderTest.all)
  func `what the ledger holds of one address becomes that of another`(
    under: DatabaseUnderTest
  ) throws {
    let (database, tables) = try under.begin(.artist)
    let artist = tables[0]
    try database.create(Ledger(lineage: "l", secret: Array(repeating: 1, count: 32)))
    let names = (1...4).map { [Value.integer(Int64($0)), .text("n\($0)")] }
    _ = try database.insert(try artist.rows(["id", "name"], names), stopsAtFailure: true)
    let shape = try database.number(of: LedgerShape(table: "artist", columns: ["name"]))
    func row(_ operation: String, _ instance: String, _ key: Int64) -> LedgerRow {
      LedgerRow(
        operation: operation, instance: instance, shape: shape, key: .integer(key),
        asked: RowDigest(high: 1, low: 2), answered: nil, origin: .created)
    }
    try database.record(
      [row("one", "", 1), row("many", #""a""#, 2), row("many", #""b""#, 3)], of: Self.owner,
      serial: 1)
    try database.record([row("single", "", 4)], of: Self.other, serial: 1)
    let done = LedgerPolicy(action: .update, entity: "artist", done: RowDigest(high: 3, low: 4))
    try database.record(done, operation: "many[\"a\"]", of: Self.owner)
    func at(_ owner: Owner, _ operation: String, _ instance: String = "") -> LedgerAddress {
      LedgerAddress(owner: owner, operation: operation, instance: instance)
    }
    let moves = [
      LedgerMove(from: at(Self.owner, "many", #""b""#), to: at(Self.owner, "bee"), isWhole: false),
      LedgerMove(from: at(Self.owner, "many"), to: at(Self.owner, "most"), isWhole: true),
      LedgerMove(from: at(Self.owner, "nothing"), to: at(Self.owner, "something"), isWhole: true),
      LedgerMove(from: at(Self.other, "single"), to: at(Self.owner, "single"), isWhole: true),
    ]
    try database.move(moves)
    var found: [String] = []
    try database.listLedger(of: Self.owner, operation: nil) { row, table in
      found.append(
        address(operation: row.operation, instance: row.instance) + " \(table) \(row.key.text)")
    }
    #expect(
      found == ["bee artist 3", #"most["a"] artist 2"#, "one artist 1", "single artist 4"])
    #expect(try database.policies(of: Self.owner).keys.sorted() == [#"most["a"]"#])
    #expect(try database.ledgerTables(of: "most", of: Self.owner) == ["artist"])
    #expect(try database.ledgerTables(of: "many", of: Self.owner) == [])
    #expect(try database.ledgerOwners() == [Self.owner])
    #expect(
      try database.owners(of: [.integer(3)], in: artist) == [at(Self.owner, "bee")])
  }
}
