import SowModel

/// `rows` and `for_each`.
extension OperationReader {
  mutating func readRows(
    _ members: Members, into operation: DataOperation, files: inout SourceFiles
  ) {
    if let rows = members["rows"] { operation.rows = self.rows(rows, files: &files) }
    let usesBefore = inputs.eachUses.count
    if let forEach = members["for_each"] {
      operation.forEach = self.forEach(forEach, files: &files)
      for use in inputs.eachUses.dropFirst(usesBefore) {
        inputs.diagnostics.report(.eachOutsideForEach, at: use)
      }
    }
  }

  private mutating func rows(_ node: Node, files: inout SourceFiles) -> Rows? {
    if let items = node.items {
      var rows: [Rows.InlineRow] = []
      rows.reserveCapacity(items.count)
      for item in items {
        guard let entries = item.entries else {
          inputs.diagnostics.report(
            .wrongShape, ["what": Phrase("a row", vi: "một bản ghi"), "shape": Phrase.mapping],
            at: item.range)
          continue
        }
        rows.append(Rows.InlineRow(members: inputs.members(entries), range: item.range))
      }
      return .inline(rows)
    }
    guard node.entries != nil else {
      inputs.diagnostics.report(
        .wrongShape,
        [
          "what": "rows",
          "shape": Phrase(
            "a list of mappings, or { file: path }", vi: "một danh sách ánh xạ, hoặc { file: path }"
          ),
        ],
        at: node.range)
      return nil
    }
    guard let members = Members(node, of: "rows", known: ["file"], &inputs.diagnostics),
      let file = members.required("file", &inputs.diagnostics)?
        .text(as: "file", &inputs.diagnostics),
      let source = rowFiles.source(file, files: &files, &inputs.diagnostics)
    else { return nil }
    return .file(source, file.range)
  }

  private mutating func forEach(_ node: Node, files: inout SourceFiles) -> ForEach? {
    switch node.content {
    case .sequence(let items):
      if let nested = items.first(where: { $0.scalar == nil }) {
        inputs.diagnostics.report(
          .wrongShape,
          [
            "what": Phrase("an element of a plain list", vi: "một phần tử của danh sách đơn"),
            "shape": Phrase.oneValue,
          ],
          at: nested.range,
          hint: .text(
            "write { items: […], key: name } for a list of mappings",
            vi: "hãy viết { items: […], key: name } cho một danh sách ánh xạ"))
        return nil
      }
      return .values(inputs.input(node))
    case .scalar:
      let input = inputs.input(node)
      if case .link = input { return .values(input) }
      inputs.diagnostics.report(
        .wrongShape,
        [
          "what": "for_each",
          "shape": Phrase(
            "a mapping, a list or a link", vi: "một ánh xạ, một danh sách hoặc một liên kết"),
        ], at: node.range)
      return nil
    case .mapping(let entries):
      if node["file"] != nil { return fileElements(node, files: &files) }
      if node["items"] != nil { return itemElements(node) }
      return .mapping(inputs.members(entries))
    }
  }

  private mutating func fileElements(_ node: Node, files: inout SourceFiles) -> ForEach? {
    guard let members = Members(node, of: "for_each", known: ["file", "key"], &inputs.diagnostics)
    else { return nil }
    let key = elementKey(members)
    guard let file = members["file"]?.text(as: "file", &inputs.diagnostics),
      let source = rowFiles.source(file, files: &files, &inputs.diagnostics), let key
    else { return nil }
    return .file(source, key: key, file.range)
  }

  private mutating func itemElements(_ node: Node) -> ForEach? {
    guard let members = Members(node, of: "for_each", known: ["items", "key"], &inputs.diagnostics)
    else { return nil }
    let key = elementKey(members)
    guard let list = members["items"], let items = list.items else {
      inputs.diagnostics.report(
        .wrongShape, ["what": "items", "shape": Phrase.mappings],
        at: members["items"]?.range ?? node.range)
      return nil
    }
    for item in items where item.entries == nil {
      inputs.diagnostics.report(
        .wrongShape, ["what": Phrase("an item", vi: "một phần tử"), "shape": Phrase.mapping],
        at: item.range)
    }
    guard let key else { return nil }
    return .items(items.map { inputs.input($0) }, key: key, node.range)
  }

  private mutating func elementKey(_ members: Members) -> [Located<String>]? {
    guard let node = members.required("key", &inputs.diagnostics) else { return nil }
    let names = node.texts(as: "key", &inputs.diagnostics)
    if node.items?.isEmpty ?? false {
      inputs.diagnostics.report(.emptyNotAllowed, ["what": "key"], at: node.range)
    }
    return names.isEmpty ? nil : names
  }
}
