import SowModel
import Testing

@testable import sow

struct ReportTests {
  private let sample = SampleFile("p.yaml", "operations:\n  bad: {}\n")

  private func failure(_ problem: String) -> Failure {
    Failure(Diagnostic(.sampleFailure, ["problem": problem], at: sample.range(of: "bad")))
  }

  private func key(_ name: String, _ number: Int64) -> ResultRow {
    ResultRow([ResultRow.Field(name, .value(.integer(number)))])
  }

  private func result(
    _ name: String, _ action: Action, _ status: Status, _ code: Int? = nil,
    failure: Failure? = nil, data: [ResultRow] = [], instances: [InstanceResult] = []
  ) -> OperationResult {
    var result = OperationResult(
      name: name, action: action, entity: "customer", status: status, statusCode: code,
      failure: failure, data: data, instances: instances)
    result.keyFields = ["customer_id"]
    return result
  }

  private var example: Report {
    var report = Report(
      plan: "shop", isDryRun: false,
      results: [
        result("luis", .create, .completed, 201, data: [key("customer_id", 60)]),
        result(
          "many", .create, .failed, 400,
          instances: [
            InstanceResult(
              instance: "\"a\"", status: .completed, statusCode: 201,
              data: [key("customer_id", 61)]),
            InstanceResult(
              instance: "\"b\"", status: .failed, statusCode: 400,
              failure: failure("email is not valid")),
          ]),
        result(
          "after", .update, .skipped, 424, failure: failure("dependency failed")),
      ])
    report.isAtomic = false
    report.counts.total = 4
    report.counts.succeeded = 2
    report.counts.failed = 1
    report.counts.skipped = 1
    report.counts.created = 2
    return report
  }

  @Test func `the document is the report of the specification`() {
    let time = RunTime(processedAt: "2025-01-02T03:04:05Z", seconds: 1.0625)
    let text = document { json in
      json.label(
        RunLabel(plan: "shop", database: "sqlite:shop.db", environment: nil), kind: "apply_report")
      json.report(example, time: time, files: sample.files)
    }
    #expect(
      text == #"""
        {
          "kind": "apply_report",
          "format_version": 1,
          "plan": "shop",
          "database": "sqlite:shop.db",
          "dry_run": false,
          "success": false,
          "message": "Applied in part: 2 created, 0 unchanged; 1 failed, 1 skipped.",
          "total": 4,
          "succeeded": 2,
          "failed": 1,
          "skipped": 1,
          "created": 2,
          "updated": 0,
          "deleted": 0,
          "forgotten": 0,
          "noted": 0,
          "unchanged": 0,
          "renamed": 0,
          "total_submitted": 4,
          "total_created": 2,
          "total_failed": 1,
          "failed_operations": [
            "many"
          ],
          "created_ids": [
            60,
            61
          ],
          "results": [
            {"operation": "luis", "action": "create", "entity": "customer", "status": "completed", "status_code": 201, "data": [{"customer_id": 60}]},
            {"operation": "many", "action": "create", "entity": "customer", "status": "failed", "status_code": 400, "instances": [
                {"index": 0, "address": "many[\"a\"]", "status": "completed", "status_code": 201, "data": [{"customer_id": 61}]},
                {"index": 1, "address": "many[\"b\"]", "status": "failed", "code": "row-refused", "status_code": 400, "error": "email is not valid", "file": "p.yaml", "line": 2, "column": 3}
              ]},
            {"operation": "after", "action": "update", "entity": "customer", "status": "skipped", "code": "row-refused", "status_code": 424, "reason": "dependency failed", "file": "p.yaml", "line": 2, "column": 3}
          ],
          "removals": [],
          "processed_at": "2025-01-02T03:04:05Z",
          "duration_seconds": 1.063
        }

        """#)
  }

  @Test func `a batch response has the shape that its senders know`() {
    var report = example
    report.results.append(result("same", .update, .unchanged, 200))
    let text = document { $0.batchResponse(report) }
    #expect(
      text == #"""
        {
          "success": false,
          "results": {
            "luis": {"status": "completed", "data": [{"customer_id": 60}]},
            "many": {"status": "failed", "error": "email is not valid", "statusCode": 400},
            "after": {"status": "skipped", "reason": "Dependency failed"},
            "same": {"status": "completed", "data": []}
          },
          "failedOperations": [
            "many"
          ]
        }

        """#)
  }

  @Test func `a refused batch request says why`() {
    var diagnostics = Diagnostics()
    diagnostics.report(.sampleFailure, ["problem": "no operations"], at: nil)
    let text = document {
      $0.batchRefusal(diagnostics, statusCode: 400, of: sample.files)
    }
    #expect(
      text == """
        {
          "success": false,
          "results": {},
          "failedOperations": [],
          "error": "no operations",
          "statusCode": 400,
          "errors": 1,
          "warnings": 0,
          "diagnostics": [
            {"severity": "error", "code": "row-refused", "message": "no operations"}
          ]
        }

        """)
  }

  struct Case {
    var name: String
    var dryRun = false
    var atomic = true
    var results: [(Action, Status)]
    var created = 0
    var failed = 0
    var message: String
    var status: Ending
  }

  @Test(arguments: [
    Case(
      name: "all is well", results: [(.create, .completed), (.update, .unchanged)], created: 1,
      message: "Applied: 1 created, 0 unchanged.", status: .done),
    Case(
      name: "nothing to do", results: [(.create, .unchanged)],
      message: "Nothing to do. 0 unchanged.", status: .done),
    Case(
      name: "a rehearsal", dryRun: true, results: [(.create, .completed)], created: 1,
      message: "Dry run: 1 created, 0 unchanged. Nothing was kept.", status: .done),
    Case(
      name: "stopped at the first", results: [(.create, .failed), (.create, .notRun)], failed: 1,
      message: "Failed: 1 failed. Nothing was kept.", status: .failed),
    Case(
      name: "rolled back", results: [(.create, .rolledBack), (.create, .failed)], failed: 1,
      message: "Failed: 1 failed. Nothing was kept.", status: .failed),
    Case(
      name: "best effort", atomic: false, results: [(.create, .completed), (.create, .failed)],
      created: 1,
      failed: 1, message: "Applied in part: 1 created, 0 unchanged; 1 failed.",
      status: .partlyFailed),
    Case(
      name: "best effort again", atomic: false,
      results: [(.create, .unchanged), (.create, .failed)],
      failed: 1, message: "Applied in part: 0 unchanged; 1 failed.", status: .partlyFailed),
    Case(
      name: "best effort in vain", atomic: false, results: [(.create, .failed)], failed: 1,
      message: "Failed: 1 failed. Nothing was kept.", status: .failed),
    Case(
      name: "an item of a read is missing", results: [(.read, .failed)], failed: 1,
      message: "Applied in part: 0 unchanged; 1 failed.", status: .partlyFailed),
  ])
  func `the outcome decides message and exit code`(sample: Case) {
    var report = Report(
      plan: "p", isDryRun: sample.dryRun,
      results: sample.results.enumerated().map { result("o\($0)", $1.0, $1.1) })
    report.isAtomic = sample.atomic
    report.counts.created = sample.created
    report.counts.succeeded = sample.results.count { [.completed, .unchanged].contains($1) }
    report.counts.failed = sample.failed
    #expect(report.message.english == sample.message)
    #expect(report.ending == sample.status)
  }

  @Test func `a rehearsal creates no ids`() {
    var report = example
    report.isDryRun = true
    let text = document {
      $0.report(report, time: RunTime(processedAt: "", seconds: 0), files: sample.files)
    }
    #expect(text.contains("\"created_ids\": []"))
  }
}
