/// What an apply will do, as people see it: per operation, counts and the rows that differ.
///
/// Sensitive values are not in it: they were replaced where they were read.
package struct Changeset: Hashable, Sendable {
  package var plan: String
  /// In plan order, operations without a change too.
  package var operations: [OperationChange]
  /// Tables and columns that `create_tables` will make, as `table` or `table.column`.
  package var createdTables: [String]
  /// Rows that go away though no operation of the plan says so, operation by operation.
  package var removals: [OperationRemoval] = []
  /// What the database itself does to other rows when rows are deleted, by table.
  package var cascades: [Cascade] = []
  /// What is known under another name or address from now on, in the order of the plan.
  package var renames: [Rename] = []
  /// Addresses that the ledger holds and no operation names any more; not touched.
  package var orphans: [String]
  package var counts: Counts
  /// How many rows the plan owns already.
  package var owned = 0

  /// How many rows meet which fate.
  package struct Counts: Hashable, Sendable {
    package var create = 0
    package var update = 0
    package var delete = 0
    /// Rows that stay as they are and leave the ledger.
    package var forget = 0
    package var unchanged = 0
    /// Rows that stay as they are and become known to the ledger, or whose entry is renewed.
    package var ledgerOnly = 0
    package var failed = 0
    package var skipped = 0
    /// Rows whose address changes; an address without a row counts as one.
    package var renamed = 0

    package init() {}

    package static func += (left: inout Self, right: Self) {
      left.create += right.create
      left.update += right.update
      left.delete += right.delete
      left.forget += right.forget
      left.unchanged += right.unchanged
      left.ledgerOnly += right.ledgerOnly
      left.failed += right.failed
      left.skipped += right.skipped
      left.renamed += right.renamed
    }
  }

  package init(plan: String) {
    self.plan = plan
    operations = []
    createdTables = []
    orphans = []
    counts = Counts()
  }

  /// Whether an apply would write nothing: neither rows nor ownership.
  package var isEmpty: Bool {
    counts.create == 0 && counts.update == 0 && counts.delete == 0 && counts.forget == 0
      && counts.ledgerOnly == 0 && counts.renamed == 0 && createdTables.isEmpty
  }

  /// All rows that would be gone: those that the database deletes by itself, too.
  package var deletes: Int {
    counts.delete + cascades.reduce(0) { $0 + ($1.effect == .delete ? $1.count : 0) }
  }
}

/// A ledger change only: the rows stay as they are.
package struct Rename: Hashable, Sendable {
  /// The address of now, or the plan's name.
  package var address: String
  /// What it was before.
  package var was: String
  /// Nil for a whole plan.
  package var entity: String?
  /// Of a single row.
  package var key: String?
  /// How many rows it concerns.
  package var rows: Int

  package init(address: String, was: String, entity: String?, key: String?, rows: Int) {
    self.address = address
    self.was = was
    self.entity = entity
    self.key = key
    self.rows = rows
  }
}

package struct OperationChange: Hashable, Sendable {
  package var name: String
  package var action: Action
  package var entity: String
  package var counts: Changeset.Counts
  /// The rows that differ, in plan order; for a file of rows only the first ones.
  package var rows: [RowChange]
  /// How many differ in all, which may be more than `rows` holds.
  package var differing: Int

  package init(name: String, action: Action, entity: String) {
    self.name = name
    self.action = action
    self.entity = entity
    counts = Changeset.Counts()
    rows = []
    differing = 0
  }
}

/// The rows of one operation that go away because they left its set, because the operation left
/// the plan, or because everything is taken down.
package struct OperationRemoval: Hashable, Sendable {
  package var operation: String
  package var counts = Changeset.Counts()
  /// The first ones.
  package var rows: [RowChange] = []
  package var differing = 0

  package init(operation: String) { self.operation = operation }
}

/// What the database does by itself to rows that refer to deleted ones.
package struct Cascade: Hashable, Sendable {
  package var table: String
  package var effect: Effect
  package var count: Int

  package enum Effect: Hashable, Sendable {
    case delete
    case setNull([String])
    case setDefault([String])
    /// The rows are links, which other rows lose.
    case unlink
  }

  package init(table: String, effect: Effect, count: Int) {
    self.table = table
    self.effect = effect
    self.count = count
  }
}

package struct RowChange: Hashable, Sendable {
  package var kind: Kind
  /// `operation` or `operation["key"]`.
  package var address: String
  package var entity: String
  /// The key of the row where it is known already.
  package var key: String?
  package var fields: [FieldChange]
  /// Why a row goes away that no operation says so of.
  package var reason: Reason?

  package enum Reason: String, Hashable, Sendable {
    /// Of a `sync`: its set does not hold the row any more.
    case leftSet = "left_set"
    /// Its operation, or the instance, left the plan.
    case leftPlan = "left_plan"
    /// Everything that the plan made goes.
    case destroyed
  }
  /// Why nothing becomes of the row, where no failure says it.
  package var obstacle: Phrase?
  /// Where the row is written, of one whose address hides its key.
  package var place = Place()

  /// Equal to every other one, because where a row is written is no part of what changes.
  package struct Place: Hashable, Sendable {
    package let range: SourceRange?

    package init(_ range: SourceRange? = nil) { self.range = range }

    package static func == (left: Self, right: Self) -> Bool { true }

    package func hash(into hasher: inout Hasher) {}
  }

  package enum Kind: String, Hashable, Sendable {
    case create
    case update
    /// Someone changed the row; it will be set back.
    case drift
    /// Someone removed the row; it will be created again.
    case recreate
    case delete
    /// The row stays, and is not ours any more.
    case forget
    /// Someone removed the row; the ledger forgets it.
    case lost
    /// What the ledger remembers of the operation changes.
    case policy
    /// The row is deleted and inserted anew, because it may not change in place.
    case replace
    /// The row is as asked and becomes known to the ledger (`upsert` of a row that was there).
    case adopt
    /// The row is ours, and holds already what is asked for now; the ledger learns of that.
    case note
    /// Invalid, in a mode where other rows go on.
    case failed
    /// Depends on one that failed, or is not carried out because of a `when`.
    case skipped
  }

  package init(
    kind: Kind, address: String, entity: String, key: String?, fields: [FieldChange],
    reason: Reason? = nil, obstacle: Phrase? = nil
  ) {
    self.reason = reason
    self.kind = kind
    self.address = address
    self.entity = entity
    self.key = key
    self.fields = fields
    self.obstacle = obstacle
  }
}

/// One field of a row that is written: `new` for a create, `old → new` otherwise.
package struct FieldChange: Hashable, Sendable {
  package var field: String
  package var old: Shown?
  package var new: Shown
  /// What comes and goes, where the field is a set; nil where that is not known or not shown.
  package var members: Members?

  /// Members of a set that it gains and loses.
  package struct Members: Hashable, Sendable {
    package var added: [Shown]
    package var removed: [Shown]

    package init(added: [Shown], removed: [Shown]) {
      self.added = added
      self.removed = removed
    }
  }

  /// A value as it may be shown.
  package enum Shown: Hashable, Sendable {
    case value(Value)
    /// Stands for a sensitive value, for example `PHI`.
    case masked(label: String)
    /// A reference, and its value where it is known before the apply.
    case reference(String, Value?)
    /// What only the apply will know, such as text around a generated key.
    case pending
  }

  package init(field: String, old: Shown?, new: Shown, members: Members? = nil) {
    self.field = field
    self.old = old
    self.new = new
    self.members = members
  }
}
