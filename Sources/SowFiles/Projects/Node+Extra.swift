import SowModel

/// What `x-sow` says in the same form of an entity and of a query.
extension Node {
  /// `sensitive`: a mapping of fields to what stands for their values, or a list of fields.
  func labels(_ diagnostics: inout Diagnostics) -> [String: Located<String>] {
    var labels: [String: Located<String>] = [:]
    if let entries {
      for entry in entries {
        guard let label = entry.value.text(as: entry.key.value, &diagnostics) else { continue }
        labels[entry.key.value] = Located(label.value, at: entry.key.range)
      }
    } else {
      for field in texts(as: "sensitive", &diagnostics) {
        labels[field.value] = Located("sensitive", at: field.range)
      }
    }
    return labels
  }

  /// `{ field: { en, vi } }`, or a text for every reader.
  func messages(_ diagnostics: inout Diagnostics) -> [String: Located<Phrase>] {
    guard let entries else {
      diagnostics.reportShape("messages", .mapping, self, write: "{ field: { en: … } }")
      return [:]
    }
    var messages: [String: Located<Phrase>] = [:]
    for entry in entries {
      let field = entry.key.value
      guard entry.value.entries != nil else {
        guard let text = entry.value.text(as: field, &diagnostics)?.value else { continue }
        messages[field] = Located(Phrase(text, vi: text), at: entry.key.range)
        continue
      }
      guard
        let members = Members(
          entry.value, of: Phrase("a message", vi: "một thông báo"), known: ["en", "vi"],
          &diagnostics),
        let english = members.required("en", &diagnostics)?.text(as: "en", &diagnostics)?.value
      else { continue }
      let vietnamese = members["vi"].flatMap { $0.text(as: "vi", &diagnostics)?.value }
      messages[field] = Located(Phrase(english, vi: vietnamese ?? english), at: entry.key.range)
    }
    return messages
  }

  /// `[least, most]`, or the most alone, which then is at least 1.
  func bounds(
    as what: String, _ diagnostics: inout Diagnostics
  ) -> Located<ClosedRange<Int>>? {
    guard let items else {
      let most = count(as: what, in: 1...Int.max, &diagnostics)
      return most.map { Located(1...$0, at: range) }
    }
    guard items.count == 2 else {
      diagnostics.reportShape(
        what, Phrase("[least, most] or a number", vi: "[least, most] hoặc một số"), self)
      return nil
    }
    guard let least = items[0].count(as: what, in: 0...Int.max, &diagnostics),
      let most = items[1].count(as: what, in: least...Int.max, &diagnostics)
    else { return nil }
    return Located(least...most, at: range)
  }
}
