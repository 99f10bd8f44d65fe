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
    var message_vi: String?
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
    var error_vi: String?
    var reason: String?
    var reason_vi: String?
    var instances: [ResultVersion1]?
  }

  struct DiagnosticVersion1: Decodable {
    var code: String
    var message: String
    var message_vi: String?
  }
}

/// A sentence as it was written: in both languages, or the same in each where it stands in one.
private func sentence(_ text: String, _ vietnamese: String?) -> Phrase {
  Phrase(text, vi: vietnamese ?? text)
}

extension ReportVersion1.PlanVersion1 {
  var report: PastReport {
    PastReport(
      plan: plan, environment: environment, database: database, isDryRun: dry_run ?? false,
      message: sentence(message, message_vi),
      results: (results ?? []).map(\.result)
        // Of a row that left `reason` is why it goes.
        + (removals ?? []).map { $0.result(in: "", problem: $0.failure) },
      problems: diagnostics.map {
        [Phrase(same: $0.code), sentence($0.message, $0.message_vi)].joined(": ")
      })
  }
}

extension ReportVersion1.ResultVersion1 {
  fileprivate var result: PastReport.Result {
    var result = result(in: "", problem: problem)
    result.operation = operation
    result.instances = (instances ?? []).map {
      $0.result(in: entity ?? "", problem: $0.problem)
    }
    return result
  }

  fileprivate var failure: Phrase? { error.map { sentence($0, error_vi) } }
  private var problem: Phrase? { failure ?? reason.map { sentence($0, reason_vi) } }

  fileprivate func result(in entity: String, problem: Phrase?) -> PastReport.Result {
    PastReport.Result(
      address: address ?? operation ?? "", entity: self.entity ?? entity, status: status,
      statusCode: status_code, problem: problem)
  }
}
