/// What a report that was written to a file says of one plan.
package struct PastReport: Hashable, Sendable {
  package var plan: String
  package var environment: String?
  package var database: String?
  /// Whether nothing was kept because it was a rehearsal.
  package var isDryRun: Bool
  /// The sentence that sums it up.
  package var message: String
  package var results: [Result]
  /// Messages about the files, as they were.
  package var problems: [String]

  /// What became of an operation, an instance or a row that left.
  package struct Result: Hashable, Sendable {
    package var address: String
    package var entity: String
    package var status: String
    package var statusCode: Int?
    /// Why it is not done.
    package var problem: String?
    /// Nil for an instance, and for a row that left.
    package var operation: String?
    /// Of an operation.
    package var instances: [Result]

    package init(
      address: String, entity: String, status: String, statusCode: Int?, problem: String?,
      operation: String? = nil, instances: [Result] = []
    ) {
      self.address = address
      self.entity = entity
      self.status = status
      self.statusCode = statusCode
      self.problem = problem
      self.operation = operation
      self.instances = instances
    }
  }

  package init(
    plan: String, environment: String?, database: String?, isDryRun: Bool, message: String,
    results: [Result], problems: [String]
  ) {
    self.plan = plan
    self.environment = environment
    self.database = database
    self.isDryRun = isDryRun
    self.message = message
    self.results = results
    self.problems = problems
  }
}
