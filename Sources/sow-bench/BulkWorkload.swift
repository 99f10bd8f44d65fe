/// One operation whose rows come from a CSV file of eleven columns.
struct BulkWorkload: Workload {
  static let kind = "bulk"
  static let unit = "rows"
  let size: Int

  var title: String { "rows of 11 columns from CSV" }
  var tables: [(name: String, columns: [String])] { [("contact", ["contact_id"] + Self.columns)] }
  var counts: [Int] { [size] }
  var dataPath: String? { "plans/data/contacts.csv" }
  /// Its plan of six lines says nothing of fmt.
  var steps: [Step] { Step.allCases.filter { $0 != .format } }

  func write(to folder: String, changing changed: Int?) throws {
    let schema = try FileWriter("\(folder)/schemas/contact.yaml")
    schema.write(Self.schema)
    try schema.close()

    let plan = try FileWriter("\(folder)/\(planPath)")
    plan.write(
      """
      operations:
        contacts:
          action: create
          entity: contact
          key: [code]
          rows: { file: data/contacts.csv }

      """)
    try plan.close()

    let data = try FileWriter("\(folder)/plans/data/contacts.csv")
    data.write(Self.columns.joined(separator: ",") + "\n")
    for n in 0..<size {
      data.write(
        """
        K\(Words.padded(n, 7)),\(Words.name(n)),lien.he\(n)@example.\(n == changed ? "org" : "com"),\
        +84 9\(Words.padded(n, 8)),\(Words.street(n)),\(Words.district(n)),\(Words.city(n)),\
        \(Words.date(n)),\(n % 1000),\(Words.cents(n % 90_000)),ghi chú \(Words.product(n))

        """)
    }
    try data.close()
  }

  func fill(_ block: inout RowBlock, rows range: Range<Int>) {
    for n in range {
      block.startRow(of: 0)
      block.append(n + 1)
      block.append("K\(Words.padded(n, 7))")
      block.append(Words.name(n))
      block.append("lien.he\(n)@example.com")
      block.append("+84 9\(Words.padded(n, 8))")
      block.append(Words.street(n))
      block.append(Words.district(n))
      block.append(Words.city(n))
      block.append(Words.date(n))
      block.append(n % 1000)
      block.append(Double(n % 90_000) / 100)
      block.append("ghi chú \(Words.product(n))")
    }
  }

  private static let columns = [
    "code", "full_name", "email", "phone", "street", "district", "city", "born_on", "points",
    "balance", "note",
  ]

  private static let schema = """
    $schema: https://json-schema.org/draft/2020-12/schema
    title: contact
    type: object
    properties:
      contact_id: { type: integer, readOnly: true }
      code: { type: string, maxLength: 20 }
      full_name: { type: string, minLength: 1, maxLength: 100 }
      email: { type: string, format: email }
      phone: { type: [string, "null"], maxLength: 20 }
      street: { type: [string, "null"] }
      district: { type: [string, "null"] }
      city: { type: [string, "null"] }
      born_on: { type: string, format: date }
      points: { type: integer, minimum: 0 }
      balance: { type: number, minimum: 0 }
      note: { type: [string, "null"] }
    required: [code, full_name, email, born_on, points, balance]
    x-sow: { primary_key: contact_id, unique: [[code]] }

    """
}
