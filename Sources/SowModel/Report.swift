/// What happened: exactly one result an operation, and one an instance where it has them.
package struct Report: Hashable, Sendable {
  package var plan: String
  /// Whether nothing was kept because it was a rehearsal.
  package var isDryRun: Bool
  /// Whether one failure takes everything back.
  package var isAtomic = true
  /// Whether nothing of the plan was carried out: something was wrong before.
  package var isUnrun = false
  /// Whether tables or columns were made, with or without rows.
  package var makesTables = false
  /// In plan order; where nobody reads them, those of operations that failed or were left out.
  package var results: [OperationResult]
  /// Rows that went though no operation said so: all where rows are reported, else the failed ones.
  package var removals: [RemovalResult] = []
  package var counts = Counts()
  /// The fields that are labelled PHI in the entities of the plan, in their order.
  package var phiFields: [String] = []

  /// Instances by how they ended; a plain operation is one instance.
  package struct Counts: Hashable, Sendable {
    package var total = 0
    package var succeeded = 0
    package var failed = 0
    package var skipped = 0
    package var created = 0
    package var updated = 0
    package var deleted = 0
    package var forgotten = 0
    /// What only the ledger learned of: rows that are as asked, and policies.
    package var noted = 0
    package var unchanged = 0
    /// Rows that have another address than before.
    package var renamed = 0

    package init() {}
  }

  package init(plan: String, isDryRun: Bool, results: [OperationResult] = []) {
    self.plan = plan
    self.isDryRun = isDryRun
    self.results = results
  }

  package var failedOperations: [String] {
    results.filter { $0.status == .failed }.map(\.name)
  }

  package var isSuccess: Bool {
    results.allSatisfy { $0.status == .completed || $0.status == .unchanged || $0.isIdle }
      && removals.allSatisfy { $0.status == .completed }
  }
}

/// The HTTP-like outcome of one instance or operation.
package enum Status: String, Hashable, Sendable {
  case completed, unchanged, failed, skipped
  /// Was written and taken back.
  case rolledBack = "rolled_back"
  case notRun = "not_run"
}

package struct OperationResult: Hashable, Sendable {
  package var name: String
  package var action: Action
  package var entity: String
  package var status: Status
  /// 200, 201, 400, 403, 404, 409, 422, 424 or 500; nil for `not_run` and `rolled_back`.
  package var statusCode: Int?
  package var failure: Failure?
  /// Rows of a `read`; the key of a row that was written.
  package var data: [ResultRow]
  /// The names of the fields that are the entity's primary key, in key order.
  package var keyFields: [String] = []
  /// One each in request order for an operation with `rows` or `for_each`; else empty.
  package var instances: [InstanceResult]
  package var range: SourceRange?

  package init(
    name: String, action: Action, entity: String, status: Status, statusCode: Int? = nil,
    failure: Failure? = nil, data: [ResultRow] = [], instances: [InstanceResult] = [],
    range: SourceRange? = nil
  ) {
    self.name = name
    self.action = action
    self.entity = entity
    self.status = status
    self.statusCode = statusCode
    self.failure = failure
    self.data = data
    self.instances = instances
    self.range = range
  }
}

extension OperationResult {
  /// Whether nothing was carried out because of a `when`, which is no failure.
  package var isIdle: Bool { status == .skipped && failure?.diagnostic.severity == .warning }
}

extension InstanceResult {
  /// As that of an operation.
  package var isIdle: Bool { status == .skipped && failure?.diagnostic.severity == .warning }
}

package struct InstanceResult: Hashable, Sendable {
  /// The text between the brackets of the address.
  package var instance: String
  package var status: Status
  package var statusCode: Int?
  package var failure: Failure?
  package var data: [ResultRow]
  /// What a row that was not written would be known by, as far as the plan says all of it.
  package var naturalKey: ResultRow?

  package init(
    instance: String, status: Status, statusCode: Int? = nil, failure: Failure? = nil,
    data: [ResultRow] = [], naturalKey: ResultRow? = nil
  ) {
    self.instance = instance
    self.status = status
    self.statusCode = statusCode
    self.failure = failure
    self.data = data
    self.naturalKey = naturalKey
  }
}

/// What became of a row that was to go.
package struct RemovalResult: Hashable, Sendable {
  package var address: String
  package var entity: String
  package var key: String
  /// Whether the row was to be deleted, not only forgotten.
  package var isDelete: Bool
  package var reason: RowChange.Reason
  package var status: Status
  package var failure: Failure?

  package init(
    address: String, entity: String, key: String, isDelete: Bool, reason: RowChange.Reason,
    status: Status, failure: Failure? = nil
  ) {
    self.address = address
    self.entity = entity
    self.key = key
    self.isDelete = isDelete
    self.reason = reason
    self.status = status
    self.failure = failure
  }
}

/// Named values of one row, sensitive ones already replaced.
package struct ResultRow: Hashable, Sendable {
  package var fields: [Field]

  package struct Field: Hashable, Sendable {
    package var name: String
    package var value: FieldChange.Shown

    package init(_ name: String, _ value: FieldChange.Shown) {
      self.name = name
      self.value = value
    }
  }

  package init(_ fields: [Field]) { self.fields = fields }
}

/// Why an instance failed or was skipped, shown at its place in the plan or the file of rows.
package struct Failure: Hashable, Sendable {
  package var diagnostic: Diagnostic

  package init(_ diagnostic: Diagnostic) { self.diagnostic = diagnostic }
}
