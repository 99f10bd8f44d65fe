package import SowModel

/// A text with markers (`1️⃣` to `9️⃣`) that say where something is expected.
///
/// The markers are no part of `text`, so positions never have to be counted by hand.
package struct MarkedText: Sendable {
  /// The text without its markers.
  package let text: String
  /// The position of each marker, by its digit.
  package let positions: [Int: SourcePosition]

  package init(_ marked: String) {
    guard marked.utf8.count < 1 << 20 else {
      // Texts that are made to be too large hold no markers.
      (text, positions) = (marked, [:])
      return
    }
    var text = String.UnicodeScalarView()
    var positions: [Int: SourcePosition] = [:]
    var (line, column) = (1, 1)
    let scalars = Array(marked.unicodeScalars)
    var index = 0
    while index < scalars.count {
      let scalar = scalars[index]
      if index + 2 < scalars.count, scalars[index + 1].value == 0xFE0F,
        scalars[index + 2].value == 0x20E3, 0x31...0x39 ~= scalar.value
      {
        positions[Int(scalar.value) - 0x30] = SourcePosition(line: line, column: column)
        index += 3
        continue
      }
      text.append(scalar)
      column += 1
      if scalar == "\n" { (line, column) = (line + 1, 1) }
      index += 1
    }
    self.text = String(text)
    self.positions = positions
  }

  package subscript(marker: Int) -> SourcePosition? { positions[marker] }
}
