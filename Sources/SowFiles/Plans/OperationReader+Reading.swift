import SowModel

/// `select`, `sort`, `limit`, and their names of the batch request.
extension OperationReader {
  mutating func readMetadata(_ members: Members, into operation: DataOperation) {
    guard let node = members["metadata_params"],
      let metadata = Members(
        node, of: "metadata_params", known: ["__limit", "__sort", "__properties"],
        &inputs.diagnostics)
    else { return }
    for (given, own) in [("__limit", "limit"), ("__sort", "sort"), ("__properties", "select")] {
      guard let entry = metadata.entry(given) else { continue }
      if let other = members.entry(own) {
        inputs.diagnostics.reportConflict(entry.key, with: other.key)
        continue
      }
      switch own {
      case "limit": readLimit(entry.value, into: operation)
      case "sort": readSort(entry.value, into: operation)
      default: readSelect(entry.value, into: operation)
      }
    }
  }

  mutating func readSelect(_ node: Node, into operation: DataOperation) {
    let fields = words(node, as: "select")
    if fields.isEmpty, node.items?.isEmpty ?? false {
      inputs.diagnostics.report(.emptyNotAllowed, ["what": "select"], at: node.range)
    }
    operation.select = fields
  }

  mutating func readSort(_ node: Node, into operation: DataOperation) {
    for word in words(node, as: "sort") {
      guard let field = sortField(word) else {
        inputs.diagnostics.report(
          .wrongShape,
          [
            "what": "sort",
            "shape": Phrase(
              "\"name\", \"-name\" or \"name desc\"", vi: "\"name\", \"-name\" hoặc \"name desc\""),
          ],
          at: word.range)
        continue
      }
      operation.sort.append(field)
    }
  }

  private func sortField(_ word: Located<String>) -> SortField? {
    let parts = word.value.split(separator: " ", omittingEmptySubsequences: true)
    guard let name = parts.first, parts.count <= 2 else { return nil }
    var field = String(name)
    var descending = false
    if parts.count == 2 {
      switch parts[1].lowercased() {
      case "asc": break
      case "desc": descending = true
      default: return nil
      }
    } else if field.hasPrefix("-") {
      field.removeFirst()
      descending = true
    }
    guard !field.isEmpty, !field.hasPrefix("-") else { return nil }
    return SortField(field: Located(field, at: word.range), descending: descending)
  }

  mutating func readLimit(_ node: Node, into operation: DataOperation) {
    let limit = inputs.input(node)
    switch limit {
    case .link: operation.limit = limit
    default:
      if node.count(as: "limit", in: 0...Int.max, &inputs.diagnostics) != nil {
        operation.limit = limit
      }
    }
  }

  /// The trimmed words of a comma-separated text, or the items of a list.
  private mutating func words(_ node: Node, as what: String) -> [Located<String>] {
    var words: [Located<String>] = []
    for text in node.texts(as: what, &inputs.diagnostics) {
      for part in text.value.split(separator: ",", omittingEmptySubsequences: false) {
        let word = trimmed(part)
        if word.isEmpty {
          inputs.diagnostics.report(
            .emptyNotAllowed, ["what": Phrase("a name of \(what)", vi: "một tên trong \(what)")],
            at: text.range)
        } else {
          words.append(Located(word, at: text.range))
        }
      }
    }
    return words
  }
}

/// Without the spaces and tabs around it.
func trimmed(_ text: Substring) -> String {
  var bytes = text.utf8
  while let first = bytes.first, first == 0x20 || first == 0x09 { bytes.removeFirst() }
  while let last = bytes.last, last == 0x20 || last == 0x09 { bytes.removeLast() }
  return String(Substring(bytes))
}
