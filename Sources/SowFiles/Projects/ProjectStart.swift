/// The files of a project to start from.
package struct ProjectStart: Sendable {
  /// What became of one file.
  package enum Outcome: String, Sendable {
    case created
    /// It was there, and a line was added.
    case extended
    /// It was there, and is as it was.
    case kept
  }

  package struct Made: Sendable {
    package var path: String
    package var outcome: Outcome

    package init(path: String, outcome: Outcome) {
      self.path = path
      self.outcome = outcome
    }
  }

  private let folder: String

  /// In an existing folder.
  package init(in folder: String) { self.folder = folder }

  /// Makes what is missing, and changes nothing that is there but for the missing lines of the
  /// two files of git. The sample plan and its schema are made only together, where there is
  /// neither a plan nor a schema.
  ///
  /// Each file is handed to `tell` as soon as it is there.
  package func make(samples: Bool = true, _ tell: (Made) -> Void) throws(FileFailure) {
    tell(try create("sow.yaml", Self.settings))
    if samples { try makeSamples(tell) }
    tell(try addLine("*.lock.json merge=union", to: ".gitattributes", or: []))
    tell(try addLine(".sow/", to: ".gitignore", or: [".sow", "/.sow", "/.sow/", ".sow/*"]))
  }

  private func makeSamples(_ tell: (Made) -> Void) throws(FileFailure) {
    let samples = [("schemas/customer.yaml", Self.schema), ("plans/customers.yaml", Self.plan)]
    let taken = ["schemas", "plans"].filter { !holdsNothing($0) }
    if taken.isEmpty {
      for (name, text) in samples { tell(try create(name, text)) }
    } else {
      for name in taken { tell(Made(path: name + "/", outcome: .kept)) }
    }
  }

  private func holdsNothing(_ name: String) -> Bool {
    let path = FilePath.join(folder, name)
    guard FileKind(atPath: path) != nil else { return true }
    return folderNames(path)?.isEmpty ?? false
  }

  private func create(_ name: String, _ text: String) throws(FileFailure) -> Made {
    let path = FilePath.join(folder, name)
    let isNew = try createFile(path, Array(text.utf8))
    return Made(path: name, outcome: isNew ? .created : .kept)
  }

  /// Lines are compared without blanks at their ends; a file that cannot be read is an error.
  private func addLine(
    _ line: String, to name: String, or others: [String]
  ) throws(FileFailure) -> Made {
    let path = FilePath.join(folder, name)
    if try createFile(path, Array((line + "\n").utf8)) {
      return Made(path: name, outcome: .created)
    }
    var bytes = try wholeFile(path)
    let known = ([line] + others).map { Array($0.utf8) }
    let lines = bytes.split { $0 == 0x0A || $0 == 0x0D }
    let isThere = lines.contains { written in
      let words = written.split(whereSeparator: isBlank)
      return known.contains { $0.split(whereSeparator: isBlank) == words }
    }
    guard !isThere else { return Made(path: name, outcome: .kept) }
    if let last = bytes.last, last != 0x0A { bytes.append(0x0A) }
    bytes += Array((line + "\n").utf8)
    try StagedFile.stage(bytes, at: path).commit()
    return Made(path: name, outcome: .extended)
  }
}

// MARK: Contents

extension ProjectStart {
  private static let settings = """
    # Where plans are applied; -e chooses another environment.
    default_environment: local
    environments:
      local: { database: sqlite:.sow/local.db, create_tables: true }

    """

  private static let schema = """
    # A kind of row: a JSON Schema, and what sow has to know beyond it under x-sow.
    $schema: https://json-schema.org/draft/2020-12/schema
    title: customer
    type: object
    properties:
      customer_id: { type: integer, readOnly: true }
      name: { type: string, minLength: 1, maxLength: 100 }
      email: { type: string, format: email }
      referred_by_id: { type: [integer, "null"] }
    required: [name, email]
    additionalProperties: false
    x-sow:
      primary_key: customer_id
      unique: [[email]]
      references: { referred_by_id: customer.customer_id }

    """

  private static let plan = """
    # What should be there: sow plan shows what would change, sow apply makes it so.
    operations:
      luis:
        action: create
        entity: customer
        values:
          name: Luís
          email: luis@example.com

      mai:
        action: create
        entity: customer
        values:
          name: Mai
          email: mai@example.com
          referred_by_id: $ref:luis.customer_id # generated keys are never written down

    """
}
