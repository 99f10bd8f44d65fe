internal import CSQLite
internal import SowDatabase
internal import SowModel

/// The functions that sow's own statements call; schemas cannot (`SQLITE_DIRECTONLY`).
enum Functions {
  /// Adds `sow_digest(…)`, `sow_encode(…)`, `sow_part(key, part)` and
  /// `sow_like(text, pattern, folded)` to a connection that keeps `digests` as long as it lives.
  static func add(to handle: Handle, digests: DigestFunction) throws(DatabaseError) {
    let context = Unmanaged.passUnretained(digests).toOpaque()
    try add("sow_digest", -1, context, to: handle, digest)
    try add("sow_encode", -1, context, to: handle, encode)
    try add("sow_part", 2, nil, to: handle, part)
    try add("sow_like", 3, nil, to: handle, like)
  }

  typealias Arguments = UnsafeMutablePointer<OpaquePointer?>
  typealias Body = @convention(c) (OpaquePointer?, Int32, Arguments?) -> Void

  private static func add(
    _ name: String, _ count: Int32, _ context: UnsafeMutableRawPointer?, to handle: Handle,
    _ body: Body
  ) throws(DatabaseError) {
    let flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY
    let code = sqlite3_create_function_v2(
      handle.pointer, name, count, flags, context, body, nil, nil, nil)
    guard code == SQLITE_OK else { throw handle.failure(code) }
  }

  /// The UTF-8 of a value, valid until the function returns.
  static func text(_ value: OpaquePointer?) -> UnsafeBufferPointer<UInt8> {
    let start = sqlite3_value_text(value)
    return UnsafeBufferPointer(
      start: start, count: start == nil ? 0 : Int(sqlite3_value_bytes(value)))
  }
}

private func digest(_ context: OpaquePointer?, _ count: Int32, _ values: Functions.Arguments?) {
  DigestFunction.of(context)?.digest(context, count, values)
}

private func encode(_ context: OpaquePointer?, _ count: Int32, _ values: Functions.Arguments?) {
  DigestFunction.of(context)?.encode(context, count, values)
}

private func part(_ context: OpaquePointer?, _ count: Int32, _ values: Functions.Arguments?) {
  guard let context, let values else { return }
  LedgerKey.part(Int(sqlite3_value_int(values[1])), of: values[0], to: context)
}

private func like(_ context: OpaquePointer?, _ count: Int32, _ values: Functions.Arguments?) {
  guard let values, sqlite3_value_type(values[0]) != SQLITE_NULL,
    sqlite3_value_type(values[1]) != SQLITE_NULL
  else { return sqlite3_result_null(context) }
  guard sqlite3_value_type(values[0]) != SQLITE_BLOB else { return sqlite3_result_int(context, 0) }
  let pattern = LikePattern(Functions.text(values[1]), folds: sqlite3_value_int(values[2]) != 0)
  sqlite3_result_int(context, pattern.matches(Functions.text(values[0])) ? 1 : 0)
}

/// Digests of what columns hold, by storage class: `integer`, `float`, `text`, `bytes` or null.
final class DigestFunction {
  var digester: (any Digesting)?
  private var encoder = RowEncoder()

  /// The most arguments that one call takes (SQLite's own limit is 127 unless built otherwise);
  /// wider rows are encoded in parts first.
  static let width = 100

  static func of(_ context: OpaquePointer?) -> DigestFunction? {
    sqlite3_user_data(context).map { Unmanaged<Self>.fromOpaque($0).takeUnretainedValue() }
  }

  /// The SQL that gives the digest of these columns.
  static func call(_ columns: [String]) -> String {
    guard columns.count > width else {
      return "sow_digest(" + columns.joined(separator: ", ") + ")"
    }
    let parts = stride(from: 0, to: columns.count, by: width).map { start in
      let part = columns[start..<min(start + width, columns.count)]
      return "sow_encode(" + part.joined(separator: ", ") + ")"
    }
    return "sow_digest(" + parts.joined(separator: ", ") + ")"
  }

  func digest(
    _ context: OpaquePointer?, _ count: Int32, _ values: Functions.Arguments?
  ) {
    guard let digester else { preconditionFailure("a digest is only asked for with a digester") }
    collect(count, values)
    let digest = digester.digest(encoder)
    withUnsafeBytes(of: (digest.high.bigEndian, digest.low.bigEndian)) {
      csqlite_result_blob(context, $0.baseAddress, 16)
    }
  }

  func encode(
    _ context: OpaquePointer?, _ count: Int32, _ values: Functions.Arguments?
  ) {
    collect(count, values)
    encoder.bytes.withUnsafeBytes {
      csqlite_result_blob(context, $0.baseAddress, Int32(clamping: $0.count))
    }
  }

  private func collect(_ count: Int32, _ values: Functions.Arguments?) {
    encoder.reset()
    guard let values else { return }
    for index in 0..<Int(count) {
      let value = values[index]
      switch sqlite3_value_type(value) {
      case SQLITE_INTEGER: encoder.append(.integer(sqlite3_value_int64(value)))
      case SQLITE_FLOAT: encoder.append(.float(sqlite3_value_double(value)))
      case SQLITE_TEXT: encoder.appendText(UnsafeRawBufferPointer(Functions.text(value)))
      case SQLITE_BLOB:
        let start = sqlite3_value_blob(value)
        let count = Int(sqlite3_value_bytes(value))
        encoder.appendBytes(UnsafeRawBufferPointer(start: start, count: count))
      default: encoder.append(.null)
      }
    }
  }
}
