/// Activities from a CSV file, each with two categories and one recipient: four rows each.
struct LinkedWorkload: Workload {
  static let kind = "linked"
  static let unit = "activities with links"
  let size: Int

  private static let categories = 20
  private static let recipients = 10

  var title: String { "activities with two categories and one recipient each, from CSV" }
  var tables: [(name: String, columns: [String])] {
    [
      ("category", ["category_id", "code"]), ("recipient", ["recipient_id", "code"]),
      ("activity", ["activity_id"] + Self.columns),
      ("activity_category", ["activity_id", "category_id"]),
      ("activity_recipient", ["activity_id", "recipient_id"]),
    ]
  }
  var counts: [Int] { [Self.categories, Self.recipients, size, 2 * size, size] }
  var dataPath: String? { "plans/data/activities.csv" }
  var steps: [Step] { Step.compared }

  func write(to folder: String, changing changed: Int?) throws {
    for (name, text) in [
      ("category", Self.codes("category")), ("recipient", Self.codes("recipient")),
      ("activity", Self.schema),
    ] {
      let schema = try FileWriter("\(folder)/schemas/\(name).yaml")
      schema.write(text)
      try schema.close()
    }

    let plan = try FileWriter("\(folder)/\(planPath)")
    plan.write("operations:\n")
    for (operation, count) in [("category", Self.categories), ("recipient", Self.recipients)] {
      plan.write(
        """
          \(operation):
            action: upsert
            entity: \(operation)
            rows:

        """)
      for n in 0..<count { plan.write("      - { code: c\(n) }\n") }
    }
    plan.write(Self.activities)
    try plan.close()

    let data = try FileWriter("\(folder)/plans/data/activities.csv")
    data.write((Self.columns + ["categories", "recipients"]).joined(separator: ",") + "\n")
    for n in 0..<size {
      data.write(
        """
        \(Self.name(n)),\(Words.product(n)),\(n == changed ? "consent" : "contract"),\(n % 120),\
        "[""c\(Self.category(n, 0))"",""c\(Self.category(n, 1))""]","[""c\(Self.recipient(n))""]"

        """)
    }
    try data.close()
  }

  func fill(_ block: inout RowBlock, rows range: Range<Int>) {
    for row in range {
      let shared = Self.categories + Self.recipients
      guard row >= shared else {
        let isCategory = row < Self.categories
        let n = isCategory ? row : row - Self.categories
        block.startRow(of: isCategory ? 0 : 1)
        block.append(n + 1)
        block.append("c\(n)")
        continue
      }
      let n = (row - shared) / 4
      let part = (row - shared) % 4
      block.startRow(of: part == 0 ? 2 : part == 3 ? 4 : 3)
      block.append(n + 1)
      switch part {
      case 0:
        block.append(Self.name(n))
        block.append(Words.product(n))
        block.append("contract")
        block.append(n % 120)
      case 3: block.append(Self.recipient(n) + 1)
      default: block.append(Self.category(n, part - 1) + 1)
      }
    }
  }

  private static func name(_ n: Int) -> String { "Hoạt động xử lý \(n) của \(Words.name(n))" }
  private static func category(_ n: Int, _ part: Int) -> Int { (n + part * 7) % categories }
  private static func recipient(_ n: Int) -> Int { n % recipients }

  private static let columns = ["name", "purpose", "legal_basis", "months"]

  private static let activities = """
      activities:
        action: create
        entity: activity
        for_each: { file: data/activities.csv, key: name }
        values:
          name: $each:name
          purpose: $each:purpose
          legal_basis: $each:legal_basis
          months: $each:months
          category_ids: $ref:category[$each:categories].category_id
          recipient_ids: $ref:recipient[$each:recipients].recipient_id

    """

  private static func codes(_ name: String) -> String {
    """
    title: \(name)
    type: object
    properties:
      \(name)_id: { type: integer, readOnly: true }
      code: { type: string }
    required: [code]
    x-sow: { primary_key: \(name)_id, unique: [[code]] }

    """
  }

  private static let schema = """
    title: activity
    type: object
    properties:
      activity_id: { type: integer, readOnly: true }
      name: { type: string, minLength: 1, maxLength: 200 }
      purpose: { type: [string, "null"] }
      legal_basis: { enum: [consent, contract] }
      months: { type: integer, minimum: 0 }
      category_ids: { type: array, items: { type: integer } }
      recipient_ids: { type: array, items: { type: integer } }
    required: [name, legal_basis]
    x-sow:
      primary_key: activity_id
      unique: [[name]]
      references: { category_ids: category.category_id, recipient_ids: recipient.recipient_id }
      links:
        category_ids: { table: activity_category, own: activity_id, other: category_id }
        recipient_ids: { table: activity_recipient, own: activity_id, other: recipient_id }

    """
}
