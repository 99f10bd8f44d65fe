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

  var bytes: [UInt8] {
    var text = LockBytes()
    text.bytes.reserveCapacity(128 * (entries.count + 1))
    text.append("{\n  \"version\": 1")
    for (key, value) in [("plan", plan), ("lineage", lineage), ("scope", scope)] {
      text.append(",\n ")
      text.append(key, value)
    }
    text.append(",\n  \"entries\": [\n")
    for entry in entries.sorted(by: { precedesInBytes($0.address, $1.address) }) {
      Self.append(entry, to: &text)
    }
    text.append("    null\n  ]\n}\n")
    return text.bytes
  }

  private static func append(_ entry: Lock.Entry, to text: inout LockBytes) {
    text.append("    {")
    switch entry {
    case .row(let address, let entity, let key):
      text.append("address", address)
      text.append(",")
      text.append("entity", entity)
      text.append(",")
      text.append("key", key)
    case .summary(let operation, let entity, let count, let first, let last, let digest):
      text.append("operation", operation)
      text.append(",")
      text.append("entity", entity)
      text.append(", \"count\": ")
      text.append(String(count))
      text.append(",")
      for (key, value) in [("first", first), ("last", last)] {
        text.append(key, value)
        text.append(",")
      }
      text.append("digest", digest)
    }
    text.append(" },\n")
  }
}

/// JSON that grows in UTF-8.
private struct LockBytes {
  var bytes: [UInt8] = []

  mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

  /// A member of an object after a space.
  mutating func append(_ key: String, _ value: String) {
    append(" \"")
    append(key)
    append("\": ")
    append(json: value)
  }

  /// `text` as a JSON string of characters that every reader takes.
  private mutating func append(json text: String) {
    let isPlain = text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F && $0 != 0x22 && $0 != 0x5C }
    if isPlain {
      bytes.append(0x22)
      append(text)
      bytes.append(0x22)
    } else {
      append(jsonText(text))
    }
  }
}

private func jsonText(_ text: String) -> String {
  var json = ""
  appendJSONString(text, to: &json)
  guard json.unicodeScalars.contains(where: needsEscape) else { return json }
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
