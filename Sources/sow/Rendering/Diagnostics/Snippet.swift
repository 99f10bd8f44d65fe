internal import SowFiles
internal import SowModel

/// One source line made fit for a terminal, and where the carets go below it.
///
/// Tabs become spaces, unsafe characters escapes; a long line is cut to a window around the marked
/// place; a masked one ends where the marked place starts, or at the line's first value.
struct Snippet {
  /// What comes after the gutter, with the space before it; empty for an empty line.
  let source: String
  /// What comes after the gutter of the line below, up to the first caret.
  let indent: String
  /// How many carets.
  let width: Int

  static let maximumWidth = 140
  static let mask = Phrase("(hidden)", vi: "(ẩn)")

  enum Masking {
    case none
    /// From the line's first value on, but for a marked place before it.
    case values
    /// From the marked place on, or from the line's first value where that comes before.
    case place
  }

  init(
    line: SourceLine, range: SourceRange, masking: Masking, in language: Language = .english
  ) {
    let mask = Self.mask.text(in: language.first)
    let masked = masking != .none
    let scalars = Array(line.text.unicodeScalars)
    var start = min(max(0, Int(range.start.column) - line.firstColumn), scalars.count)
    var end = scalars.count
    if range.end.line == range.start.line {
      end = min(max(start, Int(range.end.column) - line.firstColumn), scalars.count)
    }
    let first = masked && line.firstColumn == 1 ? Self.firstValue(in: scalars) : 0
    let hidesPlace = masked && (masking == .place || end > first || start == end)
    if hidesPlace { start = min(start, first) }
    var before = Self.shown(scalars[..<start].suffix(Self.maximumWidth))
    let fits =
      scalars.count <= Self.maximumWidth
      && displayWidth(Self.shown(scalars[...])) <= Self.maximumWidth
    if !fits, displayWidth(before) > Self.maximumWidth / 2 {
      before = "…" + Self.tail(of: before, width: Self.maximumWidth / 2)
    } else if line.firstColumn > 1 {
      before = "…" + before
    }
    let room = Self.maximumWidth - displayWidth(before)
    let marked = hidesPlace ? mask : Self.shown(scalars[start..<end].prefix(room + 1))
    var after =
      hidesPlace
      ? "" : Self.shown(scalars[end..<(masked ? first : scalars.count)].prefix(room + 1))
    if masked, !hidesPlace { after += mask }
    if line.isCut, !masked { after += "…" }
    let text = before + shortened(marked + after, to: room)
    source = text.allSatisfy { $0 == " " } ? "" : " " + text
    indent = " " + String(repeating: " ", count: displayWidth(before))
    width = max(1, min(displayWidth(marked), room))
  }

  /// Where the first value of a line may start: after its indentation, list marks and one key. A row
  /// of values has no key, so all of it is taken for values.
  private static func firstValue(in scalars: [Unicode.Scalar]) -> Int {
    var place = scalars.firstIndex { !" \t-[{".unicodeScalars.contains($0) } ?? scalars.count
    let indentation = place
    let quote = place < scalars.count && "\"'".unicodeScalars.contains(scalars[place])
    if quote { place += 1 }
    while place < scalars.count,
      scalars[place].properties.isAlphabetic
        || "0123456789_-$".unicodeScalars.contains(scalars[place])
    {
      place += 1
    }
    if quote, place < scalars.count, scalars[place] == scalars[indentation] { place += 1 }
    guard place < scalars.count, scalars[place] == ":" else { return indentation }
    place += 1
    while place < scalars.count, " \t".unicodeScalars.contains(scalars[place]) { place += 1 }
    return place
  }

  /// The scalars with tabs as four spaces and unsafe ones escaped.
  private static func shown(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
    var text = ""
    for scalar in scalars {
      switch scalar {
      case "\t": text += "    "
      case _ where isUnsafeInTerminal(scalar): text += escape(of: scalar)
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text
  }

  private static func tail(of text: String, width: Int) -> String {
    var rest = text[...]
    while displayWidth(rest) > width { rest.removeFirst() }
    return String(rest)
  }
}
