internal import SowModel
internal import SowPostgres

/// Which database a URL names; a password in it never leaves this type but to connect.
enum DatabaseURL: Hashable, Sendable {
  /// A file, as written and as an absolute path or one relative to the current folder.
  case file(written: String, path: String)
  /// A database that lives as long as the process.
  case memory
  /// A PostgreSQL server, and how it is used beyond its URL.
  case server(url: String, PostgresDatabase.Settings)

  /// As it may be shown and as the user wrote it.
  var text: String {
    switch self {
    case .file(let written, _): "sqlite:" + written
    case .memory: "sqlite::memory:"
    case .server(let url, _): withoutPassword(url)
    }
  }

  /// The path of the file; nil in memory and on a server.
  var path: String? {
    if case .file(_, let path) = self { return path }
    return nil
  }

  var isServer: Bool {
    if case .server = self { return true }
    return false
  }

  /// The same database, used as an environment says; what only servers know is reported for others.
  func used(
    by environment: Environment?, tenant: String?, into diagnostics: inout Diagnostics
  ) -> DatabaseURL {
    guard case .server(let url, var settings) = self else {
      for (name, value) in [
        ("schema", environment?.schema), ("ledger_schema", environment?.ledgerSchema),
        ("role", environment?.role),
      ] {
        guard let value else { continue }
        diagnostics.report(.servesServersOnly, ["key": name, "database": text], at: value.range)
      }
      return self
    }
    settings.schema = environment?.schema?.value
    settings.ledgerSchema = environment?.ledgerSchema?.value
    settings.role = environment?.role?.value
    settings.identity["sow.tenant"] = tenant
    if let identity = environment?.identity {
      settings.identity["sow.roles"] = identity.roles.joined(separator: ",")
    }
    return .server(url: url, settings)
  }

  /// Reads `text`; paths are relative to `folder`. A URL that this version cannot use is reported
  /// at `range`, and no more of it is said than its scheme.
  init?(
    _ text: String, relativeTo folder: String, at range: SourceRange? = nil,
    into diagnostics: inout Diagnostics
  ) {
    guard let colon = text.firstIndex(of: ":"), isScheme(text[..<colon]) else {
      let looksLikeFile = !text.contains("@") && !text.contains("://")
      diagnostics.report(
        .invalidDatabaseURL, ["problem": Phrase("has no scheme", vi: "không có scheme")], at: range,
        hint: looksLikeFile ? .didYouMean("sqlite:" + text) : nil)
      return nil
    }
    let scheme = text[..<colon].lowercased()
    if scheme == "postgres" || scheme == "postgresql" {
      self = .server(url: text, PostgresDatabase.Settings())
      return
    }
    guard scheme == "sqlite" || scheme == "sqlite3" else {
      diagnostics.report(
        .unsupportedDatabase, ["scheme": scheme], at: range,
        hint: .text(
          "use sqlite:PATH, for example sqlite:shop.db, or postgres://HOST/DATABASE",
          vi: "hãy dùng sqlite:PATH, ví dụ sqlite:shop.db, hoặc postgres://HOST/DATABASE"))
      return nil
    }
    var path = text[text.index(after: colon)...]
    if path.hasPrefix("//") { path = path.dropFirst(2) }
    if path == ":memory:" {
      self = .memory
      return
    }
    let problem: Phrase? =
      if path.isEmpty {
        Phrase("names no file", vi: "không nêu tệp nào")
      } else if path.contains("?") {
        Phrase(
          "has options after \"?\", which sow does not take",
          vi: "có tùy chọn sau \"?\", thứ mà sow không nhận")
      } else if path.unicodeScalars.contains("\0") {
        Phrase("has a NUL character", vi: "có ký tự NUL")
      } else { nil }
    if let problem {
      diagnostics.report(.invalidDatabaseURL, ["problem": problem], at: range)
      return nil
    }
    let written = String(path)
    self = .file(written: written, path: joined(folder, written))
  }
}

/// The URL of a server as it may be shown: the user stays, what is secret goes.
private func withoutPassword(_ url: String) -> String {
  let parts = url.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
  var place = String(parts[0])
  if let start = place.firstRange(of: "://")?.upperBound,
    let end = place[start...].lastIndex(of: "@"),
    let colon = place[start..<end].firstIndex(of: ":")
  {
    place.removeSubrange(colon..<end)
  }
  guard parts.count > 1 else { return place }
  let options = parts[1].split(separator: "&").filter { option in
    let name = option.prefix { $0 != "=" }.lowercased()
    // A name that is written with escapes could be that of a password, too.
    return !name.contains("pass") && !name.contains("%")
  }
  return options.isEmpty ? place : place + "?" + options.joined(separator: "&")
}

/// A letter and then letters, digits, `+`, `-` and `.` (RFC 3986), two at least: `C:` is a path.
private func isScheme(_ text: Substring) -> Bool {
  guard text.utf8.count >= 2, let first = text.utf8.first, isLetter(first) else { return false }
  return text.utf8.allSatisfy { byte in
    isLetter(byte) || (0x30...0x39).contains(byte) || byte == UInt8(ascii: "+")
      || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
  }
}

private func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }

extension DiagnosticCode {
  static let invalidDatabaseURL = DiagnosticCode(
    "invalid-database-url", "the database URL {problem}",
    vi: "URL của cơ sở dữ liệu {problem}",
    meaning: """
      The URL of a database is its kind, a colon and the path of its file, or the server that has \
      it.
      """,
    example: "sow plan --database shop.db",
    fix: """
      Write sqlite:PATH, for example sqlite:shop.db, sqlite:/data/shop.db or sqlite::memory:, or \
      postgres://USER@HOST/DATABASE.
      """)

  static let servesServersOnly = DiagnosticCode(
    "serves-servers-only", "\"{key}\" says nothing to {database}",
    vi: "\"{key}\" không có nghĩa với {database}",
    meaning: """
      schema, ledger_schema and role of an environment are about a PostgreSQL server; a database in \
      a file has neither schemas nor roles.
      """,
    example: "local: { database: sqlite:shop.db, schema: shop }",
    fix: "Remove the key, or use the URL of a server, such as postgres://HOST/DATABASE.")

  static let unsupportedDatabase = DiagnosticCode(
    "unsupported-database", "this version does not speak to \"{scheme}\" databases",
    vi: "phiên bản này không làm việc với cơ sở dữ liệu \"{scheme}\"",
    meaning: """
      The URL of a database starts with its kind; this version knows sqlite, postgres and \
      postgresql.
      """,
    example: "sow plan --database mysql://localhost/shop",
    fix: """
      Use sqlite:PATH, for example sqlite:shop.db, sqlite::memory: for a trial, or \
      postgres://HOST/DATABASE.
      """)
}
