import Foundation
import SowTestSupport
import Testing

/// A project just before the apply that is to be disturbed.
struct CrashScene: CustomTestStringConvertible, Sendable {
  let name: String
  let options: String
  /// Named operations are about three times as many.
  let customers: Int
  /// Rows of a file, upserted as a stream in chunks of 10,000; none where 0.
  var streamed = 0
  /// Whether rows leave with the second plan.
  var removes = false
  /// Whether an operation has another name in the second plan.
  var moves = false
  /// Whether the first plan is applied already and the second one is to come.
  var isLater = false
  /// Where to die, as `SOW_KILL_AT` names it.
  var steps: [String] = []

  var testDescription: String { name }

  static let database = "shop.db"
  static let lockfile = "plans/shop.local.lock.json"

  static let atomicSteps = [
    "locked", "decided", "tablesMade", "ledgerMade", "removedEarly", "setWritten",
    "setWritten:2", "removedLate", "answered", "runRecorded", "lockStaged", "committed",
    "lockRenamed",
  ]

  /// The project as the apply finds it.
  func prepare() throws -> TemporaryProject {
    let project = try TemporaryProject()
    try write(to: project, database: "sqlite:" + Self.database) { sql in
      let strangers = try project.run("sqlite3 \(Self.database) \"\(sql)\"")
      try #require(strangers.code == 0, "\(strangers.errors)")
    }
    return project
  }

  /// The same in a project, with a database of which `run` does what others do.
  func write(
    to project: TemporaryProject, database: String, _ run: (String) throws -> Void
  ) throws {
    try project.write(
      "environments: { local: { database: \"\(database)\", create_tables: true } }\n",
      to: "sow.yaml")
    for (entity, text) in Self.schemas { try project.write(text, to: "schemas/\(entity).yaml") }
    try project.write(plan(isSecond: false), to: "plans/shop.yaml")
    if streamed > 0 { try project.write(rows(isSecond: false), to: "plans/data/items.csv") }
    guard isLater else { return }
    let first = try project.run("sow apply --yes --quiet")
    try #require(first.code == 0, "\(first.out)\(first.errors)")
    try run("INSERT INTO note (text, kind) VALUES ('one', 'old'), ('two', 'old')")
    try project.write(plan(isSecond: true), to: "plans/shop.yaml")
    if streamed > 0 { try project.write(rows(isSecond: true), to: "plans/data/items.csv") }
  }

  private static let schemas = [
    "customer": """
    type: object
    properties:
      customer_id: { type: integer, readOnly: true }
      name: { type: string }
      email: { type: string }
    required: [name, email]
    x-sow: { primary_key: customer_id, unique: [[email]] }
    """,
    "invoice": """
    type: object
    properties:
      invoice_id: { type: integer, readOnly: true }
      number: { type: string }
      customer_id: { type: integer }
      total: { type: number }
      paid_on: { type: [string, "null"], format: date }
    required: [number, customer_id, total]
    x-sow:
      primary_key: invoice_id
      unique: [[number]]
      references: { customer_id: customer.customer_id }
    """,
    "note": """
    type: object
    properties:
      note_id: { type: integer, readOnly: true }
      text: { type: string }
      kind: { type: [string, "null"] }
    required: [text]
    x-sow: { primary_key: note_id }
    """,
    "kind": """
    type: object
    properties:
      kind_id: { type: integer, readOnly: true }
      code: { type: string }
      label: { type: string }
    required: [code, label]
    x-sow: { primary_key: kind_id, unique: [[code], [label]] }
    """,
    "part": """
    type: object
    properties:
      part_id: { type: integer, readOnly: true }
      code: { type: string }
      kind_id: { type: integer }
    required: [code, kind_id]
    x-sow: { primary_key: part_id, unique: [[code]], references: { kind_id: kind.kind_id } }
    """,
    "item": """
    type: object
    properties:
      item_id: { type: integer, readOnly: true }
      code: { type: string }
      title: { type: string }
    required: [code, title]
    x-sow: { primary_key: item_id, unique: [[code]] }
    """,
  ]

  /// The second plan changes every third invoice, adds to both, and deletes and updates by filter.
  private func plan(isSecond: Bool) -> String {
    var text = "options: \(options)\noperations:\n"
    if streamed > 0 {
      text += """
          items:
            action: upsert
            entity: item
            key: [code]
            rows: { file: data/items.csv }

        """
    }
    for number in 0..<(isSecond ? customers + customers / 4 + 1 : customers) {
      let total = isSecond && number % 3 == 0 ? 900 + number : number
      text += """
          c\(number):
            action: create
            entity: customer
            values: { name: Nguyễn \(number), email: c\(number)@example.com }
          i\(number):
            action: create
            entity: invoice
            values: { number: N-\(number), customer_id: $ref:c\(number).customer_id, total: \(total) }

        """
    }
    if removes { text += kinds(isSecond: isSecond) }
    let hello = moves && isSecond ? ("greeting", "moved_from: hello, ") : ("hello", "")
    text +=
      "  \(hello.0): { action: create, entity: note, \(hello.1)values: { text: hello } }\n"
    if !isSecond {
      text +=
        "  extra: { action: create, entity: customer, values: { name: x, email: x@x.example } }\n"
    } else {
      text += """
          extra: { action: create, entity: customer, values: { name: y, email: x@x.example } }
          paid:
            action: update
            entity: invoice
            where: { invoice_id: $ref:i1.invoice_id }
            values: { paid_on: 2026-01-31 }
          old:
            action: delete
            entity: note
            where: { kind: old }

        """
    }
    return text
  }

  /// Of the second set three rows are gone: one has its label taken over, one with what refers to
  /// it, and one whose part moves to another.
  private func kinds(isSecond: Bool) -> String {
    let codes = isSecond ? ["a": "A", "e": "B"] : ["a": "A", "b": "B", "c": "C", "d": "D"]
    let parts = isSecond ? ["x": "a"] : ["x": "d", "y": "c"]
    func rows(_ members: [String: String], _ row: (String, String) -> String) -> String {
      members.sorted { $0.key < $1.key }.map(row).joined(separator: ", ")
    }
    return """
        kinds:
          action: sync
          entity: kind
          key: [code]
          rows: [\(rows(codes) { "{ code: \($0), label: \($1) }" })]
        parts:
          action: sync
          entity: part
          key: [code]
          rows: [\(rows(parts) { "{ code: \($0), kind_id: '$ref:kinds[\"\($1)\"].kind_id' }" })]

      """
  }

  private func rows(isSecond: Bool) -> String {
    var text = "code,title\n"
    for number in 0..<streamed {
      text += "A\(number),\(isSecond && number % 7 == 0 ? "new" : "Trà Shan tuyết") \(number)\n"
    }
    if isSecond { text += "B0,one more\n" }
    return text
  }
}
