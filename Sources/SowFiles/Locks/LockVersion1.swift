import SowModel

/// The lockfile's first format: JSON with one address a line.
///
/// Every address ends in a comma, and `null` closes the list, so that a merge which keeps the
/// lines of both branches gives valid JSON. Keys are written in the order of `Entry`.
struct LockVersion1 {
  var plan = ""
  var lineage = ""
  var scope = ""
  var entries: [Lock.Entry] = []

  init() {}

  init(_ lock: Lock) {
    plan = lock.plan
    lineage = lock.lineage
    scope = lock.scope
    entries = lock.entries
  }

  var lock: Lock { Lock(plan: plan, lineage: lineage, scope: scope, entries: entries) }

  var text: String {
    var text = "{\n  \"version\": 1,\n"
    for (key, value) in [("plan", plan), ("lineage", lineage), ("scope", scope)] {
      text += "  \"\(key)\": \(jsonText(value)),\n"
    }
    text += "  \"entries\": [\n"
    let sorted = entries.sorted { precedesInBytes($0.address, $1.address) }
    for entry in sorted { Self.append(entry, to: &text) }
    return text + "    null\n  ]\n}\n"
  }

  private static func append(_ entry: Lock.Entry, to text: inout String) {
    switch entry {
    case .row(let address, let entity, let key):
      text += "    { \"address\": "
      text += jsonText(address)
      text += ", \"entity\": "
      text += jsonText(entity)
      text += ", \"key\": "
      text += jsonText(key)
    case .summary(let operation, let entity, let count, let first, let last, let digest):
      text += "    { \"operation\": \(jsonText(operation)), \"entity\": \(jsonText(entity)), "
      text += "\"count\": \(count), \"first\": \(jsonText(first)), "
      text += "\"last\": \(jsonText(last)), \"digest\": \(jsonText(digest))"
    }
    text += " },\n"
  }
}

/// `text` as a JSON string of characters that every reader takes.
private func jsonText(_ text: String) -> String {
  var json = ""
  appendJSONString(text, to: &json)
  // What needs it starts with a byte from 0x7F on.
  guard json.utf8.contains(where: { $0 >= 0x7F }),
    json.unicodeScalars.contains(where: needsEscape)
  else { return json }
  var escaped = ""
  for scalar in json.unicodeScalars {
    if needsEscape(scalar) {
      let digits = String(scalar.value, radix: 16)
      escaped += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
    } else {
      escaped.unicodeScalars.append(scalar)
    }
  }
  return escaped
}

private func needsEscape(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.value {
  case 0x7F...0x9F, 0x2028, 0x2029, 0xFDD0...0xFDD2, 0xFEFF, 0xFFFE, 0xFFFF: true
  default: false
  }
}
