internal import SowModel

/// The report's first format, as far as people are shown of it: one plan's, or those of several.
struct ReportVersion1: Decodable {
  var apply_reports: [PlanVersion1]?

  struct PlanVersion1: Decodable {
    var plan: String
    var environment: String?
    var database: String?
    /// Not said of a plan that was not carried out.
    var dry_run: Bool?
    var message: String
    var results: [ResultVersion1]?
    var removals: [ResultVersion1]?
    var diagnostics: [DiagnosticVersion1]
  }

  struct ResultVersion1: Decodable {
    var operation: String?
    var address: String?
    var entity: String?
    var status: String
    var status_code: Int?
    var error: String?
    var reason: String?
    var instances: [ResultVersion1]?
  }

  struct DiagnosticVersion1: Decodable {
    var code: String
    var message: String
  }
}

extension ReportVersion1.PlanVersion1 {
  var report: PastReport {
    PastReport(
      plan: plan, environment: environment, database: database, isDryRun: dry_run ?? false,
      message: message,
      results: (results ?? []).map(\.result)
        // Of a row that left `reason` is why it goes.
        + (removals ?? []).map { $0.result(in: "", problem: $0.error) },
      problems: diagnostics.map { "\($0.code): \($0.message)" })
  }
}

extension ReportVersion1.ResultVersion1 {
  fileprivate var result: PastReport.Result {
    var result = result(in: "", problem: error ?? reason)
    result.operation = operation
    result.instances = (instances ?? []).map {
      $0.result(in: entity ?? "", problem: $0.error ?? $0.reason)
    }
    return result
  }

  fileprivate func result(in entity: String, problem: String?) -> PastReport.Result {
    PastReport.Result(
      address: address ?? operation ?? "", entity: self.entity ?? entity, status: status,
      statusCode: status_code, problem: problem)
  }
}
