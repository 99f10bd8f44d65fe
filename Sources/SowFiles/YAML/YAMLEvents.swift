import CYAML
package import SowModel

/// One step of a YAML stream.
struct YAMLEvent {
  enum Kind {
    case scalar, alias
    case sequenceStart, sequenceEnd
    case mappingStart, mappingEnd
    case documentStart, documentEnd
    case streamStart, streamEnd
  }

  var kind = Kind.streamStart
  /// The text of a scalar, the anchor's name of an alias.
  var text = ""
  var style = Scalar.Style.plain
  var anchor: String?
  var tag: String?
  var range: SourceRange
}

/// The pull reader over libyaml, which appears in this file alone.
final class YAMLEvents {
  let feed: YAMLFeed
  private let file: FileID
  private let parser: UnsafeMutablePointer<yaml_parser_t>
  private let raw: UnsafeMutablePointer<yaml_event_t>
  private var holdsEvent = false

  init(_ source: ByteSource, format: YAMLFeed.Format) {
    feed = YAMLFeed(source, format: format)
    file = source.file
    parser = .allocate(capacity: 1)
    raw = .allocate(capacity: 1)
    guard yaml_parser_initialize(parser) == 1 else { preconditionFailure("no memory for a parser") }
    yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    yaml_parser_set_input(
      parser,
      { context, target, capacity, count in
        guard let context, let target, let count else { return 0 }
        let events = Unmanaged<YAMLEvents>.fromOpaque(context).takeUnretainedValue()
        let token = events.parser.pointee.tokens_parsed
        guard let given = events.feed.read(into: target, capacity: capacity, token: token)
        else { return 0 }
        count.pointee = given
        return 1
      }, Unmanaged.passUnretained(self).toOpaque())
  }

  deinit {
    if holdsEvent { yaml_event_delete(raw) }
    yaml_parser_delete(parser)
    parser.deallocate()
    raw.deallocate()
  }

  /// Puts the next event in `event`.
  /// Throws at the first place that is no YAML; then there is no next event.
  func next(into event: inout YAMLEvent) throws(ReadFailure) {
    let text = String(decoding: try step(into: &event), as: UTF8.self)
    event.text = feed.hasStandIns ? withoutStandIns(text) : text
  }

  /// Puts all of the next event but its text in `event`; the text, which lives until the next step.
  func step(into event: inout YAMLEvent) throws(ReadFailure) -> UnsafeBufferPointer<UInt8> {
    if holdsEvent { yaml_event_delete(raw) }
    holdsEvent = yaml_parser_parse(parser, raw) == 1
    guard holdsEvent else { throw failure(after: event.range.end) }
    event.anchor = nil
    event.tag = nil
    event.range.start = position(raw.pointee.start_mark)
    event.range.end = position(raw.pointee.end_mark)
    switch raw.pointee.type {
    case YAML_SCALAR_EVENT:
      let scalar = raw.pointee.data.scalar
      event.kind = .scalar
      event.anchor = string(scalar.anchor)
      event.tag = string(scalar.tag)
      event.style = scalar.style == YAML_PLAIN_SCALAR_STYLE ? .plain : .quoted
      guard scalar.length <= YAMLFeed.scalarLimit else {
        throw scalarTooLong(at: event.range.start)
      }
      return UnsafeBufferPointer(start: scalar.value, count: scalar.length)
    case YAML_ALIAS_EVENT:
      event.kind = .alias
      guard let anchor = raw.pointee.data.alias.anchor else { break }
      return UnsafeBufferPointer(start: anchor, count: String(cString: anchor).utf8.count)
    case YAML_SEQUENCE_START_EVENT:
      event.kind = .sequenceStart
      event.anchor = string(raw.pointee.data.sequence_start.anchor)
      event.tag = string(raw.pointee.data.sequence_start.tag)
    case YAML_MAPPING_START_EVENT:
      event.kind = .mappingStart
      event.anchor = string(raw.pointee.data.mapping_start.anchor)
      event.tag = string(raw.pointee.data.mapping_start.tag)
    case YAML_SEQUENCE_END_EVENT: event.kind = .sequenceEnd
    case YAML_MAPPING_END_EVENT: event.kind = .mappingEnd
    case YAML_DOCUMENT_START_EVENT: event.kind = .documentStart
    case YAML_DOCUMENT_END_EVENT: event.kind = .documentEnd
    case YAML_STREAM_START_EVENT: event.kind = .streamStart
    default: event.kind = .streamEnd
    }
    return UnsafeBufferPointer(start: nil, count: 0)
  }

  private func string(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? {
    guard let pointer else { return nil }
    return String(cString: pointer)
  }

  private func position(_ mark: yaml_mark_t) -> SourcePosition {
    let missing = feed.missingColumns(before: mark.index, column: mark.column)
    return SourcePosition(
      line: Int(mark.line) + 1 - feed.extraLines, column: Int(mark.column) + 1 + missing)
  }
}

// MARK: Failure

extension YAMLEvents {
  private func failure(after last: SourcePosition) -> ReadFailure {
    if let failure = feed.failure { return failure }
    if feed.stoppedInScalar { return scalarTooLong(at: last) }
    if feed.holdsStandIn || parser.pointee.error == YAML_READER_ERROR {
      if let fault = TextFault.first(in: feed.source) {
        let (code, facts) = fault.diagnostic
        return ReadFailure(Diagnostic(code, facts, at: SourceRange(at: fault.position, in: file)))
      }
    }
    let problem = YAMLProblem(
      context: parser.pointee.context.map { String(cString: $0) } ?? "",
      problem: parser.pointee.problem.map { String(cString: $0) } ?? "out of memory")
    let place = SourceRange(at: position(parser.pointee.problem_mark), in: file)
    let start = parser.pointee.context == nil ? nil : position(parser.pointee.context_mark)
    return ReadFailure(
      problem.diagnostic(at: place, since: start.map { SourceRange(at: $0, in: file) }))
  }

  private func scalarTooLong(at position: SourcePosition) -> ReadFailure {
    ReadFailure(
      Diagnostic(
        .scalarTooLong, ["limit": byteCountText(YAMLFeed.scalarLimit)],
        at: SourceRange(at: position, in: file)))
  }
}

/// Puts the line breaks of YAML 1.1 back where the feed had stand-ins.
func withoutStandIns(_ text: String) -> String {
  guard text.unicodeScalars.contains(where: { 0xFDD0...0xFDD2 ~= $0.value }) else { return text }
  var restored = String.UnicodeScalarView()
  for scalar in text.unicodeScalars {
    switch scalar.value {
    case 0xFDD0: restored.append("\u{85}")
    case 0xFDD1: restored.append("\u{2028}")
    case 0xFDD2: restored.append("\u{2029}")
    default: restored.append(scalar)
    }
  }
  return String(restored)
}

extension DiagnosticCode {
  package static let scalarTooLong = DiagnosticCode(
    "scalar-too-long", "one value is longer than {limit}",
    vi: "một giá trị dài hơn {limit}",
    meaning: "A single text of a YAML or JSON file may hold 16 MiB.",
    example: "an image of 20 MiB as base64 text in a plan",
    fix: "Keep large contents out of the file, or look for a quote that is never closed.")
}
