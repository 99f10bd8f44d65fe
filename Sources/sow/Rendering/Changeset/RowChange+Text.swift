internal import SowModel

extension RowChange {
  /// `invoice 1`, or `customer` while the key is not known.
  var entityAndKey: String { key.map { entity + " " + $0 } ?? entity }

  /// The same with the place of a row whose address hides its key.
  func text(in files: SourceFiles) -> Phrase {
    guard let range = place.range else { return text }
    let place = Phrase(same: "(\(terminalSafe(files[range.file])):\(range.start.line))")
    return text.english.isEmpty ? place : [text, place].joined(" ")
  }

  /// What happens to the row, safe for a terminal.
  var text: Phrase {
    let fields = fields.map { $0.text(isNew: kind == .create || kind == .recreate) }.joined(", ")
    switch kind {
    case .create, .update, .replace: return fields
    case .drift:
      return Phrase(
        "drift: \(fields.english) (will be set back)",
        vi: "sai lệch: \(fields.vietnamese) (sẽ được đặt lại)")
    case .recreate:
      let gone = Phrase(
        "drift: is gone (will be created again)", vi: "sai lệch: đã mất (sẽ được tạo lại)")
      return self.fields.isEmpty ? gone : [gone, fields].joined(" ")
    case .delete: return reason?.phrase ?? Phrase("will be deleted", vi: "sẽ bị xóa")
    case .forget:
      let rest = Phrase("stays and will be forgotten", vi: "còn lại và sẽ thôi được theo dõi")
      return [reason?.phrase, rest].compactMap(\.self).joined(", ")
    case .lost:
      let rest = Phrase(
        "is gone already and will be forgotten", vi: "đã mất và sẽ thôi được theo dõi")
      return [reason?.phrase, rest].compactMap(\.self).joined(", ")
    case .policy:
      return Phrase("lifecycle: \(fields.english)", vi: "lifecycle: \(fields.vietnamese)")
    case .adopt:
      return Phrase("is there already, will be adopted", vi: "đã có sẵn, sẽ được tiếp nhận")
    case .note:
      return Phrase(
        "holds that already, will be noted in the ledger",
        vi: "đã đúng như vậy, sẽ được ghi vào sổ cái")
    case .failed: return Phrase("is not valid", vi: "không hợp lệ")
    case .skipped:
      guard let obstacle else {
        return Phrase("depends on one that failed", vi: "phụ thuộc vào một bản ghi bị lỗi")
      }
      return Phrase("skipped: {why}", vi: "bỏ qua: {why}", ["why": obstacle.safe])
    }
  }
}

extension RowChange.Reason {
  fileprivate var phrase: Phrase {
    switch self {
    case .leftSet: Phrase("left the set", vi: "đã rời tập")
    case .leftPlan: Phrase("left the plan", vi: "đã rời kế hoạch")
    case .destroyed: Phrase("will be destroyed", vi: "sẽ bị hủy")
    }
  }
}

extension Rename {
  /// `employee 3`, or `plan` for a whole plan.
  var entityAndKey: Phrase {
    guard let entity else { return Phrase("plan", vi: "kế hoạch") }
    return Phrase(same: key.map { entity + " " + $0 } ?? entity)
  }

  /// `was janet`, with the number of rows where they are not one.
  var text: Phrase {
    let name = terminalSafe(was)
    let former = Phrase("was \(name)", vi: "trước là \(name)")
    guard rows != 1 else { return former }
    let count = Phrase.count(rows, .row)
    return Phrase(
      "\(former.english) (\(count.english))", vi: "\(former.vietnamese) (\(count.vietnamese))")
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
    case .adopt, .note, .policy: "="
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
    case .adopt, .note, .policy, .forget, .lost: .blue
    case .skipped: .faint
    }
  }
}

extension FieldChange {
  /// `name "Luís"`, `total 3.98 → 4.98`, `email (PHI)`, `support_rep_id → jane.employee_id` or
  /// `category_ids + 3, − 7`.
  fileprivate func text(isNew: Bool) -> Phrase {
    let name = terminalSafe(field)
    if case .masked = new { return [Phrase(same: name), new.text].joined(" ") }
    if let members = members?.text {
      return Phrase("\(name) \(members.english)", vi: "\(name) \(members.vietnamese)")
    }
    let arrow = Phrase(same: "→")
    let change =
      if !isNew, let old { [old.text, arrow, new.text] } else {
        new.isOfTheApply ? [arrow, new.text] : [new.text]
      }
    return ([Phrase(same: name)] + change).joined(" ")
  }

  /// The same of a row that is there.
  var changeText: Phrase { text(isNew: false) }
}

extension FieldChange.Members {
  /// The first ones of either kind; nil where nothing comes or goes.
  fileprivate var text: Phrase? {
    func parts(_ sign: String, _ members: [FieldChange.Shown]) -> [Phrase] {
      let hidden = members.count - mostMembers
      let shown = members.prefix(mostMembers).map { member in
        Phrase("\(sign) \(member.text.english)", vi: "\(sign) \(member.text.vietnamese)")
      }
      guard hidden > 0 else { return shown }
      return shown + [Phrase("\(sign) \(hidden) more", vi: "\(sign) \(hidden) mục nữa")]
    }
    let parts = parts("+", added) + parts("−", removed)
    return parts.isEmpty ? nil : parts.joined(", ")
  }
}

extension FieldChange.Shown {
  /// The value in one line, long ones cut.
  var text: Phrase {
    switch self {
    case .value(let value): Phrase(same: value.literal)
    case .masked(let label): Phrase("({label})", vi: "({label})", ["label": Phrase(label: label)])
    case .reference(let path, nil): Phrase(same: terminalSafe(path))
    case .reference(let path, let value?): Phrase(same: "\(terminalSafe(path)) (\(value.literal))")
    case .pending: Phrase("known after apply", vi: "chỉ biết sau khi áp dụng")
    }
  }

  /// Whether only the apply makes the value.
  fileprivate var isOfTheApply: Bool {
    switch self {
    case .reference, .pending: true
    case .value, .masked: false
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
