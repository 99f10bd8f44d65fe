package import SowModel

/// A place in a list of mappings: YAML, JSON, or JSONL, which is read as one list.
final class TreeCursor: RowCursor {
  private(set) var columns: [String] = []
  private var reader: NodeReader
  private let source: ByteSource
  private let isLines: Bool
  private var positions: [String: Int] = [:]
  private var lastLine: UInt32 = 0
  private var isFinished = false

  init(_ source: ByteSource, format: YAMLFeed.Format) throws(ReadFailure) {
    self.source = source
    isLines = format.contains(.lines)
    reader = NodeReader(source, format: format)
    guard try reader.start() else {
      throw ReadFailure(
        Diagnostic(
          .emptyFile, ["expected": Phrase("a list of rows", vi: "một danh sách bản ghi")],
          at: .start(of: source.file)))
    }
    guard try reader.kind() == .sequence else {
      throw ReadFailure(
        Diagnostic(
          .wrongShape,
          ["what": Phrase("a file of rows", vi: "một tệp bản ghi"), "shape": Phrase.mappings],
          at: try reader.range(), isSensitive: true))
    }
    try reader.enter()
  }

  var digest: String { source.digest }

  func next(into row: inout DataRow) throws(RowFailure) -> Bool {
    do throws(ReadFailure) {
      return try nextRow(into: &row)
    } catch {
      var diagnostic = error.diagnostic
      diagnostic.isSensitive = true
      throw RowFailure(diagnostic)
    }
  }

  private func nextRow(into row: inout DataRow) throws(ReadFailure) -> Bool {
    guard !isFinished else { return false }
    guard try reader.hasNextItem() else {
      isFinished = true
      try reader.finish()
      return false
    }
    let range = try reader.range()
    guard try reader.kind() == .mapping else {
      throw ReadFailure(
        Diagnostic(
          .wrongShape, ["what": Phrase("a row", vi: "một bản ghi"), "shape": Phrase.mapping],
          at: range))
    }
    row.start = range.start
    for index in row.cells.indices { row.cells[index] = .absent }
    try reader.enter(distinct: false)
    var place = 0
    while let name = try reader.nextName() {
      let column = position(of: name.value, guess: place)
      while row.cells.count < columns.count { row.cells.append(.absent) }
      guard case .absent = row.cells[column] else {
        throw ReadFailure(Diagnostic(.duplicateKey, ["key": name.value], at: name.range))
      }
      let node = try reader.compose()
      row.cells[column] =
        if case .scalar(let scalar) = node.content { .scalar(scalar) } else { .structure(node) }
      place = column + 1
    }
    if let mistake = reader.diagnostics.all.first { throw ReadFailure(mistake) }
    if isLines { try checkLine(range.start.line) }
    return true
  }

  /// The column of a name, mostly the one after the last.
  private func position(of name: String, guess: Int) -> Int {
    if guess < columns.count, columns[guess].hasSameBytes(as: name) { return guess }
    if let known = positions[name] { return known }
    columns.append(name)
    positions[name] = columns.count - 1
    return columns.count - 1
  }

  private func checkLine(_ line: UInt32) throws(ReadFailure) {
    guard reader.end.line == line, line > lastLine else {
      let place = SourcePosition(line: Int(line), column: 1)
      throw ReadFailure(
        Diagnostic(.notOneObjectALine, at: SourceRange(at: place, in: source.file)))
    }
    lastLine = line
  }
}

extension DiagnosticCode {
  package static let notOneObjectALine = DiagnosticCode(
    "not-one-object-a-line", "each line must hold exactly one object",
    vi: "mỗi dòng phải chứa đúng một đối tượng",
    meaning: "A JSONL file has one JSON object a line.",
    example: "an object that goes on in the next line",
    fix: "Write each object into one line, or name the file .json and make it a list.")
  package static let emptyFile = DiagnosticCode(
    "empty-file", "the file is empty: expected {expected}",
    vi: "tệp rỗng: cần có {expected}",
    meaning: "A file without content says nothing; it may have been cut.",
    example: "a plan file of 0 bytes",
    fix: "Write what is expected, or remove the file.")
}
