/// The manifest of a plan that was shown: everything that must hold still for an apply to do
/// exactly that. No value of a row is in it, but for what may be shown.
package struct SavedPlan: Hashable, Sendable {
  package static let currentVersion = 1

  /// The name of the environment; nil for a database without one.
  package var environment: String?
  /// The database as it may be shown.
  package var database: String
  package var scope: String
  package var ledger: LedgerState
  package var arguments: Arguments
  /// Every file that was read, by path: below the project's root, else absolute.
  package var files: [ReadFile]
  package var variables: [Variable]
  package var fingerprint: Fingerprint
  /// The changes as they were shown, without sensitive values.
  package var changeset: Changeset
  /// Rows of an operation that `changeset` holds at most; nil for all.
  package var rowLimit: Int?
  /// The same of an operation whose rows are a file, where that is another limit.
  package var streamLimit: Int?

  package enum LedgerState: Hashable, Sendable {
    case found(lineage: String, serial: Int)
    /// There was none: the apply makes it with this identity.
    case drawn(Ledger)
  }

  /// What the command line said, with paths as written.
  package struct Arguments: Hashable, Sendable {
    /// Where sow worked, below the project's root; nil outside of it.
    package var folder: String?
    package var plan: String
    package var environment: String?
    package var database: String?
    package var lockfile: String?
    package var variableFiles: [String] = []
    package var assignments: [Assignment] = []
    package var prunes = false
    package var destroys = false
    /// Operations that the run is limited to; none for all.
    package var targets: [String] = []

    package init(plan: String) { self.plan = plan }
  }

  /// A variable of the command line; without its text where it is sensitive.
  package struct Assignment: Hashable, Sendable {
    package var name: String
    package var text: String?

    package init(name: String, text: String?) {
      self.name = name
      self.text = text
    }
  }

  package struct ReadFile: Hashable, Sendable {
    package var path: String
    /// SHA-256 in lower-case hex.
    package var digest: String

    package init(path: String, digest: String) {
      self.path = path
      self.digest = digest
    }
  }

  package struct Variable: Hashable, Sendable {
    package var name: String
    package var content: Content

    package enum Content: Hashable, Sendable {
      case value(Value)
      /// Of a sensitive one, keyed with the ledger's secret.
      case digest(RowDigest)
    }

    package init(name: String, content: Content) {
      self.name = name
      self.content = content
    }
  }

  package init(
    environment: String?, database: String, scope: String, ledger: LedgerState,
    arguments: Arguments, files: [ReadFile], variables: [Variable], fingerprint: Fingerprint,
    changeset: Changeset, rowLimit: Int?, streamLimit: Int? = nil
  ) {
    self.environment = environment
    self.database = database
    self.scope = scope
    self.ledger = ledger
    self.arguments = arguments
    self.files = files
    self.variables = variables
    self.fingerprint = fingerprint
    self.changeset = changeset
    self.rowLimit = rowLimit
    self.streamLimit = streamLimit
  }
}
