/// The colours of a terminal, or none.
struct Palette: Hashable, Sendable {
  var isColoured: Bool

  static let plain = Palette(isColoured: false)
  static let coloured = Palette(isColoured: true)

  enum Paint: String, Sendable {
    case bold = "1"
    case faint = "2"
    case red = "31"
    case green = "32"
    case yellow = "33"
    case blue = "34"
    case magenta = "35"
    case boldRed = "1;31"
    case boldYellow = "1;33"
  }

  func paint(_ text: String, _ paint: Paint) -> String {
    isColoured && !text.isEmpty ? "\u{1B}[" + paint.rawValue + "m" + text + "\u{1B}[0m" : text
  }
}

/// When to use colours: `--color`.
enum ColorChoice: String, CaseIterable, Sendable {
  case auto, always, never

  /// An explicit choice wins over `NO_COLOR`, which wins over the terminal.
  func palette(isTerminal: Bool, environment: [String: String]) -> Palette {
    switch self {
    case .always: .coloured
    case .never: .plain
    case .auto:
      Palette(
        isColoured: isTerminal && environment["NO_COLOR", default: ""].isEmpty
          && environment["TERM"] != "dumb")
    }
  }
}
