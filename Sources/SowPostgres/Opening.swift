internal import CPostgres
package import SowDatabase
internal import SowModel

extension PostgresDatabase {
  /// How a database is used, beyond its URL.
  package struct Settings: Hashable, Sendable {
    /// Where plain names of tables lead to; nil for the schema that the server says.
    package var schema: String?
    /// Where the ledger lies; nil for `schema`.
    package var ledgerSchema: String?
    /// The role whose rights count.
    package var role: String?
    /// What row-level security may ask for, such as `sow.tenant`.
    package var identity: [String: String] = [:]
    /// How long one statement may take; nil for as long as the server has it.
    package var statementLimit: Duration?

    package init() {}
  }

  /// Connects to the server of a `postgres://` URL; what it leaves out comes from `PG*` variables,
  /// password and service files, as `psql` reads them.
  package static func open(url: String, settings: Settings = Settings()) throws(DatabaseError)
    -> PostgresDatabase
  {
    guard isReadable(url) else {
      throw DatabaseError(
        .unavailable, "the URL is not one that PostgreSQL takes",
        vi: "PostgreSQL không nhận URL này")
    }
    let options = [
      ("dbname", url), ("fallback_application_name", "sow"), ("client_encoding", "UTF8"),
    ]
    let (names, values) = (options.map { strdup($0.0) }, options.map { strdup($0.1) })
    defer { for pointer in names + values { free(pointer) } }
    let pointer = PQconnectdbParams(
      names.map { UnsafePointer($0) } + [nil], values.map { UnsafePointer($0) } + [nil], 1)
    guard let pointer else {
      throw DatabaseError(
        .other, "there is no memory for a connection", vi: "không còn bộ nhớ cho một kết nối")
    }
    let handle = Handle(pointer)
    guard PQstatus(pointer) == CONNECTION_OK else {
      throw DatabaseError(.unavailable, reason(String(cString: PQerrorMessage(pointer))))
    }
    // Notices would go to the terminal.
    PQsetNoticeProcessor(pointer, { _, _ in }, nil)
    let connection = Connection(handle)
    return PostgresDatabase(
      connection, place: try place(of: connection, settings), settings: settings)
  }

  private static func place(
    of connection: Connection, _ settings: Settings
  ) throws(DatabaseError) -> Place {
    let answer = try connection.query(
      """
      SELECT coalesce($1, current_schema(), 'public'),
        current_setting('server_version_num')::int >= 130000,
        current_setting('server_encoding')
      """, [settings.schema.map { Parameter($0) } ?? .null])
    guard answer[0].isTrue(1) else {
      throw DatabaseError(
        .unusable, "the server is older than PostgreSQL 13", vi: "máy chủ cũ hơn PostgreSQL 13")
    }
    guard answer[0].text(2) == "UTF8" else {
      throw DatabaseError(
        .unusable, "the database is encoded as \(answer[0].text(2)), and sow wants UTF8",
        vi: "cơ sở dữ liệu dùng mã \(answer[0].text(2)), còn sow cần UTF8")
    }
    let schema = answer[0].text(0)
    return Place(schema: schema, ledgerSchema: settings.ledgerSchema ?? schema)
  }

  /// Before connecting: what the library says of a URL may hold parts of it.
  private static func isReadable(_ url: String) -> Bool {
    var words: UnsafeMutablePointer<CChar>?
    let options = PQconninfoParse(url, &words)
    PQconninfoFree(options)
    PQfreemem(words)
    return options != nil && !url.utf8.contains(0)
  }

  /// The first line of the library's sentence, which may name host, user and database.
  private static func reason(_ message: String) -> Phrase {
    let line = message.split(separator: "\n").first.map(String.init) ?? "there is no connection"
    return Phrase(
      "the server does not answer: {problem}", vi: "máy chủ không trả lời: {problem}",
      ["problem": Phrase.quoted(line, of: "libpq")])
  }
}

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif
