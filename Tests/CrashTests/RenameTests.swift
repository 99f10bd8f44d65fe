import Foundation
import SowTestSupport
import Testing

/// Dying while addresses move, rows are replaced and values are exchanged.
struct RenameTests {
  static let schema = """
    type: object
    properties:
      seat_id: { type: integer, readOnly: true }
      label: { type: string }
      kind: { type: string }
      guest: { type: [string, "null"] }
      next_id: { type: [integer, "null"] }
    required: [label, kind]
    x-sow:
      unique: [[label], [guest]]
      immutable: [kind]
      references: { next_id: seat.seat_id }
    """
  static let project = """
    environments:
      local: { database: "sqlite:local.db", create_tables: true }
    """

  static func plan(_ head: String, _ first: String, _ a: String, _ b: String, kind: String)
    -> String
  {
    """
    \(head)operations:
      \(first)
        action: create
        entity: seat
        lifecycle: { replace: true }
        values: { label: one, kind: \(kind), guest: \(a), next_id: $ref:two.seat_id }
      two:
        action: create
        entity: seat
        values: { label: two, kind: x, guest: \(b), next_id: $ref:one.seat_id }
      three:
        action: create
        entity: seat
        values: { label: three, kind: x, next_id: $ref:one.seat_id }

    """
  }

  private func prepare() throws -> TemporaryProject {
    let project = try TemporaryProject()
    try project.write(Self.project, to: "sow.yaml")
    try project.write(Self.schema, to: "schemas/seat.yaml")
    try project.write(Self.plan("", "one:", "Ann", "Bob", kind: "x"), to: "plans/old.yaml")
    let first = try project.run("sow apply --yes")
    try #require(first.code == 0, "\(first.out)\(first.errors)")
    let next = Self.plan(
      "plan: { name: new, moved_from: old }\n", "one:", "Bob", "Ann", kind: "y")
    try project.write(next, to: "plans/new.yaml")
    let removed = try project.run("rm plans/old.yaml")
    try #require(removed.code == 0)
    return project
  }

  @Test(arguments: [
    "locked", "decided", "moved", "setWritten", "setWritten:2", "setWritten:3", "setWritten:4",
    "answered", "runRecorded", "lockStaged", "committed", "lockRenamed",
  ])
  func `an apply killed at a step is finished by the next one`(_ step: String) throws {
    let before = try prepare()
    defer { before.remove() }
    let killed = try before.run("SOW_KILL_AT=\(step) exec sow apply --yes")
    #expect(killed.code == 137, "\(step): was not reached\n\(killed.out)\(killed.errors)")
    let rerun = try before.run("sow apply --yes")
    #expect(rerun.code == 0, "\(step): \(rerun.out)\(rerun.errors)")
    let rows = try before.run(
      "sqlite3 local.db \"SELECT a.label, a.kind, a.guest, b.label FROM seat a JOIN seat b ON b.seat_id = a.next_id ORDER BY 1; SELECT DISTINCT plan FROM sow_policy; SELECT count(*) FROM seat\""
    )
    #expect(rows.out == "one|y|Bob|two\nthree|x||one\ntwo|x|Ann|one\nnew\n3\n", "\(step)")
    let files = try before.run("ls plans; sow lock check; sow plan --detailed-exitcode")
    #expect(
      files.out.hasPrefix("new.local.lock.json\nnew.yaml\nplans/new.local.lock.json: equals"),
      "\(step): \(files.out)\(files.errors)")
    #expect(files.code == 0, "\(step): \(files.out)\(files.errors)")
  }
}
