internal import SowModel

/// Writes one JSON document as it comes, without holding it.
///
/// The document, its members and lists that ask for it put each element on its own line, all else
/// stays on one line, so that a document of 100,000 results is as many lines. What could steer a
/// terminal is escaped, numbers that a reader with 53-bit floats would alter are strings.
final class JSONWriter {
  private let outlet: Outlet
  private var depth = 0
  /// Whether each element of the current container has its own line.
  private var breaks = false
  private var isFirst = true
  private var followsName = false

  init(to outlet: Outlet) { self.outlet = outlet }

  /// A whole document, with its final newline.
  func document(_ body: () -> Void) {
    object(body)
    outlet.line()
  }

  /// A whole document on a line of its own.
  func line(_ body: () -> Void) {
    container("{", "}", breaks: false, body)
    outlet.line()
    isFirst = true
  }

  func object(_ body: () -> Void) { container("{", "}", body) }

  func array(_ body: () -> Void) { container("[", "]", body) }

  func object(_ name: String, _ body: () -> Void) {
    self.name(name)
    object(body)
  }

  func array(_ name: String, _ body: () -> Void) {
    self.name(name)
    array(body)
  }

  /// A list with each element on its own line, at any depth.
  func lines(_ name: String, _ body: () -> Void) {
    self.name(name)
    container("[", "]", breaks: true, body)
  }

  func member(_ name: String, _ text: String) {
    self.name(name)
    string(text)
  }

  /// A sentence in the reader's language; with two, the Vietnamese one stands in a member of its
  /// own: `message` and `message_vi`.
  func member(_ name: String, _ phrase: Phrase) {
    guard outlet.language == .both else {
      return member(name, phrase.text(in: outlet.language))
    }
    member(name, phrase.english)
    member(name + "_vi", phrase.vietnamese)
  }

  func member(_ name: String, _ number: Int) {
    self.name(name)
    integer(Int64(number))
  }

  func member(_ name: String, _ flag: Bool) {
    self.name(name)
    raw(flag ? "true" : "false")
  }

  func member(_ name: String, _ value: Value) {
    self.name(name)
    self.value(value)
  }

  /// The name of the member whose value comes next.
  func name(_ name: String) {
    separate()
    quoted(name)
    outlet.write(": ")
    followsName = true
  }

  func string(_ text: String) {
    separate()
    quoted(text)
  }

  func integer(_ number: Int64) {
    if number.magnitude < 1 << 53 { raw(String(number)) } else { string(String(number)) }
  }

  /// A value that is JSON already, such as a number.
  func raw(_ text: String) {
    separate()
    outlet.write(text)
  }

  private func container(
    _ open: StaticString, _ close: StaticString, breaks: Bool? = nil, _ body: () -> Void
  ) {
    separate()
    outlet.write(open)
    let outer = self.breaks
    self.breaks = breaks ?? (depth < 2)
    depth += 1
    isFirst = true
    body()
    depth -= 1
    if !isFirst, self.breaks { newline() }
    self.breaks = outer
    outlet.write(close)
    isFirst = false
  }

  private func separate() {
    if followsName {
      followsName = false
      return
    }
    if !isFirst { outlet.write(breaks ? "," : ", ") }
    if breaks { newline() }
    isFirst = false
  }

  private func newline() {
    outlet.line()
    for _ in 0..<depth { outlet.write("  ") }
  }

  private func quoted(_ text: String) {
    outlet.write("\"")
    if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F && $0 != 0x22 && $0 != 0x5C }) {
      outlet.write(text)
    } else {
      outlet.write(jsonEscaped(text))
    }
    outlet.write("\"")
  }
}

/// `text` as RFC 8259 asks inside quotes, and free of what could steer a terminal.
private func jsonEscaped(_ text: String) -> String {
  var escaped = ""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"": escaped += "\\\""
    case "\\": escaped += "\\\\"
    case "\n": escaped += "\\n"
    case "\t": escaped += "\\t"
    case "\r": escaped += "\\r"
    case _ where isUnsafeInTerminal(scalar):
      let code = String(scalar.value, radix: 16)
      escaped += "\\u" + String(repeating: "0", count: 4 - code.count) + code
    default: escaped.unicodeScalars.append(scalar)
    }
  }
  return escaped
}
