/// A place in a user's text: line and column count from 1, the column in Unicode scalars.
package struct SourcePosition: Hashable, Sendable, Comparable {
  package var line: UInt32
  package var column: UInt32

  package init(line: Int, column: Int) {
    self.line = UInt32(clamping: line)
    self.column = UInt32(clamping: column)
  }

  package static func < (left: Self, right: Self) -> Bool {
    (left.line, left.column) < (right.line, right.column)
  }
}

/// One file of a run, as an index into the run's `SourceFiles`.
package struct FileID: Hashable, Sendable, Comparable {
  package var index: UInt32

  package init(index: Int) { self.index = UInt32(index) }

  package static func < (left: Self, right: Self) -> Bool { left.index < right.index }
}

/// The paths of the files of one run, as the user would write them.
package struct SourceFiles: Sendable {
  package private(set) var paths: [String] = []

  package init() {}

  package subscript(file: FileID) -> String { paths[Int(file.index)] }

  /// The identity of `path`, made on the first request.
  package mutating func add(_ path: String) -> FileID {
    if let index = paths.firstIndex(of: path) { return FileID(index: index) }
    paths.append(path)
    return FileID(index: paths.count - 1)
  }
}

/// A half-open stretch of one file: `end` is the first position after it.
package struct SourceRange: Hashable, Sendable, Comparable {
  package var file: FileID
  package var start: SourcePosition
  package var end: SourcePosition

  package init(file: FileID, start: SourcePosition, end: SourcePosition) {
    self.file = file
    self.start = start
    self.end = end
  }

  package static func < (left: Self, right: Self) -> Bool {
    (left.file, left.start, left.end) < (right.file, right.start, right.end)
  }
}

/// A value and the place that it was written at.
package struct Located<Wrapped> {
  package var value: Wrapped
  package var range: SourceRange

  package init(_ value: Wrapped, at range: SourceRange) {
    self.value = value
    self.range = range
  }
}

extension Located where Wrapped == String {
  /// The most frequent kind, without the cost of a generic call between modules.
  package init(_ value: String, at range: SourceRange) {
    self.value = value
    self.range = range
  }
}

extension Located: Equatable where Wrapped: Equatable {}
extension Located: Hashable where Wrapped: Hashable {}
extension Located: Sendable where Wrapped: Sendable {}
