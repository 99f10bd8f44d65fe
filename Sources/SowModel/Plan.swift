/// One plan as written: a file, or a folder of files merged into one graph.
package struct Plan: Sendable {
  package var name: String
  /// The place of `plan:` where it is written, else the start of the first file.
  package var range: SourceRange
  /// The folder or file of the plan, as the user would write it.
  package var path: String
  package var isFolder: Bool
  /// Names that the plan had before.
  package var movedFrom: [Located<String>] = []
  package var options = Options()
  package var operationLimit: Located<Int>?
  /// The folder of the plan's schemas where `schemas:` names one.
  package var schemas: Located<String>?
  package var variables: [Variable] = []
  package var operations: [DataOperation] = []
  /// Operations that the files name but that could not be read: a link to one is no new mistake.
  package var unreadOperations: Set<String> = []

  package struct Options: Hashable, Sendable {
    package var atomic = true
    package var onError = OnError.stop

    package init() {}
  }

  package enum OnError: String, CaseIterable, Hashable, Sendable { case stop, `continue` }

  /// A declared variable; without a default it must be set from outside.
  package struct Variable: Sendable {
    package var name: Located<String>
    package var type: FieldType
    package var defaultValue: Node?
    package var isSensitive: Bool

    package init(
      name: Located<String>, type: FieldType, defaultValue: Node?, isSensitive: Bool
    ) {
      self.name = name
      self.type = type
      self.defaultValue = defaultValue
      self.isSensitive = isSensitive
    }
  }

  package init(name: String, range: SourceRange, path: String, isFolder: Bool) {
    self.name = name
    self.range = range
    self.path = path
    self.isFolder = isFolder
  }
}

/// Names of plans, operations and variables: `[A-Za-z0-9_][A-Za-z0-9_-]{0,99}`.
@inlinable
package func isName(_ text: some StringProtocol) -> Bool {
  guard let first = text.utf8.first, first != UInt8(ascii: "-"), text.utf8.count <= 100 else {
    return false
  }
  return text.utf8.allSatisfy(isNameByte)
}

@inlinable
package func isNameByte(_ byte: UInt8) -> Bool {
  switch byte {
  case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "_"), UInt8(ascii: "-"): true
  default: false
  }
}
