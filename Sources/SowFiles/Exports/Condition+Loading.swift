package import SowModel

extension Condition {
  /// Reads a `where` that was given as text, such as `{ country: VN }`; nil after diagnostics.
  package static func load(
    _ text: String, shownAs path: String, limit: Int, files: inout SourceFiles,
    diagnostics: inout Diagnostics
  ) -> [Condition]? {
    let file = files.add(path)
    var inputs = InputReader()
    do throws(ReadFailure) {
      var reader = NodeReader(ByteSource(bytes: Array(text.utf8), file: file, limit: limit))
      defer { diagnostics.merge(reader.diagnostics) }
      guard try reader.start() else {
        throw ReadFailure(
          Diagnostic(.emptyNotAllowed, ["what": "where"], at: .start(of: file)))
      }
      let node = try reader.compose()
      try reader.finish()
      let conditions = inputs.conditions(node)
      diagnostics.merge(inputs.diagnostics)
      return inputs.diagnostics.hasErrors ? nil : conditions
    } catch {
      diagnostics.report(error.diagnostic)
      return nil
    }
  }
}
