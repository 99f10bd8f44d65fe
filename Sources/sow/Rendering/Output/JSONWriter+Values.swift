internal import SowModel

extension JSONWriter {
  /// A value of a row: exact, or as a string where a JSON number would lose digits.
  func value(_ value: Value) {
    switch value {
    case .null: raw("null")
    case .boolean(let flag): raw(flag ? "true" : "false")
    case .integer(let number): integer(number)
    case .decimal(let number):
      if number.significantDigits <= exactDigits {
        raw(number.canonical)
      } else {
        string(number.text)
      }
    case .float(let number):
      if number.isFinite { raw(String(number)) } else { string(String(number)) }
    case .text(let text): string(text)
    case .bytes: string(value.text)
    case .list(let items): array { for item in items { self.value(item) } }
    case .object(let members):
      object { for member in members { self.member(member.name, member.value) } }
    }
  }

  func member(_ name: String, _ shown: FieldChange.Shown) {
    self.name(name)
    self.shown(shown)
  }

  func shown(_ shown: FieldChange.Shown) {
    switch shown {
    case .value(let value): self.value(value)
    case .masked(let label): string(label)
    case .reference(let text, nil): string(text)
    case .reference(_, let value?): self.value(value)
    case .pending: self.value(.null)
    }
  }
}

/// Every decimal of so many digits survives a reader that uses 64-bit floats.
private let exactDigits = 15
