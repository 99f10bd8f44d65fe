package import SowModel

/// The first place of a file that is no text: bytes that are not UTF-8, or a character that YAML
/// and JSON allow only as an escape.
///
/// Runs only once reading has failed, over the file from its start, to turn an offset into a
/// line and a column.
struct TextFault {
  var position: SourcePosition
  var kind: Kind

  enum Kind {
    case notUTF8(UInt8)
    case character(UInt32)
  }

  /// Nil where no fault is found, or the source cannot be read again.
  static func first(in source: ByteSource) -> TextFault? {
    guard source.rewind() else { return nil }
    var search = FaultSearch()
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      let count = buffer.withUnsafeMutableBytes { try? source.read(into: $0) } ?? 0
      guard count > 0 else { return search.faultAtEnd() }
      for byte in buffer[..<count] {
        if let fault = search.take(byte) { return fault }
      }
    }
  }

  var diagnostic: (code: DiagnosticCode, facts: Facts) {
    switch kind {
    case .notUTF8(let byte): (.notUTF8, ["what": "byte 0x" + hexadecimal([byte])])
    case .character(let code):
      (.unsupportedCharacter, ["character": "U+" + paddedHexadecimal(code)])
    }
  }
}

/// `000A`: at least four upper-case digits.
private func paddedHexadecimal(_ code: UInt32) -> String {
  let digits = String(code, radix: 16, uppercase: true)
  return String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
}

/// Decodes byte by byte and counts lines and columns.
private struct FaultSearch {
  private var line = 1
  private var column = 1
  private var isFirst = true
  private var afterReturn = false
  /// The first byte of the character at hand, where a fault is.
  private var first: UInt8 = 0
  private var code: UInt32 = 0
  private var missing = 0
  private var lowest: UInt32 = 0

  private func fault(_ kind: TextFault.Kind) -> TextFault {
    TextFault(position: SourcePosition(line: line, column: column), kind: kind)
  }

  mutating func take(_ byte: UInt8) -> TextFault? {
    if missing > 0 {
      guard byte & 0xC0 == 0x80 else { return fault(.notUTF8(first)) }
      code = code << 6 | UInt32(byte & 0x3F)
      missing -= 1
      guard missing == 0 else { return nil }
      guard code >= lowest, Unicode.Scalar(code) != nil else { return fault(.notUTF8(first)) }
      return complete()
    }
    first = byte
    switch byte {
    case 0x00...0x7F: (code, missing, lowest) = (UInt32(byte), 0, 0)
    case 0xC2...0xDF: (code, missing, lowest) = (UInt32(byte & 0x1F), 1, 0x80)
    case 0xE0...0xEF: (code, missing, lowest) = (UInt32(byte & 0x0F), 2, 0x800)
    case 0xF0...0xF4: (code, missing, lowest) = (UInt32(byte & 0x07), 3, 0x10000)
    default: return fault(.notUTF8(byte))
    }
    return missing == 0 ? complete() : nil
  }

  func faultAtEnd() -> TextFault? { missing > 0 ? fault(.notUTF8(0)) : nil }

  private mutating func complete() -> TextFault? {
    defer { isFirst = false }
    if code == 0x0A, afterReturn {
      afterReturn = false
      return nil
    }
    afterReturn = code == 0x0D
    switch code {
    case 0x0A, 0x0D:
      line += 1
      column = 1
      return nil
    case 0xFEFF where isFirst: return nil
    case 0x09, 0x20...0x7E, 0x85, 0xA0...0xD7FF, 0xE000...0xFDCF, 0xFDD3...0xFEFE, 0xFF00...0xFFFD,
      0x10000...0x10FFFF:
      column += 1
      return nil
    default: return fault(.character(code))
    }
  }
}

extension DiagnosticCode {
  package static let unsupportedCharacter = DiagnosticCode(
    "unsupported-character", "the character {character} may not stand here as it is",
    vi: "ký tự {character} không được đứng nguyên dạng ở đây",
    meaning: "Control characters and noncharacters are invisible and are not part of a text file.",
    example: "a NUL byte inside a name",
    fix: "Remove the character, or write it as an escape (\\u0007) in double quotes.")
}
