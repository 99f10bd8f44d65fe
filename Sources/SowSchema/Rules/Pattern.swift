import CPCRE2

/// A regular expression of a schema, compiled by PCRE2 to behave like ECMAScript's where they
/// differ in common use: `$` is the very end, `\d`, `\w` and `\s` are ASCII, `\u0041` works.
///
/// Sendable because compiled code never changes after `init`: matching writes only to the
/// matcher's own data, and the code is freed when the last owner lets go.
final class Pattern: @unchecked Sendable {
  let source: String
  /// Whether a match can only begin at the start of the text.
  let isAnchored: Bool
  fileprivate let code: OpaquePointer

  /// Throws where the text is no regular expression.
  init(_ source: String) throws(PatternMistake) {
    let context = pcre2_compile_context_create_8(nil)
    defer { pcre2_compile_context_free_8(context) }
    pcre2_set_compile_extra_options_8(context, PCRE2_EXTRA_ALT_BSUX)
    pcre2_set_newline_8(context, UInt32(PCRE2_NEWLINE_ANYCRLF))
    let options =
      PCRE2_UTF | PCRE2_DOLLAR_ENDONLY | PCRE2_ALLOW_EMPTY_CLASS | PCRE2_ALT_BSUX
      | PCRE2_MATCH_UNSET_BACKREF | PCRE2_NEVER_BACKSLASH_C | PCRE2_USE_OFFSET_LIMIT
    var error: CInt = 0
    var offset = 0
    let bytes = Array(source.utf8)
    guard let code = pcre2_compile_8(bytes, bytes.count, options, &error, &offset, context) else {
      throw PatternMistake(
        reason: Self.text(of: error),
        offset: String(decoding: bytes.prefix(offset), as: UTF8.self).unicodeScalars.count)
    }
    // Where there is no just-in-time compiler, the interpreter does the same more slowly.
    _ = pcre2_jit_compile_8(code, PCRE2_JIT_COMPLETE)
    var allOptions: UInt32 = 0
    pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_ALLOPTIONS), &allOptions)
    self.source = source
    self.code = code
    isAnchored = allOptions & PCRE2_ANCHORED != 0
  }

  deinit { pcre2_code_free_8(code) }

  private static func text(of error: CInt) -> String {
    var buffer = [UInt8](repeating: 0, count: 256)
    let length = pcre2_get_error_message_8(error, &buffer, buffer.count)
    return String(decoding: buffer.prefix(Int(max(0, length))), as: UTF8.self)
  }
}

/// Why a text is no regular expression, in PCRE2's words, and after how many characters.
struct PatternMistake: Error {
  var reason: String
  var offset: Int
}

/// Runs patterns; owns what PCRE2 writes to while it matches, so that one belongs to one thread.
final class PatternMatcher {
  private let data: OpaquePointer
  private let context: OpaquePointer

  /// How often PCRE2 may step back from one start; a real pattern needs a few thousand.
  private static let matchLimit: UInt32 = 1_000_000
  /// How many starts are tried before the clock is looked at.
  private static let window = 128
  private static let patience = Duration.seconds(1)

  init() {
    guard let data = pcre2_match_data_create_8(1, nil),
      let context = pcre2_match_context_create_8(nil)
    else { preconditionFailure("no memory for matching patterns") }
    pcre2_set_match_limit_8(context, Self.matchLimit)
    self.data = data
    self.context = context
  }

  deinit {
    pcre2_match_data_free_8(data)
    pcre2_match_context_free_8(context)
  }

  /// Whether `pattern` matches somewhere in `text`; nil where that takes too much work.
  func matches(_ pattern: Pattern, _ text: String) -> Bool? {
    var text = text
    return text.withUTF8 { bytes in
      if pattern.isAnchored || bytes.count <= Self.window {
        return run(pattern, bytes, from: 0, through: nil)
      }
      return search(pattern, bytes)
    }
  }

  /// PCRE2's limit counts anew at every start, so that a long text is searched in windows.
  private func search(_ pattern: Pattern, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool? {
    var start = 0
    var deadline: ContinuousClock.Instant?
    let window = max(1, min(Self.window, 100_000_000 / bytes.count))
    while start <= bytes.count {
      if let deadline, ContinuousClock.now > deadline { return nil }
      deadline = deadline ?? ContinuousClock.now + Self.patience
      let end = start + window
      let last = end >= bytes.count
      guard let matches = run(pattern, bytes, from: start, through: last ? nil : end) else {
        return nil
      }
      if matches { return true }
      if last { return false }
      start = end + 1
      while start < bytes.count, bytes[start] & 0xC0 == 0x80 { start += 1 }
    }
    return false
  }

  private func run(
    _ pattern: Pattern, _ bytes: UnsafeBufferPointer<UInt8>, from start: Int, through end: Int?
  ) -> Bool? {
    pcre2_set_offset_limit_8(context, end ?? Int(bitPattern: ~0))
    // A String is always valid UTF-8.
    var result = pcre2_match_8(
      pattern.code, bytes.baseAddress, bytes.count, start, PCRE2_NO_UTF_CHECK, data, context)
    if result == PCRE2_ERROR_JIT_STACKLIMIT {
      result = pcre2_match_8(
        pattern.code, bytes.baseAddress, bytes.count, start,
        PCRE2_NO_UTF_CHECK | PCRE2_NO_JIT, data, context)
    }
    if result >= 0 { return true }
    return result == PCRE2_ERROR_NOMATCH ? false : nil
  }
}
