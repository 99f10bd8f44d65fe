package import SowModel

extension Lock {
  /// Reads the lockfile at `path`.
  ///
  /// Nil without a diagnostic where there is none; nil with one where it is empty, cut, from a
  /// newer version, in conflict, or holds one address with two keys. Unsorted lines and identical
  /// doubles, which a merge leaves, are mended.
  package static func load(
    path: String, limit: Int, files: inout SourceFiles, diagnostics: inout Diagnostics
  ) -> Lock? {
    guard FileKind(atPath: path) != nil else { return nil }
    let file = files.add(path)
    do throws(ReadFailure) {
      let source = try InputFile.open(path, as: file, limit: limit)
      return parse(try InputFile.allBytes(source), file: file, diagnostics: &diagnostics)
    } catch {
      diagnostics.report(error.diagnostic)
      return nil
    }
  }

  /// Whether the file at `path` is this lock's text already, byte for byte.
  package func isWritten(at path: String, limit: Int) -> Bool {
    var files = SourceFiles()
    do throws(ReadFailure) {
      let source = try InputFile.open(path, as: files.add(path), limit: limit)
      return try InputFile.allBytes(source) == bytes
    } catch {
      return false
    }
  }

  /// The text of the lockfile in UTF-8: the same lock gives the same bytes.
  package var bytes: [UInt8] { LockVersion1(self).bytes }

  /// Reads a lockfile from memory.
  package static func parse(
    _ bytes: [UInt8], file: FileID, diagnostics: inout Diagnostics
  ) -> Lock? {
    if let refusal = refusal(bytes, file: file) {
      diagnostics.report(refusal)
      return nil
    }
    var reading = LockReading(bytes, file: file)
    do throws(ReadFailure) {
      try reading.read()
    } catch {
      reading.diagnostics.report(error.diagnostic)
    }
    diagnostics.merge(reading.diagnostics)
    return reading.diagnostics.hasErrors ? nil : reading.version1.lock
  }

  /// Why the text is no whole lockfile, where that shows before it is read.
  private static func refusal(_ bytes: [UInt8], file: FileID) -> Diagnostic? {
    let isBlank: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x0A || $0 == 0x0D || $0 == 0x09 }
    guard !bytes.allSatisfy(isBlank) else {
      return Diagnostic(.lockEmpty, at: .start(of: file))
    }
    var line = 1
    for text in bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
      for mark in ["<<<<<<<", "|||||||", "=======", ">>>>>>>"] where text.starts(with: mark.utf8) {
        let place = SourcePosition(line: line, column: 1)
        return Diagnostic(.lockInConflict, at: SourceRange(at: place, in: file))
      }
      line += 1
    }
    let ending = Array(bytes.reversed().lazy.filter { !isBlank($0) }.prefix(6).reversed())
    guard ending == Array("null]}".utf8) else {
      let lines = bytes.count { $0 == 0x0A } + (bytes.last == 0x0A ? 0 : 1)
      let place = SourcePosition(line: lines, column: 1)
      return Diagnostic(.lockCut, at: SourceRange(at: place, in: file))
    }
    return nil
  }
}

/// A lockfile while it is read.
private struct LockReading {
  var version1 = LockVersion1()
  var diagnostics = Diagnostics()
  private var reader: NodeReader
  private let file: FileID
  private var heads: [String: Located<String>] = [:]
  private var places: [String: (entry: Lock.Entry, range: SourceRange)] = [:]

  init(_ bytes: [UInt8], file: FileID) {
    self.file = file
    reader = NodeReader(ByteSource(bytes: bytes, file: file, limit: .max), format: .json)
  }

  mutating func read() throws(ReadFailure) {
    guard try reader.start(), try reader.kind() == .mapping else {
      throw ReadFailure(
        Diagnostic(
          .lockInvalid, ["what": Phrase("an object", vi: "một đối tượng")], at: .start(of: file)))
    }
    try reader.enter(distinct: false)
    while let key = try reader.nextName() {
      if key.value == "entries", try reader.kind() == .sequence {
        try reader.enter()
        while try reader.hasNextItem() { try readEntry() }
      } else {
        try readHead(key)
      }
    }
    try reader.finish()
    diagnostics.merge(reader.diagnostics)
    for key in ["version", "plan", "lineage", "scope"] where heads[key] == nil {
      diagnostics.report(.lockInvalid, ["what": "\"\(key)\""], at: .start(of: file))
    }
    version1.plan = heads["plan"]?.value ?? ""
    version1.lineage = heads["lineage"]?.value ?? ""
    version1.scope = heads["scope"]?.value ?? ""
    version1.entries.sort { precedesInBytes($0.address, $1.address) }
  }

  private mutating func readHead(_ key: Located<String>) throws(ReadFailure) {
    let node = try reader.compose()
    guard ["version", "plan", "lineage", "scope"].contains(key.value), let scalar = node.scalar
    else {
      diagnostics.report(
        .lockInvalid,
        ["what": Phrase("another key than \"\(key.value)\"", vi: "một khóa khác \"\(key.value)\"")],
        at: key.range)
      return
    }
    if let first = heads[key.value], !first.value.hasSameBytes(as: scalar.text) {
      diagnostics.report(
        .lockTwoHeads, ["key": key.value], at: node.range,
        hint: .text(
          "keep the line of this database, or run sow lock write --adopt",
          vi: "hãy giữ dòng của cơ sở dữ liệu này, hoặc chạy sow lock write --adopt"),
        related: [first.range])
      return
    }
    heads[key.value] = Located(scalar.text, at: node.range)
    guard key.value == "version" else { return }
    guard let version = Int(scalar.text), version >= 1 else {
      throw ReadFailure(
        Diagnostic(
          .lockInvalid, ["what": Phrase("a version number", vi: "số phiên bản")], at: node.range))
    }
    guard version <= Lock.currentVersion else {
      throw ReadFailure(
        Diagnostic(
          .lockNewer,
          ["version": String(version), "known": String(Lock.currentVersion)], at: node.range))
    }
  }

  private mutating func readEntry() throws(ReadFailure) {
    let node = try reader.compose()
    guard !node.isNull else { return }
    guard let entry = entry(node) else {
      diagnostics.report(
        .lockInvalid,
        [
          "what": Phrase(
            "an address, its entity and its key", vi: "một địa chỉ, thực thể và khóa của nó")
        ], at: node.range)
      return
    }
    let place = entry.address
    guard let first = places[place], first.entry.address.hasSameBytes(as: place) else {
      places[place] = (entry, node.range)
      version1.entries.append(entry)
      return
    }
    if first.entry != entry {
      diagnostics.report(
        .lockTwoKeys, ["address": place], at: node.range,
        hint: .text(
          "keep the line of the row that stays, or run sow lock write --adopt",
          vi: "hãy giữ dòng của bản ghi ở lại, hoặc chạy sow lock write --adopt"),
        related: [first.range])
    }
  }

  private func entry(_ node: Node) -> Lock.Entry? {
    func text(_ key: String) -> String? {
      guard let scalar = node[key]?.scalar, scalar.style == .quoted else { return nil }
      return scalar.text
    }
    guard let entity = text("entity") else { return nil }
    if let address = text("address"), let key = text("key") {
      return .row(address: address, entity: entity, key: key)
    }
    guard let operation = text("operation"), let first = text("first"), let last = text("last"),
      let digest = text("digest"), let count = node["count"]?.scalar.flatMap({ Int($0.text) })
    else { return nil }
    return .summary(
      operation: operation, entity: entity, count: count, first: first, last: last,
      digest: digest)
  }
}

extension DiagnosticCode {
  package static let lockEmpty = DiagnosticCode(
    "lock-empty", "the lockfile is empty",
    vi: "lockfile rỗng",
    meaning: "A lockfile is written whole; an empty one lost its contents.",
    example: "a *.lock.json of 0 bytes",
    fix: "Restore it from git, or write it anew from the ledger: sow lock write.")
  package static let lockCut = DiagnosticCode(
    "lock-cut", "the lockfile ends before its last line",
    vi: "lockfile bị cắt trước dòng cuối cùng",
    meaning: "A lockfile ends with a fixed line; without it a part is missing.",
    example: "a *.lock.json that ends in the middle of an address",
    fix: "Restore it from git, or write it anew from the ledger: sow lock write.")
  package static let lockInConflict = DiagnosticCode(
    "lock-in-conflict", "the lockfile holds the marks of an unfinished merge",
    vi: "lockfile còn dấu của một lần merge dở dang",
    meaning: "git left both sides of a conflict in the file.",
    example: "<<<<<<< HEAD",
    fix: "Keep the lines of both sides without the marks; *.lock.json merge=union in "
      + ".gitattributes does so by itself.")
  package static let lockNewer = DiagnosticCode(
    "lock-newer", "the lockfile has version {version}, this sow knows up to {known}",
    vi: "lockfile có phiên bản {version}, bản sow này chỉ biết đến {known}",
    meaning: "A newer sow wrote the file; an older one might lose what it says.",
    example: "\"version\": 2",
    fix: "Update sow.")
  package static let lockInvalid = DiagnosticCode(
    "lock-invalid", "this is no lockfile: expected {what}",
    vi: "đây không phải lockfile: cần có {what}",
    meaning: "The file was edited by hand, or is no lockfile.",
    example: "{ \"version\": 1, \"rows\": {} }",
    fix: "Restore it from git, or write it anew from the ledger: sow lock write.")
  package static let lockTwoHeads = DiagnosticCode(
    "lock-two-heads", "the lockfile gives two values of \"{key}\"",
    vi: "lockfile cho hai giá trị của \"{key}\"",
    meaning: "A merge joined lockfiles of different plans or databases.",
    example: "two lines with different lineages",
    fix: "Keep the line of the database that the file is for, or run sow lock write --adopt.")
  package static let lockTwoKeys = DiagnosticCode(
    "lock-two-keys", "the lockfile gives \"{address}\" two different rows",
    vi: "lockfile cho \"{address}\" hai bản ghi khác nhau",
    meaning: "Two branches created a row each under one address, in different databases.",
    example: "two lines with one address and different keys",
    fix: "Keep the line of the row that stays, or run sow lock write --adopt.")
}
