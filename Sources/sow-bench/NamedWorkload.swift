/// A plan of named operations: customer, invoice and line as 1 : 2 : 7, each line referring to its
/// invoice and each invoice to its customer.
struct NamedWorkload: Workload {
  static let kind = "named"
  static let unit = "operations"
  let size: Int

  var title: String { "named operations, customer : invoice : line = 1 : 2 : 7" }
  var tables: [(name: String, columns: [String])] {
    [
      ("customer", ["customer_id", "code", "full_name", "email", "street", "city", "points"]),
      ("invoice", ["invoice_id", "number", "customer_id", "issued_on", "city", "total"]),
      ("line", ["line_id", "invoice_id", "position", "product", "quantity", "unit_price"]),
    ]
  }
  var counts: [Int] { [size / 10, size / 5, size / 10 * 7] }

  func write(to folder: String, changing changed: Int?) throws {
    let schemas = [("customer", Self.customer), ("invoice", Self.invoice), ("line", Self.line)]
    for (name, text) in schemas {
      let schema = try FileWriter("\(folder)/schemas/\(name).yaml")
      schema.write(text)
      try schema.close()
    }
    let plan = try FileWriter("\(folder)/\(planPath)")
    plan.write("operations:\n")
    for group in 0..<size / 10 { writeGroup(group, isChanged: group == changed, to: plan) }
    try plan.close()
  }

  func fill(_ block: inout RowBlock, rows range: Range<Int>) {
    for row in range {
      let (group, member) = row.quotientAndRemainder(dividingBy: 10)
      switch member {
      case 0: fillCustomer(group, &block)
      case 1, 2: fillInvoice(group * 2 + member - 1, &block)
      default: fillLine(group * 7 + member - 3, &block)
      }
    }
  }

  private func fillCustomer(_ n: Int, _ block: inout RowBlock) {
    block.startRow(of: 0)
    block.append(n + 1)
    block.append("C\(Words.padded(n, 6))")
    block.append(Words.name(n))
    block.append("khach\(n)@example.com")
    block.append(Words.street(n))
    block.append(Words.city(n))
    block.append(n % 1000)
  }

  private func fillInvoice(_ n: Int, _ block: inout RowBlock) {
    block.startRow(of: 1)
    block.append(n + 1)
    block.append("HD-\(Words.padded(n, 7))")
    block.append(n / 2 + 1)
    block.append(Words.date(n))
    block.append(Words.city(n))
    block.append(Double(n % 90_000) / 100)
  }

  private func fillLine(_ n: Int, _ block: inout RowBlock) {
    block.startRow(of: 2)
    block.append(n + 1)
    block.append(Self.invoice(ofLine: n) + 1)
    block.append(n % 7 + 1)
    block.append(Words.product(n))
    block.append(n % 9 + 1)
    block.append(Double(n % 5_000) / 100)
  }

  /// Of the seven lines of a customer four go to the first invoice, three to the second.
  private static func invoice(ofLine n: Int) -> Int { n / 7 * 2 + (n % 7 < 4 ? 0 : 1) }

  private func writeGroup(_ group: Int, isChanged: Bool, to plan: FileWriter) {
    plan.write(
      """
        customer_\(group):
          action: create
          entity: customer
          values:
            code: C\(Words.padded(group, 6))
            full_name: \(Words.name(group))
            email: khach\(group)@example.\(isChanged ? "org" : "com")
            street: \(Words.street(group))
            city: \(Words.city(group))
            points: \(group % 1000)

      """)
    for n in group * 2..<group * 2 + 2 {
      plan.write(
        """
          invoice_\(n):
            action: create
            entity: invoice
            values:
              number: HD-\(Words.padded(n, 7))
              customer_id: $ref:customer_\(n / 2).customer_id
              issued_on: \(Words.date(n))
              city: \(Words.city(n))
              total: \(Words.cents(n % 90_000))

        """)
    }
    for n in group * 7..<group * 7 + 7 {
      plan.write(
        """
          line_\(n):
            description: dòng \(n % 7 + 1)
            action: create
            entity: line
            values:
              invoice_id: $ref:invoice_\(Self.invoice(ofLine: n)).invoice_id
              position: \(n % 7 + 1)
              product: \(Words.product(n))
              quantity: \(n % 9 + 1)
              unit_price: \(Words.cents(n % 5_000))

        """)
    }
  }

  private static let customer = """
    $schema: https://json-schema.org/draft/2020-12/schema
    title: customer
    type: object
    properties:
      customer_id: { type: integer, readOnly: true }
      code: { type: string, maxLength: 20 }
      full_name: { type: string, minLength: 1, maxLength: 100 }
      email: { type: string, format: email }
      street: { type: string }
      city: { type: string }
      points: { type: integer, minimum: 0 }
    required: [code, full_name, email]
    x-sow: { primary_key: customer_id, unique: [[code]] }

    """

  private static let invoice = """
    $schema: https://json-schema.org/draft/2020-12/schema
    title: invoice
    type: object
    properties:
      invoice_id: { type: integer, readOnly: true }
      number: { type: string, maxLength: 20 }
      customer_id: { type: integer }
      issued_on: { type: string, format: date }
      city: { type: string }
      total: { type: number, minimum: 0 }
    required: [number, customer_id, issued_on]
    x-sow:
      primary_key: invoice_id
      unique: [[number]]
      references: { customer_id: customer.customer_id }

    """

  private static let line = """
    $schema: https://json-schema.org/draft/2020-12/schema
    title: line
    type: object
    properties:
      line_id: { type: integer, readOnly: true }
      invoice_id: { type: integer }
      position: { type: integer, minimum: 1 }
      product: { type: string, minLength: 1 }
      quantity: { type: integer, minimum: 1 }
      unit_price: { type: number, minimum: 0 }
    required: [invoice_id, position, product, quantity, unit_price]
    x-sow:
      primary_key: line_id
      references: { invoice_id: invoice.invoice_id }

    """
}
