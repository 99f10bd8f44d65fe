internal import SowDatabase
internal import SowFiles
internal import SowModel

/// The ledger of one database, open for reading in one transaction.
struct LedgerReading {
  let database: any Database
  let choice: EnvironmentChoice
  /// Nil where the database has none.
  let ledger: Ledger?

  /// The plans that own rows in the choice's scope, by name.
  func owners() throws(DatabaseError) -> [Owner] {
    guard ledger != nil else { return [] }
    return try database.ledgerOwners().filter { $0.scope == choice.scope }
  }

  var digester: KeyedDigester { KeyedDigester(secret: ledger?.secret ?? []) }
}

extension Session {
  /// Opens the database of the options, reads its ledger and does `body`; what fails is shown.
  ///
  /// A database file that does not exist is one without a ledger.
  func readLedger(
    _ project: String?, _ options: DatabaseOptions,
    _ body: (LedgerReading) throws -> Ending
  ) -> Ending {
    read(project, options) { reading in
      let (database, choice) = (reading.database, reading.choice)
      let ledger = try database.ledger()
      if ledger == nil { note(.noLedger(choice.database.text)) }
      return try body(LedgerReading(database: database, choice: choice, ledger: ledger))
    }
  }
}

extension Phrase {
  fileprivate static func noLedger(_ database: String) -> Phrase {
    Phrase(
      "\(database) has no ledger: sow owns nothing there",
      vi: "\(database) không có sổ cái: sow không sở hữu gì ở đó")
  }
}
