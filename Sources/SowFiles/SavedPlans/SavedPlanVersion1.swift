internal import SowModel

/// The saved plan's first format: JSON with an operation a line, so that it is written and read
/// piece by piece. Names are the keys of the file.
struct SavedPlanVersion1: Codable {
  var plan: String
  var environment: String?
  var database: String
  var scope: String
  var lineage: String
  /// Where there was a ledger.
  var serial: Int?
  /// Where there was none: 32 bytes in hex.
  var secret: String?
  var arguments: ArgumentsVersion1
  var files: [FileVersion1]
  var variables: [VariableVersion1]
  var rows_per_operation: Int?
  var rows_per_file: Int?
  var digest: String
  var digests: [DigestVersion1]
  var changes: ChangesVersion1
  var operations: [OperationChangeVersion1]
  var removals: [RemovalVersion1]

  struct ArgumentsVersion1: Codable {
    var folder: String?
    var plan: String
    var environment: String?
    var database: String?
    var lockfile: String?
    var var_files: [String]
    var vars: [AssignmentVersion1]
    var prune: Bool
    var destroy: Bool
    var targets: [String]
  }

  struct AssignmentVersion1: Codable {
    var name: String
    var text: String?
  }

  struct FileVersion1: Codable {
    var path: String
    var sha256: String
  }

  struct VariableVersion1: Codable {
    var name: String
    var value: ValueVersion1?
    var digest: String?
  }

  struct DigestVersion1: Codable {
    var operation: String
    var digest: String
  }
}

extension SavedPlanVersion1 {
  init(_ saved: SavedPlan) {
    plan = saved.changeset.plan
    environment = saved.environment
    database = saved.database
    scope = saved.scope
    switch saved.ledger {
    case .found(let lineage, let serial):
      self.lineage = lineage
      self.serial = serial
    case .drawn(let ledger):
      lineage = ledger.lineage
      secret = hexadecimal(ledger.secret)
    }
    arguments = ArgumentsVersion1(saved.arguments)
    files = saved.files.map { FileVersion1(path: $0.path, sha256: $0.digest) }
    variables = saved.variables.map { variable in
      switch variable.content {
      case .value(let value):
        VariableVersion1(name: variable.name, value: ValueVersion1(value))
      case .digest(let digest):
        VariableVersion1(name: variable.name, digest: hexadecimal(digest.bytes))
      }
    }
    rows_per_operation = saved.rowLimit
    rows_per_file = saved.streamLimit
    digest = hexadecimal(saved.fingerprint.changes.bytes)
    digests = saved.fingerprint.operations.map {
      DigestVersion1(operation: $0.operation, digest: hexadecimal($0.digest.bytes))
    }
    changes = ChangesVersion1(saved.changeset)
    operations = saved.changeset.operations.map { OperationChangeVersion1($0) }
    removals = saved.changeset.removals.map { RemovalVersion1($0) }
  }

  /// Throws a `DamagedPart` where a part says nothing that sow ever writes.
  func savedPlan() throws -> SavedPlan {
    var changeset = try changes.changeset(of: plan)
    changeset.operations = try operations.map { try $0.change() }
    changeset.removals = try removals.map { try $0.removal() }
    return SavedPlan(
      environment: environment, database: database, scope: scope, ledger: try ledgerState(),
      arguments: arguments.arguments,
      files: files.map { SavedPlan.ReadFile(path: $0.path, digest: $0.sha256) },
      variables: try variables.map { try $0.variable() },
      fingerprint: Fingerprint(
        operations: try digests.map {
          Fingerprint.Part(operation: $0.operation, digest: try rowDigest($0.digest))
        }, changes: try rowDigest(digest)),
      changeset: changeset, rowLimit: rows_per_operation, streamLimit: rows_per_file)
  }

  private func ledgerState() throws -> SavedPlan.LedgerState {
    guard bytes(ofHexadecimal: lineage)?.count == 16 else { throw DamagedPart("lineage") }
    if let serial {
      guard secret == nil else { throw DamagedPart("secret") }
      return .found(lineage: lineage, serial: serial)
    }
    guard let bytes = secret.flatMap({ bytes(ofHexadecimal: $0) }), bytes.count == 32 else {
      throw DamagedPart("secret")
    }
    return .drawn(Ledger(lineage: lineage, secret: bytes))
  }
}

extension SavedPlanVersion1.ArgumentsVersion1 {
  fileprivate init(_ arguments: SavedPlan.Arguments) {
    folder = arguments.folder
    plan = arguments.plan
    environment = arguments.environment
    database = arguments.database
    lockfile = arguments.lockfile
    var_files = arguments.variableFiles
    vars = arguments.assignments.map {
      SavedPlanVersion1.AssignmentVersion1(name: $0.name, text: $0.text)
    }
    prune = arguments.prunes
    destroy = arguments.destroys
    targets = arguments.targets
  }

  fileprivate var arguments: SavedPlan.Arguments {
    var arguments = SavedPlan.Arguments(plan: plan)
    arguments.folder = folder
    arguments.environment = environment
    arguments.database = database
    arguments.lockfile = lockfile
    arguments.variableFiles = var_files
    arguments.assignments = vars.map { SavedPlan.Assignment(name: $0.name, text: $0.text) }
    arguments.prunes = prune
    arguments.destroys = destroy
    arguments.targets = targets
    return arguments
  }
}

extension SavedPlanVersion1.VariableVersion1 {
  fileprivate func variable() throws -> SavedPlan.Variable {
    switch (value, digest) {
    case (let value?, nil): SavedPlan.Variable(name: name, content: .value(value.value))
    case (nil, let digest?):
      SavedPlan.Variable(name: name, content: .digest(try rowDigest(digest)))
    default: throw DamagedPart("variables")
    }
  }
}

private func rowDigest(_ text: String) throws -> RowDigest {
  guard let bytes = bytes(ofHexadecimal: text), bytes.count == 16 else {
    throw DamagedPart("digest")
  }
  return RowDigest(bytes)
}

/// Nil where the text is not pairs of hex digits.
private func bytes(ofHexadecimal text: String) -> [UInt8]? {
  let digits = Array(text.utf8)
  guard digits.count.isMultiple(of: 2) else { return nil }
  return stride(from: 0, to: digits.count, by: 2).reduce(into: [UInt8]?([])) { bytes, place in
    let pair = String(decoding: digits[place..<place + 2], as: UTF8.self)
    guard pair.utf8.first != UInt8(ascii: "+"), let byte = UInt8(pair, radix: 16) else {
      bytes = nil
      return
    }
    bytes?.append(byte)
  }
}
