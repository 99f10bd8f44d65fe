import Foundation

/// As much of sow's JSON documents as tests of the seed systems look at.
struct ReportDocument: Decodable {
  var success: Bool?
  var message: String?
  var message_vi: String?
  var total: Int?
  var succeeded: Int?
  var created: Int?
  var failed: Int?
  var created_ids: [String]?
  var failed_operations: [String]?
  var duration_seconds: Double?
  var results: [Result]?
  var diagnostics: [Finding]?
  var runs: [Run]?

  struct Result: Decodable {
    var operation: String
    var status: String
    var status_code: Int?
    var error: String?
    var data: [[String: ReportCell]]?
    var instances: [Instance]?
  }

  struct Instance: Decodable {
    var index: Int
    var address: String
    var status: String
    var status_code: Int?
    var data: [[String: ReportCell]]?
    var natural_key: [String: String]?
    var code: String?
    var error: String?
    var error_vi: String?
  }

  struct Finding: Decodable {
    var code: String
    var message: String
    var message_vi: String?
    var hint: String?
    var line: Int?
  }

  struct Run: Decodable {
    var plan: String
    var actor: String
    var tenant: String
    var changeset_digest: String?
    var finished: String
    var created: Int
    var message: String
    var message_vi: String?
  }

  init(_ text: String) throws {
    self = try JSONDecoder().decode(Self.self, from: Data(text.utf8))
  }
}
