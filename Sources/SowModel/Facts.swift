/// What may fill a place of a sentence: data, which is the same in every language, or words.
///
/// Names, numbers and what the user wrote are data (`String`, `Int`); all that sow says in its own
/// words is a `Phrase`.
package protocol Fact: Sendable {
  var phrase: Phrase { get }
}

extension String: Fact {
  package var phrase: Phrase { Phrase(same: self) }
}

extension Int: Fact {
  package var phrase: Phrase { Phrase(same: String(self)) }
}

extension Phrase: Fact {
  package var phrase: Phrase { self }
}

/// What fills the `{name}` places of a sentence.
package struct Facts: Hashable, Sendable, ExpressibleByDictionaryLiteral {
  private var phrases: [String: Phrase]

  package init(dictionaryLiteral elements: (String, any Fact)...) {
    phrases = Dictionary(
      elements.map { ($0.0, $0.1.phrase) }, uniquingKeysWith: { _, last in last })
  }

  package var isEmpty: Bool { phrases.isEmpty }

  package subscript(name: String) -> Phrase? {
    get { phrases[name] }
    set { phrases[name] = newValue }
  }

  /// These facts with those of `others`, which win.
  package func merging(_ others: Facts) -> Facts {
    var merged = self
    merged.phrases.merge(others.phrases) { $1 }
    return merged
  }
}

extension Phrase {
  /// Words with `{fact}` where a fact goes.
  package init(_ english: String, vi vietnamese: String, _ facts: Facts) {
    self = Phrase(english, vi: vietnamese).filled(facts)
  }

  /// The words with `facts` put in; a place without a fact is a broken invariant.
  package func filled(_ facts: Facts) -> Phrase {
    Phrase(
      Self.filled(english, with: facts, \.english),
      vi: Self.filled(vietnamese, with: facts, \.vietnamese))
  }

  private static func filled(
    _ template: String, with facts: Facts, _ language: KeyPath<Phrase, String>
  ) -> String {
    var message = ""
    var rest = template[...]
    while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
      let name = String(rest[rest.index(after: open)..<close])
      guard let fact = facts[name] else {
        preconditionFailure("\"\(template)\" lacks the fact \(name)")
      }
      message += rest[..<open]
      message += fact[keyPath: language]
      rest = rest[rest.index(after: close)...]
    }
    return message + rest
  }
}
