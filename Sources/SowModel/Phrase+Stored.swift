extension Phrase {
  /// The words as the ledger keeps them: `{"en": …, "vi": …}`.
  package var stored: String {
    var text = "{\"en\": "
    appendJSONString(english, to: &text)
    text += ", \"vi\": "
    appendJSONString(vietnamese, to: &text)
    return text + "}"
  }

  /// A text of another form is the same in every language.
  package init(stored text: String) {
    var words: [String: String] = [:]
    if case .object(let members)? = Value(json: text) {
      for member in members {
        if case .text(let sentence) = member.value { words[member.name] = sentence }
      }
    }
    guard let english = words["en"], let vietnamese = words["vi"] else {
      self.init(same: text)
      return
    }
    self.init(english, vi: vietnamese)
  }
}
