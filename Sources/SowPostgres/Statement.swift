internal import CPostgres
internal import SowDatabase
internal import SowModel

/// A parameter in the text form of its type, ended by a zero, or in its binary form; nil is null.
struct Parameter {
  fileprivate let bytes: [UInt8]?
  fileprivate var isBinary = false

  static let null = Parameter(bytes: nil)

  init(_ text: String) {
    var bytes = Array(text.utf8)
    bytes.append(0)
    self.bytes = bytes
  }

  init(_ number: Int64) { self.init(String(number)) }

  init(_ number: Int) { self.init(String(number)) }

  init(_ digest: RowDigest?) {
    guard let digest else {
      self = .null
      return
    }
    self.init("\\x" + hexadecimal(digest.bytes))
  }

  /// An array, or what else is ended by a zero already.
  init(ended bytes: [UInt8]) { self.bytes = bytes }

  /// What needs no text to be read from it.
  init(binary bytes: [UInt8]) {
    self.bytes = bytes
    isBinary = true
  }

  private init(bytes: [UInt8]?) { self.bytes = bytes }
}

extension [Parameter] {
  /// The parameters as the library wants them, with their lengths and forms, for the time of `body`.
  func withPointers<Result>(
    _ body: (
      Int32, UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<Int32>?, UnsafePointer<Int32>?
    ) -> Result
  ) -> Result {
    // One block for all, because closures do not nest as deep as there are columns.
    let size = reduce(0) { $0 + ($1.bytes?.count ?? 0) }
    let block = UnsafeMutableRawBufferPointer.allocate(byteCount: Swift.max(size, 1), alignment: 1)
    defer { block.deallocate() }
    var pointers: [UnsafePointer<CChar>?] = []
    var place = 0
    for parameter in self {
      guard let bytes = parameter.bytes else {
        pointers.append(nil)
        continue
      }
      let part = UnsafeMutableRawBufferPointer(rebasing: block[place..<place + bytes.count])
      part.copyBytes(from: bytes)
      pointers.append(
        part.baseAddress.map { UnsafePointer($0.assumingMemoryBound(to: CChar.self)) })
      place += bytes.count
    }
    let lengths = map { Int32($0.bytes?.count ?? 0) }
    let forms = map { $0.isBinary ? 1 : 0 as Int32 }
    return pointers.withUnsafeBufferPointer { pointers in
      lengths.withUnsafeBufferPointer { lengths in
        forms.withUnsafeBufferPointer { forms in
          body(
            Int32(pointers.count), pointers.baseAddress, lengths.baseAddress, forms.baseAddress)
        }
      }
    }
  }
}

/// What came back of one statement.
final class Answer {
  let pointer: OpaquePointer?

  init(_ pointer: OpaquePointer?) { self.pointer = pointer }

  deinit { PQclear(pointer) }

  var status: ExecStatusType { PQresultStatus(pointer) }

  var count: Int { Int(PQntuples(pointer)) }

  /// The number of rows that were written.
  var changes: Int { Int(String(cString: PQcmdTuples(pointer))) ?? 0 }

  /// What was done, such as `COMMIT`.
  var command: String { String(cString: PQcmdStatus(pointer)) }

  /// The names of the columns.
  var columns: [String] {
    (0..<PQnfields(pointer)).map { PQfname(pointer, $0).map { String(cString: $0) } ?? "" }
  }

  /// The number of a column's type in `pg_type`.
  func type(of column: Int) -> UInt32 { PQftype(pointer, Int32(column)) }

  subscript(row: Int) -> AnswerRow { AnswerRow(answer: self, row: Int32(row)) }

  var rows: LazyMapSequence<Range<Int>, AnswerRow> { (0..<count).lazy.map { self[$0] } }
}

/// One row, read by position; the first column is 0.
struct AnswerRow {
  fileprivate let answer: Answer
  fileprivate let row: Int32

  func isNull(_ column: Int) -> Bool { PQgetisnull(answer.pointer, row, Int32(column)) == 1 }

  /// Valid as long as the answer.
  func bytes(_ column: Int) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(
      start: PQgetvalue(answer.pointer, row, Int32(column)),
      count: Int(PQgetlength(answer.pointer, row, Int32(column))))
  }

  func text(_ column: Int) -> String { String(decoding: bytes(column), as: UTF8.self) }

  /// 0 where it is null.
  func integer(_ column: Int) -> Int64 { Int64(text(column)) ?? 0 }

  func number(_ column: Int) -> Int { Int(integer(column)) }

  func isTrue(_ column: Int) -> Bool { bytes(column).first == UInt8(ascii: "t") }

  /// Nil where the column is null or no digest; it comes as `\x` and hexadecimal digits.
  func digest(_ column: Int) -> RowDigest? {
    let bytes = bytes(column)
    guard bytes.count == 34 else { return nil }
    var words = (high: UInt64(0), low: UInt64(0))
    for place in 2..<34 {
      guard let value = hexadecimalValue(bytes[place]) else { return nil }
      words = (words.high << 4 | words.low >> 60, words.low << 4 | UInt64(value))
    }
    return RowDigest(high: words.high, low: words.low)
  }
}
