internal import CPostgres
package import SowDatabase
package import SowModel

extension PostgresDatabase {
  package var dialect: Dialect { .postgres }

  package func inspect(_ statement: QueryStatement) throws(DatabaseError)
    -> Result<StatementShape, QueryRefusal>
  {
    if let known = known.statements[statement.text] { return .success(known) }
    if let refusal = statement.refusal { return .failure(refusal) }
    let shape = try reading {
      () throws(DatabaseError) -> Result<StatementShape, QueryRefusal> in
      let answer = try connection.describe(statement.numbered)
      guard answer.status == PGRES_COMMAND_OK else { return try refusal(answer, of: statement) }
      let columns = answer.columns
      guard !columns.isEmpty else { return .failure(.writes) }
      guard statement.words.isDisjoint(with: Self.writing) else {
        return try plan(of: statement).map { _ in StatementShape(columns: columns, tables: nil) }
      }
      return .success(StatementShape(columns: columns, tables: nil))
    }
    if case .success(let shape) = shape { known.statements[statement.text] = shape }
    return shape
  }

  package func run(_ call: QueryCall) throws(DatabaseError) -> Result<QueryRows, QueryRefusal> {
    if case .failure(let refusal) = try inspect(call.statement) { return .failure(refusal) }
    return try reading { () throws(DatabaseError) -> Result<QueryRows, QueryRefusal> in
      let parameters = call.values.map { value in
        switch value {
        case .null: Parameter.null
        case .bytes(let bytes): Parameter("\\x" + hexadecimal(bytes))
        case .decimal(let number): Parameter(number.canonical)
        default: Parameter(value.text)
        }
      }
      let answer = try connection.answer(call.statement.numbered, parameters)
      guard answer.status == PGRES_TUPLES_OK else {
        return try refusal(answer, of: call.statement)
      }
      let columns = answer.columns
      let types = columns.indices.map { ColumnType(number: answer.type(of: $0)) }
      let rows: [[Value]] = answer.rows.map { row in
        columns.indices.map { place in
          let value = types[place].value(row, place)
          return call.types[columns[place]].map { value.read(as: $0) } ?? value
        }
      }
      return .success(QueryRows(columns: columns, rows: rows))
    }
  }

  /// Runs `body` in a unit that only reads and that is taken back whatever it did.
  private func reading<Found>(
    _ body: () throws(DatabaseError) -> Result<Found, QueryRefusal>
  ) throws(DatabaseError) -> Result<Found, QueryRefusal> {
    try connection.execute("SAVEPOINT sow; SET LOCAL transaction_read_only = on")
    let found = try body()
    try takeBack()
    return found
  }

  /// Refused where the plan of the statement writes: the words may be names, too.
  private func plan(of statement: QueryStatement) throws(DatabaseError)
    -> Result<Void, QueryRefusal>
  {
    let answer = try connection.answer(
      "EXPLAIN (COSTS off) " + statement.numbered, statement.parameters.map { _ in .null })
    guard answer.status == PGRES_TUPLES_OK else {
      return try refusal(answer, of: statement, from: 20)
    }
    let writes = answer.rows.contains { row in
      let line = row.text(0).drop { $0 == " " || $0 == "-" || $0 == ">" }
      return ["Insert on ", "Update on ", "Delete on ", "Merge on "].contains(where: line.hasPrefix)
    }
    return writes ? .failure(.writes) : .success(())
  }

  private static let writing: Set<String> = ["insert", "update", "delete", "merge"]

  /// Why a statement is refused; thrown where the database itself failed.
  private func refusal<Found>(
    _ answer: Answer, of statement: QueryStatement, from start: Int = 0
  ) throws(DatabaseError) -> Result<Found, QueryRefusal> {
    guard let complaint = Complaint(answer), !connection.handle.isInterrupted else {
      throw connection.handle.failure(answer)
    }
    let error = DatabaseError(complaint)
    if complaint.state == "25006" { return .failure(.writes) }
    // Sentences about the text of a statement hold nothing of a row.
    let isOfTheText = complaint.state.hasPrefix("42") && complaint.state != "42501"
    guard isOfTheText || error.kind.isOfTheRow || error.kind == .other else { throw error }
    let offset = complaint.position.flatMap { position in
      position > start ? statement.offset(ofCharacter: position - 1 - start) : nil
    }
    return .failure(
      QueryRefusal(
        isOfTheText ? .quoted(complaint.message, of: "PostgreSQL") : error.message,
        offset: isOfTheText ? offset : nil,
        lacksName: complaint.state == "42P01" || complaint.state == "42703"))
  }
}

extension QueryRefusal {
  fileprivate static var writes: QueryRefusal {
    QueryRefusal(
      "it must be one SELECT, and do nothing but read", vi: "nó phải là một câu SELECT, và chỉ đọc")
  }
}

extension QueryStatement {
  /// What shows without asking the server.
  fileprivate var refusal: QueryRefusal? {
    if text.utf8.contains(0) { return QueryRefusal("it contains U+0000", vi: "nó chứa U+0000") }
    if let name = LedgerSQL.names.first(where: words.contains) {
      return QueryRefusal(
        "it reads \(name), which is the ledger's", vi: "nó đọc \(name), là của sổ cái")
    }
    return nil
  }

  /// The text with `$1` and so on in place of `:parameters`.
  fileprivate var numbered: String { pieces.map(\.text).joined() }

  /// Where a character of the numbered text stands in this one, in bytes.
  fileprivate func offset(ofCharacter position: Int) -> Int? {
    var left = position
    var offset = 0
    for piece in pieces {
      let scalars = piece.text.unicodeScalars
      if left < scalars.count {
        guard !piece.isParameter else { return offset }
        return offset + scalars.prefix(left).reduce(0) { $0 + UTF8.width($1) }
      }
      left -= scalars.count
      offset += piece.length
    }
    return nil
  }

  /// What the numbered text is made of, and how many bytes of this one each piece stands for.
  private var pieces: [(text: String, length: Int, isParameter: Bool)] {
    let bytes = Array(text.utf8)
    var pieces: [(text: String, length: Int, isParameter: Bool)] = []
    var start = 0
    func keep(_ range: Range<Int>) {
      pieces.append((String(decoding: bytes[range], as: UTF8.self), range.count, false))
    }
    for place in places {
      keep(start..<place.bytes.lowerBound)
      let number = (parameters.firstIndex(of: place.name) ?? 0) + 1
      pieces.append(("$\(number)", place.bytes.count, true))
      start = place.bytes.upperBound
    }
    keep(start..<bytes.count)
    return pieces
  }
}

extension ColumnType {
  /// One of PostgreSQL's own types by its number (pg_type.dat); any other is read as text.
  fileprivate init(number: UInt32) {
    let word =
      switch number {
      case 16: "bool"
      case 17: "bytea"
      case 20, 21, 23: "int8"
      case 114: "json"
      case 700, 701: "float8"
      case 1083: "time"
      case 1114: "timestamp"
      case 1184: "timestamptz"
      case 1266: "timetz"
      case 1700: "numeric"
      case 3802: "jsonb"
      default: "text"
      }
    self.init(word: word, isText: true, name: word, modifier: -1)
  }
}

extension Value {
  /// What a statement gave, as the type that somebody says it has.
  fileprivate func read(as type: FieldType) -> Value {
    switch (type, self) {
    case (.decimal, .integer(let number)): .decimal(ExactDecimal(number))
    case (.decimal, .text(let text)): ExactDecimal(text).map(Value.decimal) ?? self
    case (.decimal, .float(let number)):
      ExactDecimal(String(number)).map(Value.decimal) ?? self
    case (.float, .integer(let number)):
      Int64(exactly: Double(number)) == number
        ? .float(Double(number)) : self
    case (.float, .decimal(let number)): Double(number.canonical).map(Value.float) ?? self
    case (.float, .text(let text)): Double(text).map(Value.float) ?? self
    case (.integer, .text(let text)): Int64(text).map(Value.integer) ?? self
    case (.integer, .decimal(let number)): Int64(number.canonical).map(Value.integer) ?? self
    case (.boolean, .text("true")), (.boolean, .text("t")): .boolean(true)
    case (.boolean, .text("false")), (.boolean, .text("f")): .boolean(false)
    case (.list, .text(let text)), (.object, .text(let text)): Value(json: text) ?? self
    default: self
    }
  }
}
