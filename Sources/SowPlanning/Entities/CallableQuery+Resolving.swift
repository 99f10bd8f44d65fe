internal import SowModel
internal import SowSchema

/// Holds the files of named queries against each other and against the database.
struct QueryResolver {
  private let queries: [String: NamedQuery]
  private let names: [String]
  private let answers: [String: Result<StatementShape, QueryRefusal>]
  /// Nil offline.
  private let dialect: Dialect?

  init(_ context: CheckContext) {
    queries = Dictionary(
      context.queries.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    names = context.queries.map(\.name)
    answers = context.answers
    dialect = context.dialect
  }

  /// The query called so; one of which nothing is known after the diagnostic that there is none.
  /// Where the run is still to make tables or columns, a name that is not there may be one of them.
  func resolve(
    _ name: Located<String>, awaitsTables: Bool, into diagnostics: inout Diagnostics
  ) -> CallableQuery {
    guard let query = queries[name.value] else {
      diagnostics.report(
        .unknownQuery, ["query": name.value, "known": Phrase.listing(names)], at: name.range,
        hint: nearest(to: name.value, among: names).map(Diagnostic.Hint.didYouMean))
      return unknown(name.value)
    }
    var found = Diagnostics()
    let callable = resolve(query, named: name, awaitsTables, into: &found)
    diagnostics.merge(found)
    return callable ?? unknown(name.value)
  }

  private func unknown(_ name: String) -> CallableQuery {
    CallableQuery(
      name: name, parameters: .unknown(name), columns: .unknown(name), statement: nil, tables: nil,
      awaitsTables: false)
  }

  private func resolve(
    _ query: NamedQuery, named place: Located<String>, _ makesTables: Bool,
    into diagnostics: inout Diagnostics
  ) -> CallableQuery? {
    guard let parameters = CompiledSchema.compile(query.parameters, into: &diagnostics) else {
      return nil
    }
    for (_, statement) in query.statements.sorted(by: { $0.value.file < $1.value.file }) {
      check(statement, of: query, parameters, into: &diagnostics)
    }
    var declared: CompiledSchema?
    if let columns = query.columns {
      guard let compiled = CompiledSchema.compile(columns, into: &diagnostics) else { return nil }
      declared = compiled
    }
    checkNames(of: query, parameters, declared, into: &diagnostics)
    var statement: QueryStatement?
    var shape: StatementShape?
    var awaitsTables = false
    if let dialect {
      statement = query.statement(for: dialect)
      guard let statement else {
        diagnostics.report(
          .queryNotForDialect, ["query": query.name, "dialect": dialect.rawValue], at: place.range,
          related: [query.range])
        return nil
      }
      switch answers[query.name] {
      case .success(let found)?: shape = found
      case .failure(let refusal)? where refusal.lacksName && makesTables: awaitsTables = true
      case .failure(let refusal)?:
        diagnostics.report(Diagnostic(refusal, of: statement, query.name, usedAt: place.range))
        return nil
      case nil: break
      }
      if let shape { check(shape, statement, of: query, declared, into: &diagnostics) }
      if awaitsTables, declared == nil {
        diagnostics.report(.queryColumnsNeeded, ["query": query.name], at: query.range)
        return nil
      }
    }
    return CallableQuery(
      name: query.name, parameters: Entity(of: query, parameters),
      columns: declared.map {
        Entity(
          of: query, $0, permissions: query.permissions, elementLimit: query.elementLimit?.value)
      } ?? shape.map { Entity(of: query, columns: $0.columns) } ?? .unknown(query.name),
      statement: statement, tables: shape?.tables, awaitsTables: awaitsTables)
  }

  /// Each parameter of the text is described, and each that is described is in the text.
  private func check(
    _ statement: QueryStatement, of query: NamedQuery, _ schema: CompiledSchema,
    into diagnostics: inout Diagnostics
  ) {
    let known = schema.fields.map(\.name)
    for place in statement.places where !known.contains(place.name) {
      diagnostics.report(
        .parameterUndeclared, ["parameter": place.name, "query": query.name],
        at: statement.range(of: place.bytes),
        hint: nearest(to: place.name, among: known).map(Diagnostic.Hint.didYouMean))
    }
    for field in schema.fields where !statement.parameters.contains(field.name) {
      diagnostics.report(
        .parameterUnused, ["parameter": field.name, "query": query.name], at: field.range,
        related: [.init(file: statement.file, start: .first, end: .first)])
    }
  }

  /// `sensitive` speaks of parameters and columns, `messages` of parameters.
  private func checkNames(
    of query: NamedQuery, _ parameters: CompiledSchema, _ columns: CompiledSchema?,
    into diagnostics: inout Diagnostics
  ) {
    let names = parameters.fields.map(\.name)
    func check(_ name: String, among known: [String], at range: SourceRange) {
      guard !known.contains(name) else { return }
      diagnostics.report(
        .queryUnknownName, ["name": name, "query": query.name], at: range,
        hint: nearest(to: name, among: known).map(Diagnostic.Hint.didYouMean))
    }
    for (name, message) in query.messages.sorted(by: { $0.key < $1.key }) {
      check(name, among: names, at: message.range)
    }
    // Without a description of its columns any name may be one.
    guard let columns else { return }
    for (name, label) in query.sensitive.sorted(by: { $0.key < $1.key }) {
      check(name, among: names + columns.fields.map(\.name), at: label.range)
    }
  }

  /// What the statement gives is what is said of it.
  private func check(
    _ shape: StatementShape, _ statement: QueryStatement, of query: NamedQuery,
    _ declared: CompiledSchema?, into diagnostics: inout Diagnostics
  ) {
    let start = statement.range(of: 0..<0)
    for (position, name) in shape.columns.enumerated()
    where shape.columns[..<position].contains(name) {
      diagnostics.report(
        .queryColumnTwice, ["column": name, "query": query.name], at: start)
    }
    guard let declared else { return }
    for field in declared.fields where !shape.columns.contains(field.name) {
      diagnostics.report(
        .queryColumnMissing,
        ["column": field.name, "query": query.name, "known": Phrase.listing(shape.columns)],
        at: field.range,
        hint: nearest(to: field.name, among: shape.columns).map(Diagnostic.Hint.didYouMean),
        related: [start])
    }
    let names = declared.fields.map(\.name)
    for name in shape.columns where !names.contains(name) {
      diagnostics.report(
        .queryColumnUndeclared, ["column": name, "query": query.name], at: start)
    }
  }
}

extension SourcePosition {
  fileprivate static var first: SourcePosition { SourcePosition(line: 1, column: 1) }
}

extension Diagnostic {
  /// That the database does not take a statement, at its place there.
  init(
    _ refusal: QueryRefusal, of statement: QueryStatement, _ query: String,
    usedAt place: SourceRange
  ) {
    self.init(
      .queryRefused, ["query": query, "reason": refusal.reason],
      at: refusal.offset.map { statement.range(ofWordAt: $0) } ?? statement.range(of: 0..<0),
      related: [place])
  }
}
