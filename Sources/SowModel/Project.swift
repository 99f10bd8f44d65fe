/// `sow.yaml`, or the defaults that stand where there is none.
package struct Project: Sendable {
  /// The folder that paths are relative to, absolute.
  package var root: String
  package var defaultEnvironment: Located<String>?
  /// In the order written; the built-in `local` where the file names none.
  package var environments: [Environment]
  package var limits = Limits()
  /// What people are spoken to in, unless the command line says otherwise.
  package var language: Language?

  package init(root: String, environments: [Environment]) {
    self.root = root
    self.environments = environments
  }
}

package struct Environment: Sendable {
  package var name: String
  package var range: SourceRange?
  /// A database URL, or a `$env:` link to one.
  package var database: Input?
  package var createTables = false
  package var keepsLockfile = true
  /// Whether an apply wants a saved plan, and every delete to be agreed to aloud.
  package var isProtected = false
  /// Separates ownership where environments share a database; the tenant where it is not said.
  package var scope: String?
  /// Whose rows are read and written, or a `$env:` link to it.
  package var tenant: Input?
  package var variables: [Node.Entry] = []
  /// Where plain names of tables lead to on a server; nil for what the server says.
  package var schema: Located<String>?
  /// Where the ledger lies on a server; nil for `schema`.
  package var ledgerSchema: Located<String>?
  /// The role of a server whose rights count; nil for that of the URL.
  package var role: Located<String>?
  /// Nil where it says nothing of who runs.
  package var identity: Identity?

  package init(name: String, range: SourceRange?, database: Input?) {
    self.name = name
    self.range = range
    self.database = database
  }
}

/// What a run may use at most; each has a diagnostic of its own.
package struct Limits: Hashable, Sendable {
  package var operations = 100_000
  package var rows = 1_000_000
  package var fileBytes = 268_435_456
  package var deletes = 10
  package var deletePercent = 30

  package init() {}

  /// The most rows that a run may delete of a plan that owns `owned` rows: the number agreed to
  /// aloud, else `deletes` and, from 20 owned rows on, `deletePercent` of them; with `wantsConsent`
  /// none that was not agreed to.
  package func deletable(owned: Int, allowed: Int?, wantsConsent: Bool) -> Int {
    if let allowed { return allowed }
    if wantsConsent { return 0 }
    return owned >= 20 ? min(deletes, owned * deletePercent / 100) : deletes
  }
}
