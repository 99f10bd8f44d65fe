internal import FoundationEssentials
package import SowModel

extension SavedPlan {
  /// Hands `emit` the text of the file piece by piece: an operation a line.
  package func write(_ emit: @escaping (String) -> Void) {
    let version = SavedPlanVersion1(self)
    let lines = LineEncoder(emit)
    // What the file is stands first, so that it is known by that.
    emit("{\n  \"kind\": \"\(Self.kind)\",\n  \"format_version\": 1,\n")
    lines.member("plan", version.plan)
    if let environment = version.environment { lines.member("environment", environment) }
    lines.member("database", version.database)
    lines.member("scope", version.scope)
    lines.member("lineage", version.lineage)
    if let serial = version.serial { lines.member("serial", serial) }
    if let secret = version.secret { lines.member("secret", secret) }
    lines.member("arguments", version.arguments)
    lines.list("files", version.files)
    lines.list("variables", version.variables)
    if let limit = version.rows_per_operation { lines.member("rows_per_operation", limit) }
    if let limit = version.rows_per_file { lines.member("rows_per_file", limit) }
    lines.member("digest", version.digest)
    lines.list("digests", version.digests)
    lines.member("changes", version.changes)
    lines.list("operations", version.operations)
    lines.list("removals", version.removals, isLast: true)
    emit("}\n")
  }

  static var kind: String { "saved_plan" }
}

/// Writes members of one object, lists with an item a line.
private struct LineEncoder {
  private let emit: (String) -> Void
  private let encoder = JSONEncoder()

  init(_ emit: @escaping (String) -> Void) {
    self.emit = emit
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  }

  func member(_ name: String, _ value: some Encodable) {
    emit("  \"\(name)\": " + text(value) + ",\n")
  }

  func list(_ name: String, _ items: [some Encodable], isLast: Bool = false) {
    emit("  \"\(name)\": [")
    for (index, item) in items.enumerated() {
      emit((index == 0 ? "\n    " : ",\n    ") + text(item))
    }
    emit((items.isEmpty ? "]" : "\n  ]") + (isLast ? "\n" : ",\n"))
  }

  private func text(_ value: some Encodable) -> String {
    do {
      return String(decoding: try encoder.encode(value), as: UTF8.self)
    } catch {
      preconditionFailure("a part of a saved plan has no form in JSON: \(error)")
    }
  }
}
