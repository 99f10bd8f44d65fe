/// A value in the rows of a report.
enum ReportCell: Decodable, Equatable {
  case text(String)
  case number(Double)
  case boolean(Bool)
  case list([ReportCell])
  case object([String: ReportCell])
  case null

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .boolean(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let value = try? container.decode(String.self) {
      self = .text(value)
    } else if let value = try? container.decode([ReportCell].self) {
      self = .list(value)
    } else {
      self = .object(try container.decode([String: ReportCell].self))
    }
  }
}

extension ReportCell: ExpressibleByStringLiteral, ExpressibleByFloatLiteral {
  init(stringLiteral value: String) { self = .text(value) }
  init(floatLiteral value: Double) { self = .number(value) }
}
