internal import SowModel

/// The report's first format, as far as people are shown of it: one plan's, or those of several.
struct ReportVersion1: Decodable {
  var apply_reports: [PlanVersion1]?

  struct PlanVersion1: Decodable {
    var plan: String
    var environment: String?
    var database: String?
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
      plan: plan, environment: environment, database: database, message: message,
      results: (results ?? []).flatMap(\.results)
        + (removals ?? []).map { $0.result(in: "", isInstance: false) },
      problems: diagnostics.map { "\($0.code): \($0.message)" })
  }
}

extension ReportVersion1.ResultVersion1 {
  fileprivate var results: [PastReport.Result] {
    [result(in: "", isInstance: false)]
      + (instances ?? []).map { $0.result(in: entity ?? "", isInstance: true) }
  }

  fileprivate func result(in entity: String, isInstance: Bool) -> PastReport.Result {
    PastReport.Result(
      address: address ?? operation ?? "", entity: self.entity ?? entity, status: status,
      statusCode: status_code,
      // Of a row that left `reason` is why it goes; of all others, why it is not done.
      problem: error ?? (operation == nil && !isInstance ? nil : reason),
      isInstance: isInstance)
  }
}
