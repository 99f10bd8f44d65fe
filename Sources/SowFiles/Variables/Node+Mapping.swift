package import SowModel

extension Node {
  /// Reads a file that holds one mapping of names, such as values of variables; nil after
  /// diagnostics.
  package static func loadMapping(
    path: String, limit: Int, files: inout SourceFiles, diagnostics: inout Diagnostics
  ) -> [Entry]? {
    let file = files.add(path)
    do throws(ReadFailure) {
      let source = try InputFile.open(path, as: file, limit: limit)
      let isJSON = FilePath.fileExtension(of: path) == "json"
      var reader = NodeReader(source, format: isJSON ? .json : [])
      defer { diagnostics.merge(reader.diagnostics) }
      guard try reader.start() else { return [] }
      let node = try reader.compose()
      try reader.finish()
      guard let entries = node.entries else {
        diagnostics.report(
          .wrongShape,
          [
            "what": Phrase("the file", vi: "tệp"),
            "shape": Phrase("a mapping of names to values", vi: "một ánh xạ từ tên đến giá trị"),
          ],
          at: node.range)
        return nil
      }
      return entries.filter { diagnostics.checkedName($0.key) != nil }
    } catch {
      diagnostics.report(error.diagnostic)
      return nil
    }
  }
}
