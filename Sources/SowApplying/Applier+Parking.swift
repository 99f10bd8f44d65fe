internal import SowDatabase
package import SowModel
internal import SowPlanning

/// A row whose unique values are null for a while, with what they were.
struct ParkedRow {
  let parking: Parking
  let values: [Value]
}

extension Applier {
  /// Sets unique values to null that others take before their rows get new ones.
  mutating func park(_ parkings: [Parking]) throws {
    for parking in parkings {
      if let values = try values(of: parking) {
        parked.append(ParkedRow(parking: parking, values: values))
      }
      if let failure = try update(parking, parking.columns.map { _ in .null }) {
        throw failure.error
      }
      progress.rows.updated += 1
      hasOpenChanges = true
    }
  }

  /// Gives rows that failed alone their values back, and says so of those that lost them to others:
  /// what is kept next must be what the report tells.
  mutating func unpark() throws {
    for row in parked {
      guard let values = try values(of: row.parking), values.allSatisfy(\.isNull) else { continue }
      guard try update(row.parking, row.values) != nil else {
        progress.rows.updated -= 1
        continue
      }
      let operation = checked.operations[row.parking.operation]
      let fields = checked.entities[operation.entity].fields
      remarks.report(
        .valueGivenUp,
        [
          "address": address(operation: operation.name, instance: row.parking.address),
          "fields": row.parking.columns.map { fields[$0].name }.joined(separator: ", "),
        ], at: operation.range)
    }
    parked = []
  }

  private func values(of parking: Parking) throws -> [Value]? {
    try database.rows(of: parking.table, columns: parking.columns, keys: [parking.key])[0]
  }

  /// Why the row does not take the values; nil where it did.
  private func update(_ parking: Parking, _ values: [Value]) throws -> RowError? {
    var set = RowSet(table: parking.table, columns: parking.columns)
    set.append(values)
    return try database.update(set, keys: [parking.key], stopsAtFailure: true).first
  }
}

extension DiagnosticCode {
  package static let valueGivenUp = DiagnosticCode(
    "value-given-up", "{address} failed after another row took its {fields}, which is null now",
    vi:
      "{address} thất bại sau khi một bản ghi khác đã lấy {fields} của nó; nay trường này là null",
    severity: .warning,
    meaning: """
      Rows that exchange unique values go through null. With atomic: false and on_error: continue \
      one of them may fail alone while another has taken its old value already, so that it keeps \
      null until it is written.
      """,
    example: "two rows that swap their e-mails, of which the second breaks a CHECK",
    fix: "Mend what the row failed for and apply again.")
}
