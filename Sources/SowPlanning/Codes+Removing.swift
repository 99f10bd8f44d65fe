package import SowModel

extension DiagnosticCode {
  package static let removing: [DiagnosticCode] = [
    protectedRow, removalRefused, deleteBlocked, cascadeOwned, deleteCircle, uniqueHeld,
    uniqueTaken, uniqueTwice, takeUnknown,
  ]

  package static let protectedRow = DiagnosticCode(
    "protected-row", "{address} is protected and cannot be removed",
    vi: "{address} được bảo vệ và không thể bị gỡ bỏ",
    meaning: """
      The operation of the row says lifecycle: { protect: true }, or said so when it was last \
      applied: the ledger remembers it, so that taking the operation out of the plan does not lift \
      the protection.
      """,
    example: "an operation with lifecycle: { protect: true } that was taken out; sow apply --prune",
    fix: """
      Put the operation back with protect: false and apply; after that it can go. sow ledger rm \
      makes the ledger forget the row, which then stays in the database.
      """)
  package static let removalRefused = DiagnosticCode(
    "removal-refused", "{address} must be removed by hand (on_remove: error)",
    vi: "{address} phải được gỡ bỏ thủ công (on_remove: error)",
    meaning: "The operation says, or said when it was last applied, that its rows do not just go.",
    example: "lifecycle: { on_remove: error }    # and the row left the plan",
    fix: "Delete the row by hand, or keep it and let the ledger forget it with sow ledger rm.")
  package static let deleteBlocked = DiagnosticCode(
    "delete-blocked",
    #"{address} cannot be deleted: "{table}" refers to it by {columns} ({count})"#,
    vi: #"không thể xóa {address}: "{table}" tham chiếu đến nó qua {columns} ({count})"#,
    meaning: "A row that is to be deleted has others that refer to it and that stay.",
    example: "a customer leaves the plan, and someone entered invoices for her",
    fix: "Delete the others too, let them refer to another row, or keep this one.")
  package static let cascadeOwned = DiagnosticCode(
    "cascade-owned",
    #"deleting {address} would {effect} a row of "{table}" that {owner} of the plan "{plan}" owns"#,
    vi: """
      xóa {address} sẽ {effect} một bản ghi của "{table}" thuộc sở hữu của {owner} trong kế hoạch \
      "{plan}"
      """,
    meaning: """
      The database deletes rows, or empties their columns, when the row that they refer to goes \
      (ON DELETE). A row that a plan owns is not removed by the way.
      """,
    example: "FOREIGN KEY (album_id) REFERENCES album ON DELETE CASCADE   # the track is owned",
    fix: "Take the owned row out of its plan first, or let it refer to another row.")
  package static let deleteCircle = DiagnosticCode(
    "delete-circle", "{address} and other rows refer to each other, so none can go first",
    vi: "{address} và các bản ghi khác tham chiếu lẫn nhau, nên không bản ghi nào có thể xóa trước",
    meaning: "Rows that are to be deleted refer to each other by columns that may not be null.",
    example: "a.partner_id NOT NULL refers to b, and b.partner_id to a",
    fix: "Make one of the columns nullable, or delete the rows by hand.")
  package static let uniqueHeld = DiagnosticCode(
    "unique-held",
    "{address} takes the {fields} of {holder}, which goes only after rows that refer to it moved",
    vi: """
      {address} lấy {fields} của {holder}, bản ghi này chỉ mất đi sau khi các bản ghi tham chiếu \
      đến nó đã chuyển
      """,
    meaning: """
      A row that leaves is deleted last where others refer to it until then, and it holds its \
      unique values up to there. They cannot let go of it before, because their column may not be \
      null.
      """,
    example: "a status with a new code and its old unique label, and tickets that refer to it",
    fix: """
      Where it is the same row under another key, say so with moved_from. Else give the new row \
      another value first, and its own in the next apply.
      """)
}
