internal import CPostgres
internal import SowDatabase
internal import SowModel

/// What PostgreSQL says of a failure. Its detail may hold values and is never read.
struct Complaint {
  /// Five characters (the manual, appendix A).
  let state: String
  /// PostgreSQL's own sentence, which may hold values: only some classes of it may be shown.
  let message: String
  let schema: String?
  let table: String?
  let column: String?
  let constraint: String?
  /// Where in the statement, in characters from 1 on.
  let position: Int?
  /// The server's function that complained.
  let function: String?

  init?(_ answer: Answer) {
    func field(_ code: Int32) -> String? {
      PQresultErrorField(answer.pointer, code).map { String(cString: $0) }
    }
    guard let state = field(cpostgres_state()) else { return nil }
    self.state = state
    message = field(cpostgres_message()) ?? ""
    schema = field(cpostgres_schema())
    table = field(cpostgres_table())
    column = field(cpostgres_column())
    constraint = field(cpostgres_constraint())
    position = field(cpostgres_position()).flatMap { Int($0) }
    function = field(cpostgres_function())
  }
}

/// Names as a message has them: `"a", "b"`.
func quoted(_ names: [String]) -> String {
  names.map { "\"\($0)\"" }.joined(separator: ", ")
}

extension DatabaseError {
  static var interruption: DatabaseError {
    DatabaseError(.interrupted, "the work was interrupted", vi: "công việc bị ngắt")
  }

  /// What a complaint means in our words; names of columns are mended by who knows the catalogue.
  init(_ complaint: Complaint) {
    self.init(state: complaint.state, complaint)
    constraint = complaint.constraint
    if kind.isOfTheRow {
      table = complaint.table.map { table in
        complaint.schema.map { $0 + "." + table } ?? table
      }
      if let column = complaint.column { columns = [column] }
    }
  }

  private init(state: String, _ complaint: Complaint) {
    switch state {
    case "23502":
      self.init(.notNull, "a value must not be null", vi: "một giá trị không được là null")
    case "23503", "23001":
      self.init(
        .foreignKey, "a reference to or from the row does not allow it",
        vi: "một tham chiếu đến hoặc từ bản ghi không cho phép")
    case "23505":
      self.init(
        .unique, "another row has the same values", vi: "một bản ghi khác đã có cùng các giá trị")
    case "23514":
      self.init(
        .check, "the check \(complaint.constraint ?? "") refuses the row",
        vi: "ràng buộc CHECK \(complaint.constraint ?? "") từ chối bản ghi")
    case "23P01":
      self.init(
        .refused, "the exclusion \(complaint.constraint ?? "") refuses the row",
        vi: "ràng buộc EXCLUDE \(complaint.constraint ?? "") từ chối bản ghi")
    case "22001":
      self.init(
        .refused, "a value is too long for its column", vi: "một giá trị quá dài đối với cột")
    case "22003":
      self.init(.refused, "a number is too large for its column", vi: "một số quá lớn đối với cột")
    case "42501" where complaint.function == "ExecWithCheckOptions", "44000":
      self.init(
        .refused, "the row-level security of the table refuses the row",
        vi: "bảo mật cấp dòng của bảng từ chối bản ghi")
    // Rights and names: the sentence holds names of the schema alone.
    case "42501": self.init(.unavailable, .quoted(complaint.message, of: "PostgreSQL"))
    case "P0001", "P0000": self.init(.refused, "refused by a trigger", vi: "bị một trigger từ chối")
    case "40001", "40P01":
      self.init(
        .conflict, "somebody else changed the same rows meanwhile",
        vi: "người khác đã sửa cùng các bản ghi trong lúc đó")
    case "55P03":
      self.init(
        .locked, "another transaction holds what is needed",
        vi: "một giao dịch khác đang giữ thứ cần dùng")
    case "57014":
      self.init(
        .timedOut, "a statement took longer than it may",
        vi: "một câu lệnh chạy lâu hơn mức cho phép")
    case "25006":
      self.init(.readOnly, "the database cannot be written", vi: "không ghi được vào cơ sở dữ liệu")
    case "53100":
      self.init(.diskFull, "the disk of the server is full", vi: "đĩa của máy chủ đã đầy")
    case "58030":
      self.init(
        .inputOutput, "the server cannot read or write its files",
        vi: "máy chủ không đọc hoặc ghi được tệp của nó")
    case "57P01", "57P02", "57P03", "53300":
      self.init(.unavailable, "the server takes no more work", vi: "máy chủ không nhận thêm việc")
    case _ where state.hasPrefix("08"):
      self.init(
        .unavailable, "the connection to the server was lost", vi: "mất kết nối tới máy chủ")
    case _ where state.hasPrefix("22"):
      self.init(
        .refused, "a column takes no value of this form", vi: "một cột không nhận giá trị dạng này")
    case _ where state.hasPrefix("23"):
      self.init(.refused, "a constraint refuses the row", vi: "một ràng buộc từ chối bản ghi")
    case _ where state.hasPrefix("42") || state.hasPrefix("0A"):
      self.init(
        .other,
        Phrase(
          "PostgreSQL cannot run the statement: {problem}",
          vi: "PostgreSQL không chạy được câu lệnh: {problem}",
          ["problem": Phrase.quoted(complaint.message, of: "PostgreSQL")]))
    default:
      self.init(.other, "PostgreSQL gave the error \(state)", vi: "PostgreSQL báo lỗi \(state)")
    }
  }
}
