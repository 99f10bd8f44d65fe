/// Rows from a file: a stream that can be opened again.
///
/// Rows of data are never scanned for references.
package protocol RowSource: Sendable {
  var file: FileID { get }

  /// Starts from the first row; throws where the file cannot be opened.
  func open() throws(RowFailure) -> any RowCursor
}

/// A place in a `RowSource`; not shared between threads.
package protocol RowCursor: AnyObject {
  /// The names of the cells, in order. All are known at once for CSV; for other formats the list
  /// grows as rows bring new names, and never changes otherwise.
  var columns: [String] { get }

  /// Reads the next row into `row`, whose storage is used again; false at the end.
  func next(into row: inout DataRow) throws(RowFailure) -> Bool

  /// SHA-256 of the bytes read, in lower-case hex; the whole file once `next` gave false.
  var digest: String { get }
}

/// One row of a source: cells in the order of the cursor's columns.
package struct DataRow: Sendable {
  package var cells: [DataCell] = []
  /// Where the row starts.
  package var start = SourcePosition(line: 1, column: 1)
  /// Why the row cannot be taken, where the rows after it can; its cells are absent then.
  package var mistake: Diagnostic?

  package init() {}
}

package enum DataCell: Sendable {
  /// The row has no such member (not for CSV, where every row has every cell).
  case absent
  case scalar(Scalar)
  indirect case structure(Node)
}

/// A source that cannot be read to its end.
package struct RowFailure: Error, Sendable {
  package var diagnostic: Diagnostic

  package init(_ diagnostic: Diagnostic) { self.diagnostic = diagnostic }
}
