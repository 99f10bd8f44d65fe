import SowModel

extension Node {
  /// `{ en: …, vi: … }`, or a text for every reader; without Vietnamese, English stands for both.
  func phrase(as what: any Fact, _ diagnostics: inout Diagnostics) -> Phrase? {
    guard entries != nil else {
      return text(as: what, &diagnostics).map { Phrase(same: $0.value) }
    }
    guard let members = Members(self, of: what, known: ["en", "vi"], &diagnostics),
      let english = members.required("en", &diagnostics)?.text(as: "en", &diagnostics)
    else { return nil }
    let vietnamese = members["vi"]?.text(as: "vi", &diagnostics)
    return Phrase(english.value, vi: vietnamese?.value ?? english.value)
  }
}
