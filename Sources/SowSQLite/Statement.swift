internal import CSQLite
internal import SowDatabase
internal import SowModel

/// One prepared statement: bound, stepped and read by position.
final class Statement {
  let pointer: OpaquePointer
  private let handle: Handle
  /// Copies of what is bound until the next reset, so that SQLite makes none.
  private var held: UnsafeMutableRawPointer?
  private var heldCount = 0
  /// Whether it was stepped since it was reset.
  private var isRunning = false

  init(_ text: String, on handle: Handle) throws(DatabaseError) {
    self.handle = handle
    guard !text.utf8.contains(0) else {
      throw DatabaseError(
        .refused, "a name or a default value contains U+0000",
        vi: "một tên hoặc giá trị mặc định chứa U+0000")
    }
    var pointer: OpaquePointer?
    let code = sqlite3_prepare_v3(
      handle.pointer, text, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &pointer, nil)
    guard code == SQLITE_OK, let pointer else { throw handle.failure(code) }
    self.pointer = pointer
  }

  /// Takes over a statement that is prepared.
  init(_ pointer: OpaquePointer, on handle: Handle) {
    self.pointer = pointer
    self.handle = handle
  }

  deinit {
    sqlite3_finalize(pointer)
    held?.deallocate()
  }

  /// Goes to the next row; false at the end.
  func step() throws(DatabaseError) -> Bool {
    guard !handle.isInterrupted else { throw .interruption }
    if !isRunning {
      isRunning = true
      handle.beginStatement()
    }
    switch sqlite3_step(pointer) {
    case SQLITE_ROW: return true
    case SQLITE_DONE: return false
    case let code: throw handle.failure(code)
    }
  }

  /// Makes the statement ready for other values and lets go of what it read.
  func reset() {
    sqlite3_reset(pointer)
    isRunning = false
    heldCount = 0
  }

  /// Runs the statement to its end with what is bound, and resets it.
  func run() throws(DatabaseError) {
    defer { reset() }
    while try step() {}
  }
}

// MARK: Binding; the first parameter is 1.

extension Statement {
  func bind(_ number: Int64, at index: Int) {
    check(sqlite3_bind_int64(pointer, Int32(index), number))
  }

  func bind(_ number: Int, at index: Int) { bind(Int64(number), at: index) }

  func bind(_ number: Double, at index: Int) {
    check(sqlite3_bind_double(pointer, Int32(index), number))
  }

  func bindNull(at index: Int) { check(sqlite3_bind_null(pointer, Int32(index))) }

  func bind(_ text: String, at index: Int) {
    var text = text
    text.withUTF8 { utf8 in
      // An empty buffer may have no address, which would bind null.
      let start: UnsafeRawPointer = utf8.baseAddress.map { UnsafeRawPointer($0) } ?? Self.nothing
      check(csqlite_bind_text(pointer, Int32(index), start, Self.length(utf8.count)))
    }
  }

  func bind(_ bytes: UnsafeRawBufferPointer, at index: Int) {
    let start = bytes.baseAddress ?? Self.nothing
    check(csqlite_bind_blob(pointer, Int32(index), start, Self.length(bytes.count)))
  }

  func bind(_ digest: RowDigest?, at index: Int) {
    guard let digest else { return bindNull(at: index) }
    withUnsafeBytes(of: (digest.high.bigEndian, digest.low.bigEndian)) { bind($0, at: index) }
  }

  /// Binds a text until the next reset alone: to be bound again before the statement runs again.
  func bindOnce(_ text: String, at index: Int) {
    var copied = text
    let isHeld = copied.withUTF8 { utf8 in
      guard let copy = hold(UnsafeRawBufferPointer(utf8)) else { return false }
      let start = copy.assumingMemoryBound(to: CChar.self)
      check(sqlite3_bind_text(pointer, Int32(index), start, Int32(utf8.count), nil))
      return true
    }
    if !isHeld { bind(text, at: index) }
  }

  /// The same for a digest.
  func bindOnce(_ digest: RowDigest, at index: Int) {
    withUnsafeBytes(of: (digest.high.bigEndian, digest.low.bigEndian)) { bytes in
      guard let copy = hold(bytes) else { return bind(bytes, at: index) }
      check(sqlite3_bind_blob(pointer, Int32(index), copy, Int32(bytes.count), nil))
    }
  }

  /// A copy that stays where it is until the next reset; nil where there is no room for it.
  private func hold(_ bytes: UnsafeRawBufferPointer) -> UnsafeMutableRawPointer? {
    guard heldCount + bytes.count <= Self.room else { return nil }
    let room = held ?? .allocate(byteCount: Self.room, alignment: 1)
    held = room
    let copy = room + heldCount
    if let start = bytes.baseAddress { copy.copyMemory(from: start, byteCount: bytes.count) }
    heldCount += bytes.count
    return copy
  }

  private static let room = 16_384

  /// Never read: it only marks a value of no bytes as not null.
  private static var nothing: UnsafeRawPointer {
    guard let pointer = UnsafeRawPointer(bitPattern: 1) else {
      preconditionFailure("an address is not zero")
    }
    return pointer
  }

  private static func length(_ count: Int) -> Int32 {
    guard let length = Int32(exactly: count) else {
      preconditionFailure("a value is below 2 GiB, as the files' limits hold")
    }
    return length
  }

  private func check(_ code: Int32) {
    // Out of memory or a value beyond SQLite's own gigabyte: the step that follows would write
    // what the parameter held before.
    precondition(code == SQLITE_OK, "a parameter takes its value")
  }
}

// MARK: Reading; the first column is 0.

extension Statement {
  func integer(_ column: Int) -> Int64 { sqlite3_column_int64(pointer, Int32(column)) }

  func double(_ column: Int) -> Double { sqlite3_column_double(pointer, Int32(column)) }

  func isNull(_ column: Int) -> Bool { storage(column) == SQLITE_NULL }

  /// SQLITE_INTEGER, SQLITE_FLOAT, SQLITE_TEXT, SQLITE_BLOB or SQLITE_NULL.
  func storage(_ column: Int) -> Int32 { sqlite3_column_type(pointer, Int32(column)) }

  func text(_ column: Int) -> String { String(decoding: utf8(column), as: UTF8.self) }

  /// The text of a column, whatever the database's encoding; valid until the next step.
  func utf8(_ column: Int) -> UnsafeBufferPointer<UInt8> {
    let start = sqlite3_column_text(pointer, Int32(column))
    return UnsafeBufferPointer(
      start: start, count: start == nil ? 0 : Int(sqlite3_column_bytes(pointer, Int32(column))))
  }

  /// Valid until the next step.
  func bytes(_ column: Int) -> UnsafeRawBufferPointer {
    let start = sqlite3_column_blob(pointer, Int32(column))
    return UnsafeRawBufferPointer(
      start: start, count: Int(sqlite3_column_bytes(pointer, Int32(column))))
  }

  /// Nil where the column is null or no digest.
  func digest(_ column: Int) -> RowDigest? {
    let bytes = bytes(column)
    guard bytes.count == 16 else { return nil }
    return RowDigest(
      high: UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
      low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
  }
}
