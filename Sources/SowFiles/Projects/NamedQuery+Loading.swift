package import SowModel

extension NamedQuery {
  /// Reads the queries of `schemas/queries`, sorted by name: for each `<name>.sql` or
  /// `<name>.<dialect>.sql`, and the `<name>.yaml` that describes it.
  ///
  /// Paths are shown below `shownRoot`, which leads to the project's root.
  package static func loadAll(
    project: Project, shownRoot: String, files: inout SourceFiles,
    diagnostics: inout Diagnostics
  ) -> [NamedQuery] {
    var loading = QueryLoading(
      folder: FilePath.join(shownRoot, "schemas/queries"), root: project.root,
      limit: project.limits.fileBytes)
    let queries = loading.readAll(&files)
    diagnostics.merge(loading.diagnostics)
    return queries
  }
}

private struct QueryLoading {
  let folder: String
  let root: String
  let limit: Int
  var diagnostics = Diagnostics()

  /// The names of a query's files.
  private struct Names {
    var statements: [(dialect: Dialect?, name: String)] = []
    var descriptions: [String] = []
  }

  mutating func readAll(_ files: inout SourceFiles) -> [NamedQuery] {
    var found: [String: Names] = [:]
    for name in folderNames(folder) ?? [] where !name.hasPrefix(".") {
      let base = FilePath.baseName(of: name)
      switch FilePath.fileExtension(of: name) {
      case "sql":
        let (query, dialect) = self.dialect(of: base, in: name, &files)
        found[query, default: Names()].statements.append((dialect, name))
      case "yaml", "yml", "json": found[base, default: Names()].descriptions.append(name)
      default: continue
      }
    }
    return found.sorted { precedesInBytes($0.key, $1.key) }.compactMap { name, names in
      read(name, names, &files)
    }
  }

  /// `name` of `name.sqlite`, with the dialect; one that nobody knows is reported.
  private mutating func dialect(
    of base: String, in file: String, _ files: inout SourceFiles
  ) -> (name: String, dialect: Dialect?) {
    let name = FilePath.baseName(of: base)
    guard name != base else { return (base, nil) }
    let word = FilePath.fileExtension(of: base)
    let dialect = Dialect(rawValue: word)
    if dialect == nil {
      let known = Dialect.allCases.map(\.rawValue)
      diagnostics.report(
        .unknownDialect, ["dialect": word, "known": known.joined(separator: ", ")],
        at: .start(of: files.add(FilePath.join(folder, file))),
        hint: nearest(to: word, among: known).map(Diagnostic.Hint.didYouMean))
    }
    return (name, dialect)
  }

  private mutating func read(
    _ name: String, _ names: Names, _ files: inout SourceFiles
  ) -> NamedQuery? {
    let first = names.descriptions.first ?? names.statements.first?.name ?? name
    let start = SourceRange.start(of: files.add(FilePath.join(folder, first)))
    guard diagnostics.checkedName(Located(name, at: start)) != nil else { return nil }
    for other in names.descriptions.dropFirst() {
      diagnostics.report(
        .duplicateQuery, ["query": name],
        at: .start(of: files.add(FilePath.join(folder, other))), related: [start])
    }
    var query = NamedQuery(
      name: name, range: start, parameters: Node(.mapping([]), at: start))
    do throws(ReadFailure) {
      if let description = names.descriptions.first {
        try readDescription(description, into: &query, &files)
      }
      for (dialect, file) in names.statements {
        query.statements[dialect] = try statement(file, &files)
      }
    } catch {
      diagnostics.report(error.diagnostic)
      return nil
    }
    guard !query.statements.isEmpty else {
      diagnostics.report(.queryWithoutStatement, ["query": name], at: start)
      return nil
    }
    return query
  }

  private func open(
    _ name: String, _ files: inout SourceFiles
  ) throws(ReadFailure) -> ByteSource {
    let path = FilePath.join(folder, name)
    let file = files.add(path)
    if let target = resolvedPath(path), let root = resolvedPath(root),
      !FilePath.isInside(target, root)
    {
      throw ReadFailure(
        Diagnostic(
          .fileOutsideProject, ["path": path, "why": Phrase.leadsOut],
          at: .start(of: file)))
    }
    return try InputFile.open(path, as: file, limit: limit)
  }

  private func statement(
    _ name: String, _ files: inout SourceFiles
  ) throws(ReadFailure) -> QueryStatement {
    let source = try open(name, &files)
    let bytes = try InputFile.allBytes(source)
    if let fault = TextFault.first(in: ByteSource(bytes: bytes, file: source.file, limit: limit)) {
      let (code, facts) = fault.diagnostic
      throw ReadFailure(
        Diagnostic(code, facts, at: SourceRange(at: fault.position, in: source.file)))
    }
    return QueryStatement(String(decoding: bytes, as: UTF8.self), file: source.file)
  }

  // MARK: The description

  private mutating func readDescription(
    _ name: String, into query: inout NamedQuery, _ files: inout SourceFiles
  ) throws(ReadFailure) {
    let source = try open(name, &files)
    var reader = NodeReader(
      source, format: FilePath.fileExtension(of: name) == "json" ? .json : [])
    defer { diagnostics.merge(reader.diagnostics) }
    guard try reader.start() else {
      throw ReadFailure(
        Diagnostic(
          .emptyFile,
          [
            "expected": Phrase("a JSON Schema of parameters", vi: "một JSON Schema của các tham số")
          ], at: .start(of: source.file)))
    }
    query.parameters = try reader.compose()
    try reader.finish()
    if let extra = query.parameters["x-sow"] { query.readExtra(extra, &diagnostics) }
  }
}

extension NamedQuery {
  fileprivate mutating func readExtra(_ node: Node, _ diagnostics: inout Diagnostics) {
    let known = ["columns", "limits", "sensitive", "permissions", "messages"]
    guard let members = Members(node, of: "x-sow", known: known, &diagnostics) else { return }
    if let columns = members["columns"] { self.columns = columns.rowSchema(&diagnostics) }
    if let limits = members["limits"],
      let members = Members(limits, of: "limits", known: ["for_each"], &diagnostics)
    {
      elementLimit = members["for_each"]?.bounds(as: "for_each", &diagnostics)
    }
    sensitive = members["sensitive"]?.labels(&diagnostics) ?? [:]
    messages = members["messages"]?.messages(&diagnostics) ?? [:]
    permissions = members["permissions"].map { Permissions($0, &diagnostics) }
  }
}

extension Node {
  /// Schemas by name as the JSON Schema of a row that has all of them.
  fileprivate func rowSchema(_ diagnostics: inout Diagnostics) -> Node? {
    guard let entries, !entries.isEmpty else {
      diagnostics.reportShape("columns", .mapping, self, write: "{ name: { type: string } }")
      return nil
    }
    let names = entries.map { entry in
      Node(.scalar(Scalar(entry.key.value, style: .quoted)), at: entry.key.range)
    }
    return Node(
      .mapping([
        Entry(key: Located("properties", at: range), value: self),
        Entry(
          key: Located("required", at: range), value: Node(.sequence(names), at: range)),
      ]), at: range)
  }
}

extension DiagnosticCode {
  package static let unknownDialect = DiagnosticCode(
    "unknown-dialect", "there is no dialect \"{dialect}\"; known: {known}",
    vi: "không có phương ngữ \"{dialect}\"; đã biết: {known}",
    meaning: """
      A statement is schemas/queries/<name>.sql, or <name>.sqlite.sql and <name>.postgres.sql where \
      databases differ.
      """,
    example: "schemas/queries/overdue.mysql.sql",
    fix: "Rename the file.")
  package static let duplicateQuery = DiagnosticCode(
    "duplicate-query", "another file describes the query \"{query}\" too",
    vi: "một tệp khác cũng mô tả truy vấn \"{query}\"",
    meaning: "The parameters and columns of a query are described once.",
    example: "schemas/queries/overdue.yaml and schemas/queries/overdue.json",
    fix: "Keep one of the two.")
  package static let queryWithoutStatement = DiagnosticCode(
    "query-without-statement", "the query \"{query}\" has no statement",
    vi: "truy vấn \"{query}\" không có câu lệnh",
    meaning: "The files of schemas/queries come together: the statement is in <name>.sql.",
    example: "schemas/queries/overdue.yaml without schemas/queries/overdue.sql",
    fix: "Write the statement, or remove the file.")
}
