import SowModel

/// Events in the order of the file, taken one by one: their texts lie one after the other, so that
/// the thread that parses makes no string of any.
struct YAMLChunk {
  /// What follows the events in place of others.
  var failure: ReadFailure?
  /// Whether the parser was given stand-ins for line breaks.
  var mayHoldStandIns = false

  private var items: [Item] = []
  private var text: [UInt8] = []
  /// Anchors and tags by position: few events have one.
  private var properties: [Int: (anchor: String?, tag: String?)] = [:]
  private var taken = 0
  private var textTaken = 0

  private struct Item {
    let kind: YAMLEvent.Kind
    let style: Scalar.Style
    let range: SourceRange
    let textEnd: Int
  }

  init(capacity: Int = 0) { items.reserveCapacity(capacity) }

  var count: Int { items.count }
  var textCount: Int { text.count }
  var isOver: Bool { taken == items.count }

  mutating func append(_ bytes: UnsafeBufferPointer<UInt8>, of event: YAMLEvent) {
    if event.anchor != nil || event.tag != nil {
      properties[items.count] = (event.anchor, event.tag)
    }
    text.append(contentsOf: bytes)
    items.append(
      Item(kind: event.kind, style: event.style, range: event.range, textEnd: text.count))
  }

  /// Puts the next event in `event`, its text as `string` makes it.
  mutating func next(
    into event: inout YAMLEvent, _ string: (UnsafeBufferPointer<UInt8>) -> String
  ) {
    let item = items[taken]
    event.kind = item.kind
    event.style = item.style
    event.range = item.range
    let (anchor, tag) = properties.isEmpty ? (nil, nil) : properties[taken] ?? (nil, nil)
    event.anchor = anchor
    event.tag = tag
    event.text = text.withUnsafeBufferPointer {
      string(UnsafeBufferPointer(rebasing: $0[textTaken..<item.textEnd]))
    }
    if mayHoldStandIns { event.text = withoutStandIns(event.text) }
    textTaken = item.textEnd
    taken += 1
  }
}
