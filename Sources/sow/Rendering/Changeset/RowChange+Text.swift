internal import SowModel

extension RowChange {
  /// `invoice 1`, or `customer` while the key is not known.
  var entityAndKey: String { key.map { entity + " " + $0 } ?? entity }

  /// What happens to the row, safe for a terminal.
  var text: String {
    let fields = fields.map { $0.text(isNew: kind == .create || kind == .recreate) }
      .joined(separator: ", ")
    return switch kind {
    case .create, .update, .replace: fields
    case .drift: "drift: " + fields + " (will be set back)"
    case .recreate: "drift: is gone (will be created again)" + (fields.isEmpty ? "" : " " + fields)
    case .delete: reason.map(\.phrase) ?? "will be deleted"
    case .forget: (reason.map { $0.phrase + ", " } ?? "") + "stays and will be forgotten"
    case .lost: (reason.map { $0.phrase + ", " } ?? "") + "is gone already and will be forgotten"
    case .policy: "lifecycle: " + fields
    case .adopt: "is there already, will be adopted"
    case .failed: "is not valid"
    case .skipped: obstacle.map { "skipped: " + terminalSafe($0) } ?? "depends on one that failed"
    }
  }
}

extension RowChange.Reason {
  fileprivate var phrase: String {
    switch self {
    case .leftSet: "left the set"
    case .leftPlan: "left the plan"
    case .destroyed: "will be destroyed"
    }
  }
}

extension Rename {
  /// `employee 3`, or `plan` for a whole plan.
  var entityAndKey: String {
    guard let entity else { return "plan" }
    return key.map { entity + " " + $0 } ?? entity
  }

  /// `was janet`, with the number of rows where they are not one.
  var text: String {
    "was " + terminalSafe(was) + (rows == 1 ? "" : " (" + counted(rows, "row") + ")")
  }
}

extension RowChange.Kind {
  var symbol: String {
    switch self {
    case .create: "+"
    case .update: "~"
    case .drift, .recreate: "!"
    case .delete: "-"
    case .forget, .lost: "<"
    case .replace: "-/+"
    case .adopt, .policy: "="
    case .failed: "x"
    case .skipped: "/"
    }
  }

  var paint: Palette.Paint {
    switch self {
    case .create: .green
    case .update: .yellow
    case .drift, .recreate: .magenta
    case .delete, .replace, .failed: .red
    case .adopt, .policy, .forget, .lost: .blue
    case .skipped: .faint
    }
  }
}

extension FieldChange {
  /// `name "Luís"`, `total 3.98 → 4.98`, `email (PHI)`, `support_rep_id → jane.employee_id` or
  /// `category_ids + 3, − 7`.
  fileprivate func text(isNew: Bool) -> String {
    let name = terminalSafe(field)
    if case .masked(let label) = new { return "\(name) (\(terminalSafe(label)))" }
    if let members = members?.text { return "\(name) \(members)" }
    guard !isNew, let old else {
      return if case .reference = new { "\(name) → \(new.text)" } else { "\(name) \(new.text)" }
    }
    return "\(name) \(old.text) → \(new.text)"
  }

  /// The same of a row that is there.
  var changeText: String { text(isNew: false) }
}

extension FieldChange.Members {
  /// The first ones of either kind; nil where nothing comes or goes.
  fileprivate var text: String? {
    func parts(_ sign: String, _ members: [FieldChange.Shown]) -> [String] {
      let hidden = members.count - mostMembers
      return members.prefix(mostMembers).map { "\(sign) \($0.text)" }
        + (hidden > 0 ? ["\(sign) \(hidden) more"] : [])
    }
    let parts = parts("+", added) + parts("−", removed)
    return parts.isEmpty ? nil : parts.joined(separator: ", ")
  }
}

extension FieldChange.Shown {
  /// The value in one line, long ones cut.
  var text: String {
    switch self {
    case .value(let value): value.literal
    case .masked(let label): "(\(terminalSafe(label)))"
    case .reference(let path, nil): terminalSafe(path)
    case .reference(let path, let value?): "\(terminalSafe(path)) (\(value.literal))"
    }
  }
}

private let longestLiteral = 60
private let mostMembers = 5

extension Value {
  /// Text in quotes, all else as it is written; safe for a terminal and at most a line long.
  fileprivate var literal: String {
    switch self {
    case .text(let text): "\"" + shortened(quotable(text), to: longestLiteral) + "\""
    default: shortened(terminalSafe(text), to: longestLiteral)
    }
  }
}

private func quotable(_ text: String) -> String {
  let safe = terminalSafe(text)
  guard safe.utf8.contains(UInt8(ascii: "\"")) else { return safe }
  return safe.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\\\"")
}
