internal import SowModel

/// The instances of one operation before their cells are compiled.
enum OperationRows {
  /// A plain operation: one instance without a key.
  case single
  case inline([Plan.Element])
  /// Elements that another operation is still to find.
  case unread
  /// A file of rows that passes as a stream.
  case stream(any RowSource, key: [Located<String>], columns: [String], SourceRange)

  var isRepeated: Bool {
    if case .single = self { return false }
    return true
  }

  var isUnread: Bool {
    if case .unread = self { return true }
    return false
  }

  var isStream: Bool {
    if case .stream = self { return true }
    return false
  }
}

extension Plan {
  /// One row or element of an operation: its key and what it is made of.
  struct Element {
    var key: String
    var members: [InputMember]
    var each: Each
    var range: SourceRange
  }
}
