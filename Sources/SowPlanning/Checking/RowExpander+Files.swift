internal import SowModel

extension RowExpander {
  /// The rows of a file: a stream, or elements where `inMemory` asks for them.
  func file(
    _ source: any RowSource, key: [Located<String>]?, of operation: DataOperation,
    _ entity: Entity, _ inMemory: Bool, _ range: SourceRange, into diagnostics: inout Diagnostics
  ) -> OperationRows {
    do throws(RowFailure) {
      let cursor = try source.open()
      let columns = try Self.columns(of: cursor)
      for name in key ?? [] where !columns.contains(name.value) {
        diagnostics.report(
          .unknownEach, ["path": name.value, "known": columns.joined(separator: ", ")],
          at: name.range,
          hint: nearest(to: name.value, among: columns).map(Diagnostic.Hint.didYouMean))
      }
      if key == nil, keyFields(of: operation, entity, written: columns) == nil {
        warnOfContent(nil, of: operation, into: &diagnostics)
      }
      guard inMemory else { return .stream(source, key: key ?? [], columns: columns, range) }
      return .inline(
        distinct(
          try elements(source, key: key, of: operation, entity, columns: columns, range),
          of: operation, isSensitive: true, into: &diagnostics))
    } catch {
      diagnostics.report(error.diagnostic)
      return .inline([])
    }
  }

  /// All names of a file: the header of CSV, else what the rows bring.
  private static func columns(of cursor: any RowCursor) throws(RowFailure) -> [String] {
    var row = DataRow()
    guard try cursor.next(into: &row), row.cells.contains(where: \.isOpenEnded) else {
      return cursor.columns
    }
    while try cursor.next(into: &row) {}
    return cursor.columns
  }

  private func elements(
    _ source: any RowSource, key: [Located<String>]?, of operation: DataOperation,
    _ entity: Entity, columns: [String], _ range: SourceRange
  ) throws(RowFailure) -> [Plan.Element] {
    let cursor = try source.open()
    var row = DataRow()
    var elements: [Plan.Element] = []
    var seen: [RowDigest: Int] = [:]
    let names =
      key?.map(\.value) ?? keyFields(of: operation, entity, written: columns) ?? []
    let positions = names.compactMap { columns.firstIndex(of: $0) }
    let secretNames =
      key == nil
      ? Set(names.filter { entity.label(of: $0) != nil }) : secretNames(of: operation, entity)
    let secret = Set(positions.filter { secretNames.contains(columns[$0]) })
    let members =
      key == nil
      ? columns.map { name in
        InputMember(Located(name, at: range), .link(.each([name]), range))
      } : operation.values
    while try cursor.next(into: &row) {
      while row.cells.count < columns.count { row.cells.append(.absent) }
      if let mistake = row.mistake { throw RowFailure(mistake) }
      let place = SourceRange(file: source.file, start: row.start, end: row.start)
      elements.append(
        Plan.Element(
          key: rowKey(row, positions, secret: secret, entity, seen: &seen), members: members,
          each: .row(columns: columns, row), range: place))
    }
    return elements
  }

  /// The key of a row of a file: its cells as written, else a digest of the whole row.
  /// Cells at `secret` positions are hidden behind a keyed digest.
  func rowKey(
    _ row: DataRow, _ positions: [Int], secret: Set<Int>, _ entity: Entity,
    seen: inout [RowDigest: Int]
  ) -> String {
    var parts: [String] = []
    for position in positions {
      guard case .scalar(let scalar) = row.cells[position], !scalar.isNull, !scalar.text.isEmpty
      else { break }
      parts.append(secret.contains(position) ? secrets.hidden(scalar.text) : scalar.text)
    }
    if !positions.isEmpty, parts.count == positions.count { return instanceText(parts) }
    var encoder = RowEncoder()
    for cell in row.cells { cell.encode(into: &encoder) }
    return contentKey(digester(for: entity).digest(encoder), seen: &seen)
  }
}

extension DataCell {
  /// Whether the row comes from a format in which later rows may bring new names.
  fileprivate var isOpenEnded: Bool {
    if case .scalar(let scalar) = self { return scalar.style != .cell }
    return true
  }

  func encode(into encoder: inout RowEncoder) {
    switch self {
    case .absent: encoder.append(.null)
    case .scalar(let scalar): encoder.append(.text(scalar.text))
    case .structure(let node): node.encode(into: &encoder)
    }
  }
}
