internal import CPostgres
internal import SowDatabase

/// What PostgreSQL says of a failure. Its detail may hold values and is never read.
struct Complaint {
  /// Five characters (the manual, appendix A).
  let state: String
  /// PostgreSQL's own sentence, which may hold values: only some classes of it may be shown.
  let message: String
  let schema: String?
  let table: String?
  let column: String?
  let constraint: String?
  /// Where in the statement, in characters from 1 on.
  let position: Int?
  /// The server's function that complained.
  let function: String?

  init?(_ answer: Answer) {
    func field(_ code: Int32) -> String? {
      PQresultErrorField(answer.pointer, code).map { String(cString: $0) }
    }
    guard let state = field(cpostgres_state()) else { return nil }
    self.state = state
    message = field(cpostgres_message()) ?? ""
    schema = field(cpostgres_schema())
    table = field(cpostgres_table())
    column = field(cpostgres_column())
    constraint = field(cpostgres_constraint())
    position = field(cpostgres_position()).flatMap { Int($0) }
    function = field(cpostgres_function())
  }
}

/// Names as a message has them: `"a", "b"`.
func quoted(_ names: [String]) -> String {
  names.map { "\"\($0)\"" }.joined(separator: ", ")
}

extension DatabaseError {
  static var interruption: DatabaseError { DatabaseError(.interrupted, "the work was interrupted") }

  /// What a complaint means in our words; names of columns are mended by who knows the catalogue.
  init(_ complaint: Complaint) {
    self.init(state: complaint.state, complaint)
    constraint = complaint.constraint
    if kind.isOfTheRow {
      table = complaint.table.map { table in
        complaint.schema.map { $0 + "." + table } ?? table
      }
      if let column = complaint.column { columns = [column] }
    }
  }

  private init(state: String, _ complaint: Complaint) {
    switch state {
    case "23502": self.init(.notNull, "a value must not be null")
    case "23503", "23001":
      self.init(.foreignKey, "a reference to or from the row does not allow it")
    case "23505": self.init(.unique, "another row has the same values")
    case "23514":
      self.init(.check, "the check \(complaint.constraint ?? "") refuses the row")
    case "23P01":
      self.init(.refused, "the exclusion \(complaint.constraint ?? "") refuses the row")
    case "22001": self.init(.refused, "a value is too long for its column")
    case "22003": self.init(.refused, "a number is too large for its column")
    case "42501" where complaint.function == "ExecWithCheckOptions", "44000":
      self.init(.refused, "the row-level security of the table refuses the row")
    // Rights and names: the sentence holds names of the schema alone.
    case "42501": self.init(.unavailable, complaint.message)
    case "P0001", "P0000": self.init(.refused, "refused by a trigger")
    case "40001", "40P01":
      self.init(.conflict, "somebody else changed the same rows meanwhile")
    case "55P03": self.init(.locked, "another transaction holds what is needed")
    case "57014": self.init(.timedOut, "a statement took longer than it may")
    case "25006": self.init(.readOnly, "the database cannot be written")
    case "53100": self.init(.diskFull, "the disk of the server is full")
    case "58030": self.init(.inputOutput, "the server cannot read or write its files")
    case "57P01", "57P02", "57P03", "53300":
      self.init(.unavailable, "the server takes no more work")
    case _ where state.hasPrefix("08"):
      self.init(.unavailable, "the connection to the server was lost")
    case _ where state.hasPrefix("22"):
      self.init(.refused, "a column takes no value of this form")
    case _ where state.hasPrefix("23"): self.init(.refused, "a constraint refuses the row")
    case _ where state.hasPrefix("42") || state.hasPrefix("0A"):
      self.init(.other, "PostgreSQL cannot run the statement: \(complaint.message)")
    default: self.init(.other, "PostgreSQL gave the error \(state)")
    }
  }
}
