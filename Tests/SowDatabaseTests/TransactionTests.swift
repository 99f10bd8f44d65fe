import SowDatabase
import SowModel
import Testing

struct TransactionTests {
  @Test(arguments: DatabaseUnderTest.all)
  func `what was committed stays and what was rolled back does not`(kind: DatabaseUnderTest) throws
  {
    let (database, tables) = try kind.begin(.artist)
    try database.fill(tables[0], ["name"], [[.text("AC/DC")]])
    try database.commit()

    try database.begin(.write, patience: 1)
    try database.fill(tables[0], ["name"], [[.text("Accept")]])
    database.rollback()

    try database.begin(.read, patience: 1)
    #expect(try database.contents(of: tables[0], ["name"]) == [[.text("AC/DC")]])
  }

  @Test(arguments: DatabaseUnderTest.all)
  func `a nested unit is kept or taken back alone`(kind: DatabaseUnderTest) throws {
    let (database, tables) = try kind.begin(.artist)
    try database.savepoint()
    try database.fill(tables[0], ["name"], [[.text("kept")]])
    try database.savepoint()
    try database.fill(tables[0], ["name"], [[.text("taken back")]])
    try database.undo()
    try database.release()
    #expect(try database.contents(of: tables[0], ["name"]) == [[.text("kept")]])
  }

  @Test(arguments: DatabaseUnderTest.all)
  func `rolling back without a transaction does nothing`(kind: DatabaseUnderTest) throws {
    let database = try kind.make()
    database.rollback()
    try database.begin(.write, patience: 1)
    database.rollback()
    database.rollback()
  }

  @Test(arguments: DatabaseUnderTest.all)
  func `a table whose making was undone is unknown`(kind: DatabaseUnderTest) throws {
    let database = try kind.begin()
    try database.savepoint()
    try database.create([.artist])
    #expect(try database.catalogue()["artist"] != nil)
    try database.undo()
    #expect(try database.catalogue()["artist"] == nil)
  }

  @Test(arguments: DatabaseUnderTest.all)
  func `after an interruption every call ends until the rollback`(kind: DatabaseUnderTest) throws {
    let (database, tables) = try kind.begin(.artist)
    database.interruption.interrupt()
    let error = #expect(throws: DatabaseError.self) {
      try database.fill(tables[0], ["name"], [[.text("AC/DC")]])
    }
    #expect(error?.kind == .interrupted)
    #expect(throws: DatabaseError.self) { try database.commit() }
    database.rollback()
  }
}
