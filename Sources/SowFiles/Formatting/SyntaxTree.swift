/// A part of a YAML file as it was written: with comments and blank lines, and where its text is.
struct SyntaxNode {
  var anchor: String?
  var content: Content

  enum Content {
    case scalar(SyntaxScalar)
    case alias(String)
    case collection(SyntaxCollection)
  }
}

/// One scalar: what it says, and how the file spells it.
struct SyntaxScalar {
  var text: String
  var form: Form
  /// The bytes of the source from the first of the text, quote or indicator to the last.
  var source: Range<Int>

  enum Form {
    case plain, singleQuoted, doubleQuoted, literal, folded

    var isBlock: Bool { self == .literal || self == .folded }
  }
}

struct SyntaxCollection {
  var isMapping: Bool
  /// Written with brackets.
  var isFlow: Bool
  /// Whether the first member of a collection with brackets stands on a line of its own.
  var startsNewLine = false
  var entries: [SyntaxEntry] = []
  /// Whether its members were given piece by piece, so that it holds none.
  var wasGiven = false
  /// Comments after the last member.
  var ending: [SyntaxComment] = []
}

/// A member of a mapping, or an item of a sequence, which has no key.
struct SyntaxEntry {
  /// Whether a blank line stands before it, after its comments.
  var blankBefore = false
  /// Comments on the lines before it.
  var leading: [SyntaxComment] = []
  var key: SyntaxNode?
  var value = SyntaxNode(
    anchor: nil, content: .scalar(SyntaxScalar(text: "", form: .plain, source: 0..<0)))
  /// The comment beside its key, before the value.
  var head: SyntaxComment?
  /// The comment beside the end of its value.
  var trailing: SyntaxComment?
}

struct SyntaxComment {
  /// From the `#` on, without the blanks at its end.
  var source: Range<Int>
  /// Of the `#`, from 1.
  var column: Int
  /// The spaces before the `#`; 1 where a tab stands there.
  var gap: Int
  var blankBefore: Bool
}

extension SyntaxNode {
  var scalar: SyntaxScalar? {
    if case .scalar(let scalar) = content { return scalar }
    return nil
  }

  var collection: SyntaxCollection? {
    if case .collection(let collection) = content { return collection }
    return nil
  }
}

extension SyntaxEntry {
  /// The text of a key that is a scalar.
  var name: String? { key?.scalar?.text }
}
