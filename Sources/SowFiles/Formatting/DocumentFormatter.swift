package import SowModel

/// Puts the pieces of a file together in its canonical form.
struct DocumentFormatter {
  /// One member of the root, as text.
  private struct Section {
    var rank: Int
    var text: [UInt8] = []
    var alignment = CommentAlignment()
    var blankBefore: Bool
  }

  private let form: DocumentMeaning.Form
  private let file: FileID
  private var reader: SyntaxReader
  private var printer: SyntaxPrinter
  private var sections: [Section] = []
  /// Comments at the top that belong to the file.
  private var header: [UInt8] = []
  private var ending: [UInt8] = []
  private var memberCount = 0
  /// Whether the operations at hand are a list.
  private var isList = false
  /// The bracket that ends them in JSON.
  private var closing = ""
  private var isObject = true

  private var isJSON: Bool { printer.language == .json }
  private var isCanonical: Bool { form.isPlan && form.isFree }

  init(
    _ bytes: [UInt8], file: FileID, form: DocumentMeaning.Form, format: YAMLFeed.Format,
    as language: ScalarSpelling.Language
  ) {
    self.form = form
    self.file = file
    reader = SyntaxReader(bytes, file: file, format: format)
    printer = SyntaxPrinter(reader.source, language)
  }

  /// The file's text; throws where it is to be JSON and holds what JSON has not.
  mutating func format() throws(ReadFailure) -> [UInt8] {
    while let piece = try reader.next() {
      if isJSON { try refuseBeyondJSON(piece) }
      write(piece)
    }
    return whole()
  }

  private mutating func write(_ piece: SyntaxReader.Piece) {
    switch piece {
    case .root(let node, let leading):
      printer.write(leading, indent: 0, isFirst: true)
      printer.writeRoot(node)
      ending += printer.takeOutput().text
    case .entry(let entry): addSection(canonical(entry))
    case .section(let entry, let isMapping):
      var entry = entry
      takeHeader(of: &entry)
      begin(entry)
      if isJSON {
        printer.append("  \"operations\": " + (isMapping || isListed ? "{" : "["))
        printer.breakLine()
        closing = isMapping || isListed ? "}" : "]"
      } else {
        printer.writeHeader(of: entry, isFirst: true)
      }
      isList = !isMapping
      memberCount = 0
    case .member(let entry):
      let member = isCanonical ? entry.canonicalOperation(fromList: isList && isListed) : entry
      if isJSON {
        printer.writeJSON(member, indent: 4, isFirst: memberCount == 0)
      } else {
        printer.write(member, indent: 2, isFirst: memberCount == 0)
      }
      memberCount += 1
    case .sectionEnd(let comments):
      if isJSON {
        printer.breakLine()
        printer.append("  " + closing)
      } else {
        printer.write(comments, indent: 2, isFirst: false)
      }
      endSection()
    case .end(let comments):
      printer.write(comments, indent: 0, isFirst: sections.isEmpty && ending.isEmpty)
      ending += printer.takeOutput().text
    }
  }

  /// Whether a list of operations becomes a mapping.
  private var isListed: Bool { isCanonical && form.listsByID }

  private func canonical(_ entry: SyntaxEntry) -> SyntaxEntry {
    isCanonical && entry.name == "options" ? entry.canonicalOptions() : entry
  }

  private mutating func addSection(_ entry: SyntaxEntry) {
    var entry = entry
    takeHeader(of: &entry)
    begin(entry)
    if isJSON {
      printer.writeJSON(entry, indent: 2, isFirst: true)
    } else {
      printer.write(entry, indent: 0, isFirst: true)
    }
    endSection()
  }

  private mutating func begin(_ entry: SyntaxEntry) {
    isObject = entry.key != nil
    sections.append(
      Section(
        rank: isCanonical ? PlanForm.rank(entry.name, in: PlanForm.planKeys) : 0,
        blankBefore: entry.leading.first?.blankBefore ?? entry.blankBefore))
  }

  private mutating func endSection() {
    let (text, alignment) = printer.takeOutput()
    sections[sections.count - 1].text = text
    sections[sections.count - 1].alignment = alignment
  }

  /// Comments at the top belong to the file as far as a blank line, or all of them without one.
  private mutating func takeHeader(of entry: inout SyntaxEntry) {
    guard sections.isEmpty else { return }
    let comments = entry.leading
    guard !comments.isEmpty else {
      entry.blankBefore = false
      return
    }
    let blank = entry.blankBefore ? comments.count : comments.lastIndex { $0.blankBefore } ?? 0
    let count = blank == 0 ? comments.count : blank
    printer.write(Array(comments[..<count]), indent: 0, isFirst: true)
    header = printer.takeOutput().text
    if blank > 0 { header.append(0x0A) }
    entry.leading = Array(comments[count...])
    entry.blankBefore = entry.blankBefore && !entry.leading.isEmpty
  }

  private func whole() -> [UInt8] {
    let ordered = sections.enumerated().sorted {
      ($0.element.rank, $0.offset) < ($1.element.rank, $1.offset)
    }
    let isMoved = ordered.indices.contains { ordered[$0].offset != $0 }
    let isAiry = isMoved && sections.contains(where: \.blankBefore)
    var text = header
    if let anchor = reader.rootAnchor, !sections.isEmpty { text += Array("&\(anchor)\n".utf8) }
    if isJSON, !sections.isEmpty { text += Array((isObject ? "{\n" : "[\n").utf8) }
    var alignment = CommentAlignment()
    for (index, (_, section)) in ordered.enumerated() {
      if index > 0 {
        if isJSON { text += Array(",\n".utf8) }
        if section.blankBefore || isAiry {
          alignment.separate()
          if !endsInBlankLine(text) { text.append(0x0A) }
        }
      }
      alignment.add(section.alignment, at: text.count)
      text += section.text
    }
    text = alignment.apply(to: text)
    if isJSON, !sections.isEmpty { text += Array((isObject ? "\n}\n" : "\n]\n").utf8) }
    return text + (endsInBlankLine(text) ? ending.drop { $0 == 0x0A } : ending[...])
  }

  private func refuseBeyondJSON(_ piece: SyntaxReader.Piece) throws(ReadFailure) {
    let fault: (place: Int, what: Phrase)? =
      switch piece {
      case .entry(let entry), .member(let entry), .section(let entry, _): entry.firstBeyondJSON
      case .root(let node, let comments):
        comments.first.map { ($0.source.lowerBound, .comment) }
          ?? node.firstBeyondJSON(isKey: false)
      case .sectionEnd(let comments), .end(let comments):
        comments.first.map { ($0.source.lowerBound, .comment) }
      }
    guard let fault = fault ?? reader.rootAnchor.map({ (0, .anchor($0)) }) else { return }
    var place = SourceRange.start(of: file).start
    if fault.place > 0 { place = reader.source.position(of: fault.place) }
    throw ReadFailure(
      Diagnostic(
        .notJSON, ["what": fault.what], at: SourceRange(at: place, in: file),
        hint: .text(
          "name the file .yaml, or write JSON", vi: "hãy đặt tên tệp là .yaml, hoặc viết JSON")))
  }
}

extension DiagnosticCode {
  package static let notJSON = DiagnosticCode(
    "not-json", "JSON has no word for {what}",
    vi: "JSON không có cách biểu diễn {what}",
    meaning: "A .json file is formatted as JSON. This one loads as YAML, but holds what JSON "
      + "cannot say: a comment, an anchor, or a value such as 01 or yes without quotes.",
    example: "{ \"plan\": \"shop\" } # the shop",
    fix: "Name the file .yaml, or write JSON.")
}
