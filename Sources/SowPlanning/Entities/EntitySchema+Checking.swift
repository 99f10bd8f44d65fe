package import SowModel
internal import SowSchema

extension EntitySchema {
  /// Reports every mistake in the schema that can be seen without a table.
  package func check(into diagnostics: inout Diagnostics) {
    _ = CompiledSchema.compile(document, into: &diagnostics)
  }
}
