internal import SowDatabase
internal import SowModel

/// A keyed digest over everything that a run changes, in order: what the audit row holds of it.
///
/// Equal runs on equal databases with one ledger have equal ones; keys that the database draws are
/// no part of it.
struct ChangeFold {
  private let digester: KeyedDigester
  private var fold = RowDigest(high: 0, low: 0)
  private var encoder = RowEncoder()

  /// Bytes after which what was added is folded in.
  private static let limit = 65_536

  init(_ digester: KeyedDigester) { self.digester = digester }

  /// Over all that was added.
  var digest: RowDigest {
    var open = RowEncoder()
    open.append(fold)
    encoder.bytes.withUnsafeBytes { open.appendBytes($0) }
    return digester.digest(open)
  }

  /// A row that was written, or became known.
  mutating func add(_ row: LedgerRow, _ fate: UInt8) {
    start(.integer(Int64(fate)), row.operation, row.instance)
    encoder.append(row.asked)
  }

  /// An `update` or `delete` of these rows.
  mutating func add(query address: String, _ done: RowDigest?, _ keys: [RowKey]) {
    start(.text("query"), address, "")
    if let done { encoder.append(done) }
    for key in keys { encoder.append(.list(key.values)) }
  }

  /// A row that goes or is forgotten.
  mutating func add(_ word: String, _ operation: String, _ instance: String) {
    start(.text(word), operation, instance)
  }

  private mutating func start(_ what: Value, _ operation: String, _ instance: String) {
    if encoder.count > Self.limit {
      fold = digest
      encoder.reset()
    }
    encoder.append(what)
    encoder.append(.text(operation))
    encoder.append(.text(instance))
  }
}

extension RowEncoder {
  fileprivate mutating func append(_ digest: RowDigest) {
    append(.integer(Int64(bitPattern: digest.high)))
    append(.integer(Int64(bitPattern: digest.low)))
  }
}
