import SowModel
import Testing

@testable import sow

struct ChangesetTests {
  private let label = RunLabel(
    plan: "chinook", database: "sqlite:.sow/local.db", environment: "local")

  private func text(_ changeset: Changeset, limit: Int? = 20) -> String {
    written {
      ChangesetText(
        changeset: changeset, label: label, command: "plan", allowedDeletes: 10, limit: limit
      ).write(to: $0)
    }
  }

  private func operation(
    _ name: String, _ action: Action, _ entity: String, _ rows: [RowChange], differing: Int? = nil
  ) -> OperationChange {
    var change = OperationChange(name: name, action: action, entity: entity)
    change.rows = rows
    change.differing = differing ?? rows.count
    return change
  }

  private var example: Changeset {
    get throws {
      var changeset = Changeset(plan: "chinook")
      let before = try #require(ExactDecimal("3.98"))
      let after = try #require(ExactDecimal("4.98"))
      changeset.operations = [
        operation(
          "luis", .create, "customer",
          [
            RowChange(
              kind: .create, address: "luis", entity: "customer", key: nil,
              fields: [
                FieldChange(field: "first_name", old: nil, new: .value(.text("Luís"))),
                FieldChange(field: "email", old: nil, new: .masked(label: "PHI")),
                FieldChange(
                  field: "support_rep_id", old: nil, new: .reference("jane.employee_id", nil)),
              ])
          ]),
        operation(
          "invoice_98", .update, "invoice",
          [
            RowChange(
              kind: .update, address: "invoice_98", entity: "invoice", key: "1",
              fields: [
                FieldChange(
                  field: "total", old: .value(.decimal(before)), new: .value(.decimal(after)))
              ])
          ]),
        operation(
          "statuses", .upsert, "status",
          [
            RowChange(
              kind: .drift, address: "statuses[\"closed\"]", entity: "status", key: "3",
              fields: [
                FieldChange(
                  field: "label", old: .value(.text("Closed")), new: .value(.text("Shut")))
              ]),
            RowChange(
              kind: .adopt, address: "statuses[\"new\"]", entity: "status", key: "4", fields: []),
          ]),
        operation(
          "retired", .delete, "status",
          [RowChange(kind: .delete, address: "retired", entity: "status", key: "7", fields: [])]),
      ]
      changeset.counts.create = 1
      changeset.counts.update = 2
      changeset.counts.delete = 1
      changeset.counts.ledgerOnly = 1
      changeset.counts.unchanged = 14
      return changeset
    }
  }

  @Test func `a changeset is one aligned line a row, then the counts`() throws {
    #expect(
      text(try example) == """
        sow plan · chinook → sqlite:.sow/local.db (local)

          + luis                    customer            first_name "Luís", email (PHI), support_rep_id → jane.employee_id
          ~ invoice_98              invoice 1           total 3.98 → 4.98
          ! statuses["closed"]      status 3            drift: label "Closed" → "Shut" (will be set back)
          = statuses["new"]         status 4            is there already, will be adopted
          - retired                 status 7            will be deleted

          Plan: 1 to create, 2 to update, 1 to delete, 1 to note in the ledger, 14 unchanged. Deletes: 1 (of at most 10).

        """)
  }

  @Test func `nothing to do is said in one line`() {
    var changeset = Changeset(plan: "chinook")
    changeset.operations = [operation("luis", .create, "customer", [])]
    changeset.counts.unchanged = 14
    #expect(
      text(changeset) == """
        sow plan · chinook → sqlite:.sow/local.db (local)

          No changes. 14 unchanged.

        """)
  }

  @Test func `tables to make and orphans are shown`() {
    var changeset = Changeset(plan: "chinook")
    changeset.createdTables = ["customer", "invoice.note"]
    changeset.orphans = ["gone[\"a\"]", "gone[\"b\"]"]
    #expect(
      text(changeset, limit: 1) == """
        sow plan · chinook → sqlite:.sow/local.db (local)

          + customer                table               will be created
          + invoice.note            column              will be added

          2 orphans, owned though they left the plan; not touched without --prune:
            gone["a"]
            … and 1 more (--all shows them)

          Plan: 1 table and 1 column to make, 0 unchanged.

        """)
  }

  @Test func `an operation shows as many rows as the limit`() {
    var changeset = Changeset(plan: "chinook")
    let rows = (1...3).map {
      RowChange(
        kind: .create, address: "rows[\"\($0)\"]", entity: "status", key: nil,
        fields: [FieldChange(field: "code", old: nil, new: .value(.integer(Int64($0))))])
    }
    changeset.operations = [operation("rows", .create, "status", rows, differing: 50)]
    changeset.counts.create = 50
    #expect(
      text(changeset, limit: 2) == """
        sow plan · chinook → sqlite:.sow/local.db (local)

          + rows["1"]               status              code 1
          + rows["2"]               status              code 2
            … and 48 more of rows (--all shows them)

          Plan: 50 to create, 0 unchanged.

        """)
    #expect(text(changeset, limit: nil).contains("… and 47 more of rows\n"))
  }

  @Test func `hostile and long values stay on their line`() {
    var changeset = Changeset(plan: "chinook")
    let value = "a\"\u{1B}[31m\n" + String(repeating: "x", count: 100)
    changeset.operations = [
      operation(
        "o", .create, "status",
        [
          RowChange(
            kind: .create, address: "o", entity: "status", key: nil,
            fields: [FieldChange(field: "code", old: nil, new: .value(.text(value)))])
        ])
    ]
    changeset.counts.create = 1
    let line = "code \"a\\\"\\u{1b}[31m\\n" + String(repeating: "x", count: 44) + "…\"\n"
    #expect(text(changeset).contains(line), "\(text(changeset))")
  }

  @Test func `the document holds the label, the counts and every row`() throws {
    let changeset = try example
    let text = document { json in
      json.label(label, kind: "plan")
      json.changeset(changeset, in: SourceFiles())
    }
    #expect(
      text == #"""
        {
          "kind": "plan",
          "format_version": 1,
          "plan": "chinook",
          "environment": "local",
          "database": "sqlite:.sow/local.db",
          "has_changes": true,
          "counts": {
            "create": 1,
            "update": 2,
            "delete": 1,
            "forget": 0,
            "unchanged": 14,
            "ledger_only": 1,
            "failed": 0,
            "skipped": 0,
            "renamed": 0
          },
          "created_tables": [],
          "operations": [
            {"operation": "luis", "action": "create", "entity": "customer", "counts": {"create": 0, "update": 0, "delete": 0, "forget": 0, "unchanged": 0, "ledger_only": 0, "failed": 0, "skipped": 0, "renamed": 0}, "differing": 1, "rows": [
                {"change": "create", "address": "luis", "entity": "customer", "fields": [{"field": "first_name", "new": "Luís"}, {"field": "email", "new": "PHI", "sensitive": true}, {"field": "support_rep_id", "new": "jane.employee_id", "reference": "jane.employee_id"}]}
              ]},
            {"operation": "invoice_98", "action": "update", "entity": "invoice", "counts": {"create": 0, "update": 0, "delete": 0, "forget": 0, "unchanged": 0, "ledger_only": 0, "failed": 0, "skipped": 0, "renamed": 0}, "differing": 1, "rows": [
                {"change": "update", "address": "invoice_98", "entity": "invoice", "key": "1", "fields": [{"field": "total", "old": 3.98, "new": 4.98}]}
              ]},
            {"operation": "statuses", "action": "upsert", "entity": "status", "counts": {"create": 0, "update": 0, "delete": 0, "forget": 0, "unchanged": 0, "ledger_only": 0, "failed": 0, "skipped": 0, "renamed": 0}, "differing": 2, "rows": [
                {"change": "drift", "address": "statuses[\"closed\"]", "entity": "status", "key": "3", "fields": [{"field": "label", "old": "Closed", "new": "Shut"}]},
                {"change": "adopt", "address": "statuses[\"new\"]", "entity": "status", "key": "4", "fields": []}
              ]},
            {"operation": "retired", "action": "delete", "entity": "status", "counts": {"create": 0, "update": 0, "delete": 0, "forget": 0, "unchanged": 0, "ledger_only": 0, "failed": 0, "skipped": 0, "renamed": 0}, "differing": 1, "rows": [
                {"change": "delete", "address": "retired", "entity": "status", "key": "7", "fields": []}
              ]}
          ],
          "removals": [],
          "cascades": [],
          "renames": [],
          "orphans": []
        }

        """#)
  }
}
