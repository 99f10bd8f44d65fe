/// The identity of a ledger and the secret of its digests.
package struct Ledger: Hashable, Sendable {
  /// 2 remembers `lifecycle`.
  package static let currentFormat = 3

  package var format: Int
  /// Random, made by the first apply to a database: 32 hex digits.
  package var lineage: String
  /// 32 random bytes; never shown.
  package var secret: [UInt8]
  /// The serial of the newest run, 0 before the first.
  package var serial: Int

  package init(format: Int = currentFormat, lineage: String, secret: [UInt8], serial: Int = 0) {
    self.format = format
    self.lineage = lineage
    self.secret = secret
    self.serial = serial
  }
}

package struct LedgerRow: Hashable, Sendable {
  package var operation: String
  /// The text between the brackets of the address, empty for a plain operation.
  package var instance: String
  /// The number of the shape: table and columns that the operation sets.
  package var shape: Int
  package var key: RowKey
  /// What the plan said.
  package var asked: RowDigest
  /// What the database held before the last commit.
  package var answered: RowDigest?
  package var origin: Origin
  /// The run that wrote the row last; the ledger's word, not the writer's.
  package var serial: Int

  package enum Origin: String, Hashable, Sendable { case created, adopted }

  package init(
    operation: String, instance: String, shape: Int, key: RowKey, asked: RowDigest,
    answered: RowDigest?, origin: Origin, serial: Int = 0
  ) {
    self.operation = operation
    self.instance = instance
    self.shape = shape
    self.key = key
    self.asked = asked
    self.answered = answered
    self.origin = origin
    self.serial = serial
  }
}

/// A table and the columns that an operation sets there.
package struct LedgerShape: Hashable, Sendable {
  package var table: String
  package var columns: [String]
  /// Where the members of those columns lie that are sets.
  package var links: [String: LinkNames]

  package init(table: String, columns: [String], links: [String: LinkNames] = [:]) {
    self.table = table
    self.columns = columns
    self.links = links
  }
}

/// What the database holds now where the ledger says a row is.
package enum Presence: Hashable, Sendable {
  case missing
  case found(RowDigest)
}

package struct LedgerAddress: Hashable, Sendable {
  package var owner: Owner
  package var operation: String
  package var instance: String

  package init(owner: Owner, operation: String, instance: String) {
    self.owner = owner
    self.operation = operation
    self.instance = instance
  }

  /// Keys of instances are equal byte for byte.
  package static func == (left: Self, right: Self) -> Bool {
    left.operation == right.operation && left.instance.hasSameBytes(as: right.instance)
      && left.owner == right.owner
  }
}

/// What the ledger remembers of an operation beyond its rows.
package struct LedgerPolicy: Hashable, Sendable {
  package var action: Action
  package var entity: String
  /// For an `update` or `delete`: the digest of what it was asked to do when it was last done.
  package var done: RowDigest?
  package var lifecycle: Lifecycle

  package init(
    action: Action, entity: String, done: RowDigest?, lifecycle: Lifecycle = Lifecycle()
  ) {
    self.action = action
    self.entity = entity
    self.done = done
    self.lifecycle = lifecycle
  }
}

package struct LedgerRun: Hashable, Sendable {
  /// Chosen by the client, so that a commit whose answer was lost can be looked up.
  package var id: String
  package var serial: Int
  package var scope: String
  package var plan: String
  package var actor: String
  /// The commit of the project's repository, empty outside of one.
  package var commit: String
  /// Whose rows they are, empty where rows belong to nobody.
  package var tenant: String
  /// RFC 3339 in UTC.
  package var started: String
  package var finished: String
  package var created: Int
  package var updated: Int
  package var deleted: Int
  /// Of all that it changed, keyed; nil where it changed ownership alone, or is older than this.
  package var changeset: RowDigest?
  package var message: Phrase

  package init(
    id: String, serial: Int, scope: String, plan: String, actor: String, commit: String,
    tenant: String = "", started: String, finished: String, created: Int, updated: Int,
    deleted: Int, changeset: RowDigest? = nil, message: Phrase
  ) {
    self.id = id
    self.serial = serial
    self.scope = scope
    self.plan = plan
    self.actor = actor
    self.commit = commit
    self.tenant = tenant
    self.started = started
    self.finished = finished
    self.created = created
    self.updated = updated
    self.deleted = deleted
    self.changeset = changeset
    self.message = message
  }
}

/// Whose rows: the ledger separates scopes, then plans.
package struct Owner: Hashable, Sendable {
  package var scope: String
  package var plan: String

  package init(scope: String, plan: String) {
    self.scope = scope
    self.plan = plan
  }
}
