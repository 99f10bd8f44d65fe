import SowModel

/// A file of rows that someone changes right before it is opened for the third time: after a check
/// and a decision, before the writes.
final class ChangingSource: RowSource, @unchecked Sendable {
  let file: FileID
  private let source: any RowSource
  private let change: () -> Void
  private var opened = 0

  init(_ source: any RowSource, change: @escaping () -> Void) {
    file = source.file
    self.source = source
    self.change = change
  }

  func open() throws(RowFailure) -> any RowCursor {
    opened += 1
    if opened == 3 { change() }
    return try source.open()
  }
}
