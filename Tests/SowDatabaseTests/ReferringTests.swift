import SowDatabase
import SowModel
import Testing

struct ReferringTests {
  @Test(arguments: DatabaseUnderTest.all)
  func `rows that refer to others are named with what they refer to`(
    under: DatabaseUnderTest
  ) throws {
    let (database, tables) = try under.begin(.artist, .album)
    let (artist, album) = (tables[0], tables[1])
    let names = [
      [Value.integer(1), .text("a")], [.integer(2), .text("b")], [.integer(3), .text("c")],
    ]
    _ = try database.insert(try artist.rows(["id", "name"], names), stopsAtFailure: true)
    let albums = [1, 1, 2, 3].map { [Value.text("x"), .integer($0)] }
    _ = try database.insert(try album.rows(["title", "artist_id"], albums), stopsAtFailure: true)
    let foreignKey = try #require(album.foreignKeys.first)
    let found = try database.referring(
      to: [.integer(1), .integer(3), .integer(9)], in: artist, from: album, by: foreignKey)
    #expect(
      Set(found) == [
        Referring(parent: .integer(1), child: .integer(1)),
        Referring(parent: .integer(1), child: .integer(2)),
        Referring(parent: .integer(3), child: .integer(4)),
      ])
    #expect(found.count == 3)
  }

  @Test(arguments: DatabaseUnderTest.all)
  func `foreign keys that are put off may be broken until the commit`(
    under: DatabaseUnderTest
  ) throws {
    let (database, tables) = try under.begin(.artist, .album)
    let (artist, album) = (tables[0], tables[1])
    func insert(_ id: Int64) throws {
      let row = try artist.rows(["id", "name"], [[.integer(id), .text("a")]])
      #expect(try database.insert(row, stopsAtFailure: true).isEmpty)
    }
    try insert(1)
    let title = try album.rows(["title", "artist_id"], [[.text("x"), .integer(1)]])
    _ = try database.insert(title, stopsAtFailure: true)
    #expect(try !database.delete([.integer(1)], from: artist, stopsAtFailure: true).isEmpty)
    try database.deferForeignKeys()
    #expect(try database.delete([.integer(1)], from: artist, stopsAtFailure: true).isEmpty)
    try insert(1)
    try database.commit()
    try database.begin(.write, patience: 1)
    #expect(try !database.delete([.integer(1)], from: artist, stopsAtFailure: true).isEmpty)
    try database.deferForeignKeys()
    _ = try database.delete([.integer(1)], from: artist, stopsAtFailure: true)
    #expect(throws: DatabaseError.self) { try database.commit() }
  }
}
