package import SowDatabase
package import SowModel

extension SQLiteDatabase {
  package var dialect: Dialect { .sqlite }

  package func inspect(_ statement: QueryStatement) throws(DatabaseError)
    -> Result<StatementShape, QueryRefusal>
  {
    try connection.prepare(statement).map(\.shape)
  }

  package func run(_ call: QueryCall) throws(DatabaseError) -> Result<QueryRows, QueryRefusal> {
    let named: NamedStatement
    switch try connection.prepare(call.statement) {
    case .success(let prepared): named = prepared
    case .failure(let refusal): return .failure(refusal)
    }
    let statement = named.statement
    defer { statement.reset() }
    for (value, position) in zip(call.values, named.positions) where position > 0 {
      statement.bind(value, as: .blob, at: position)
    }
    let columns = named.shape.columns
    let types = columns.map { call.types[$0] ?? .any }
    var found = QueryRows(columns: columns, rows: [])
    do throws(DatabaseError) {
      while try statement.step() {
        found.rows.append(try values(of: statement, from: 0, as: types))
      }
    } catch {
      // What the statement asks for is to blame, unless the database itself fails.
      guard error.kind.isOfTheRow || error.kind == .other else { throw error }
      return .failure(QueryRefusal(error.message))
    }
    return .success(found)
  }
}
