internal import SowModel

/// Which database a URL names; a password in it never leaves this type.
enum DatabaseURL: Hashable, Sendable {
  /// A file, as written and as an absolute path or one relative to the current folder.
  case file(written: String, path: String)
  /// A database that lives as long as the process.
  case memory

  /// As it may be shown and as the user wrote it.
  var text: String {
    switch self {
    case .file(let written, _): "sqlite:" + written
    case .memory: "sqlite::memory:"
    }
  }

  /// The path of the file; nil in memory.
  var path: String? {
    if case .file(_, let path) = self { return path }
    return nil
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
    guard scheme == "sqlite" || scheme == "sqlite3" else {
      diagnostics.report(
        .unsupportedDatabase, ["scheme": scheme], at: range,
        hint: .text(
          "use sqlite:PATH, for example sqlite:shop.db",
          vi: "hãy dùng sqlite:PATH, ví dụ sqlite:shop.db"))
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
    meaning: "The URL of a database is its kind, a colon and the path of its file.",
    example: "sow plan --database shop.db",
    fix: "Write sqlite:PATH, for example sqlite:shop.db, sqlite:/data/shop.db or sqlite::memory:.")

  static let unsupportedDatabase = DiagnosticCode(
    "unsupported-database", "this version does not speak to \"{scheme}\" databases",
    vi: "phiên bản này không làm việc với cơ sở dữ liệu \"{scheme}\"",
    meaning: "The URL of a database starts with its kind; this version knows sqlite alone.",
    example: "sow plan --database postgres://localhost/shop",
    fix: "Use sqlite:PATH, for example sqlite:shop.db, or sqlite::memory: for a trial.")
}
