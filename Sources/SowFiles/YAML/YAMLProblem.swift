package import SowModel

/// What the parser says when it stops, put in words that name the cause.
struct YAMLProblem {
  /// What was being read: `while parsing a flow mapping`.
  var context: String
  var problem: String

  func diagnostic(at place: SourceRange, since start: SourceRange?) -> Diagnostic {
    let (sentence, hint) = explanation
    let isElsewhere = start.map { $0.start < place.start } ?? false
    return Diagnostic(
      .yamlSyntax, ["problem": sentence], at: place, hint: hint.map { .text($0) },
      related: isElsewhere ? start.map { [$0] } ?? [] : [])
  }

  private var isInFlow: Bool { context.contains("flow") }

  private var explanation: (sentence: String, hint: String?) {
    switch problem {
    case "did not find expected ',' or '}'":
      return ("expected \",\" or \"}\" here", Self.quoteHint)
    case "did not find expected ',' or ']'":
      return ("expected \",\" or \"]\" here", Self.quoteHint)
    case "did not find expected key", "did not find expected '-' indicator":
      return (
        "this line does not fit the lines above it",
        "indent it like its neighbours, or close the quote or bracket before it"
      )
    case "did not find expected node content":
      return ("expected a value here", isInFlow ? Self.quoteHint : nil)
    case "mapping values are not allowed in this context":
      return ("a \": \" may not stand here", "quote a text that holds \": \"")
    case "mapping keys are not allowed in this context":
      return ("a \"? \" may not stand here", "quote a text that starts with \"? \"")
    case "block sequence entries are not allowed in this context":
      return ("a \"- \" may not stand here", "start the list on a line of its own")
    case "could not find expected ':'":
      return ("expected \":\" after the key", isInFlow ? Self.quoteHint : nil)
    case "found unexpected end of stream":
      return ("the file ends inside a quoted text", "close the quote")
    case "found unexpected document indicator":
      return ("\"---\" or \"...\" stands inside a quoted text", "close the quote before it")
    case "did not find expected <document start>":
      return ("the text goes on after the end of the document", nil)
    case "found unexpected ':'":
      return ("a \":\" may not stand here", "quote a text that holds \":\"")
    default: return lessCommon
    }
  }

  private var lessCommon: (sentence: String, hint: String?) {
    switch problem {
    case "found character that cannot start any token":
      return (
        "no value may start with this character",
        "quote a text that starts with \"@\", \"`\" or \"%\"; indent with spaces, not tabs"
      )
    case "found a tab character that violates indentation",
      "found a tab character where an indentation space is expected":
      return ("a tab stands where spaces indent", "indent with spaces")
    case "found an indentation indicator equal to 0":
      return ("a block text cannot be indented by 0", nil)
    case "found unknown escape character":
      return ("unknown escape after \"\\\"", "write \"\\\\\" for a backslash, or use single quotes")
    case "did not find expected hexdecimal number":
      return ("the escape lacks its hexadecimal digits", nil)
    case "found invalid Unicode character escape code":
      return (
        "the escape is no character of its own",
        "write the character itself, or one \\UXXXXXXXX in place of two \\uXXXX"
      )
    case "did not find expected comment or line break":
      return ("only a comment may follow here", nil)
    case "did not find expected alphabetic or numeric character":
      return ("a name must follow \"&\" or \"*\"", "quote a text that starts with \"&\" or \"*\"")
    case "found undefined tag handle", "did not find expected tag URI", "did not find expected '!'",
      "did not find the expected '>'", "did not find expected whitespace or line break",
      "did not find URI escaped octet":
      return ("this tag cannot be read", "quote a text that starts with \"!\"")
    case "found incompatible YAML document":
      return ("only YAML 1.1 and 1.2 are known", nil)
    case "found unknown directive name", "could not find expected directive name",
      "found duplicate %TAG directive", "found duplicate %YAML directive",
      "found extremely long version number", "found unexpected non-alphabetical character",
      "did not find expected whitespace", "did not find expected version number",
      "did not find expected digit or '.' character":
      return ("this \"%\" line cannot be read", "quote a text that starts with \"%\"")
    default: return (problem, nil)
    }
  }

  private static let quoteHint =
    "quote a value that holds one of [ ] { } , such as \"$ref:op[\\\"key\\\"].field\""
}

extension DiagnosticCode {
  package static let yamlSyntax = DiagnosticCode(
    "yaml-syntax", "{problem}",
    vi: "{problem}",
    meaning: "The file is no YAML (or JSON) at this place, so nothing after it can be read.",
    example: "values: { support_rep_id: $ref:jane[\"a\"].employee_id }",
    fix: "Correct the place; inside { } and [ ] quote a value that holds brackets or commas.")
}
