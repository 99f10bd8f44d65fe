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

  private var explanation: (sentence: Phrase, hint: Phrase?) {
    switch problem {
    case "did not find expected ',' or '}'":
      return (
        Phrase("expected \",\" or \"}\" here", vi: "ở đây cần có \",\" hoặc \"}\""), Self.quoteHint
      )
    case "did not find expected ',' or ']'":
      return (
        Phrase("expected \",\" or \"]\" here", vi: "ở đây cần có \",\" hoặc \"]\""), Self.quoteHint
      )
    case "did not find expected key", "did not find expected '-' indicator":
      return (
        Phrase(
          "this line does not fit the lines above it",
          vi: "dòng này không khớp với các dòng phía trên"),
        Phrase(
          "indent it like its neighbours, or close the quote or bracket before it",
          vi: "hãy thụt lề nó như các dòng bên cạnh, hoặc đóng dấu nháy hay dấu ngoặc trước nó")
      )
    case "did not find expected node content":
      return (
        Phrase("expected a value here", vi: "ở đây cần có một giá trị"),
        isInFlow ? Self.quoteHint : nil
      )
    case "mapping values are not allowed in this context":
      return (
        Phrase("a \": \" may not stand here", vi: "\": \" không được đứng ở đây"),
        Phrase(
          "quote a text that holds \": \"", vi: "hãy đặt trong dấu nháy văn bản có chứa \": \"")
      )
    case "mapping keys are not allowed in this context":
      return (
        Phrase("a \"? \" may not stand here", vi: "\"? \" không được đứng ở đây"),
        Phrase(
          "quote a text that starts with \"? \"",
          vi: "hãy đặt trong dấu nháy văn bản bắt đầu bằng \"? \"")
      )
    case "block sequence entries are not allowed in this context":
      return (
        Phrase("a \"- \" may not stand here", vi: "\"- \" không được đứng ở đây"),
        Phrase("start the list on a line of its own", vi: "hãy bắt đầu danh sách ở một dòng riêng")
      )
    case "could not find expected ':'":
      return (
        Phrase("expected \":\" after the key", vi: "sau khóa cần có \":\""),
        isInFlow ? Self.quoteHint : nil
      )
    case "found unexpected end of stream":
      return (
        Phrase(
          "the file ends inside a quoted text",
          vi: "tệp kết thúc ngay trong một văn bản có dấu nháy"),
        Phrase("close the quote", vi: "hãy đóng dấu nháy")
      )
    case "found unexpected document indicator":
      return (
        Phrase(
          "\"---\" or \"...\" stands inside a quoted text",
          vi: "\"---\" hoặc \"...\" nằm trong một văn bản có dấu nháy"),
        Phrase("close the quote before it", vi: "hãy đóng dấu nháy trước nó")
      )
    case "did not find expected <document start>":
      return (
        Phrase(
          "the text goes on after the end of the document",
          vi: "văn bản còn tiếp tục sau khi tài liệu đã hết"), nil
      )
    case "found unexpected ':'":
      return (
        Phrase("a \":\" may not stand here", vi: "\":\" không được đứng ở đây"),
        Phrase("quote a text that holds \":\"", vi: "hãy đặt trong dấu nháy văn bản có chứa \":\"")
      )
    default: return lessCommon
    }
  }

  private var lessCommon: (sentence: Phrase, hint: Phrase?) {
    switch problem {
    case "found character that cannot start any token":
      return (
        Phrase(
          "no value may start with this character",
          vi: "không giá trị nào được bắt đầu bằng ký tự này"),
        Phrase(
          "quote a text that starts with \"@\", \"`\" or \"%\"; indent with spaces, not tabs",
          vi:
            "hãy đặt trong dấu nháy văn bản bắt đầu bằng \"@\", \"`\" hoặc \"%\"; thụt lề bằng dấu cách, không bằng tab"
        )
      )
    case "found a tab character that violates indentation",
      "found a tab character where an indentation space is expected":
      return (
        Phrase("a tab stands where spaces indent", vi: "có tab ở chỗ phải thụt lề bằng dấu cách"),
        Phrase("indent with spaces", vi: "hãy thụt lề bằng dấu cách")
      )
    case "found an indentation indicator equal to 0":
      return (
        Phrase(
          "a block text cannot be indented by 0", vi: "không thể thụt lề một khối văn bản bằng 0"),
        nil
      )
    case "found unknown escape character":
      return (
        Phrase("unknown escape after \"\\\"", vi: "chuỗi thoát lạ sau \"\\\""),
        Phrase(
          "write \"\\\\\" for a backslash, or use single quotes",
          vi: "hãy viết \"\\\\\" cho dấu gạch chéo ngược, hoặc dùng dấu nháy đơn")
      )
    case "did not find expected hexdecimal number":
      return (
        Phrase(
          "the escape lacks its hexadecimal digits",
          vi: "chuỗi thoát thiếu các chữ số thập lục phân"), nil
      )
    case "found invalid Unicode character escape code":
      return (
        Phrase(
          "the escape is no character of its own", vi: "chuỗi thoát tự nó không phải là một ký tự"),
        Phrase(
          "write the character itself, or one \\UXXXXXXXX in place of two \\uXXXX",
          vi: "hãy viết chính ký tự đó, hoặc một \\UXXXXXXXX thay cho hai \\uXXXX")
      )
    case "did not find expected comment or line break":
      return (
        Phrase("only a comment may follow here", vi: "sau chỗ này chỉ được có chú thích"), nil
      )
    case "did not find expected alphabetic or numeric character":
      return (
        Phrase("a name must follow \"&\" or \"*\"", vi: "sau \"&\" hoặc \"*\" phải có một tên"),
        Phrase(
          "quote a text that starts with \"&\" or \"*\"",
          vi: "hãy đặt trong dấu nháy văn bản bắt đầu bằng \"&\" hoặc \"*\"")
      )
    case "found undefined tag handle", "did not find expected tag URI", "did not find expected '!'",
      "did not find the expected '>'", "did not find expected whitespace or line break",
      "did not find URI escaped octet":
      return (
        Phrase("this tag cannot be read", vi: "không đọc được thẻ này"),
        Phrase(
          "quote a text that starts with \"!\"",
          vi: "hãy đặt trong dấu nháy văn bản bắt đầu bằng \"!\"")
      )
    case "found incompatible YAML document":
      return (Phrase("only YAML 1.1 and 1.2 are known", vi: "chỉ biết YAML 1.1 và 1.2"), nil)
    case "found unknown directive name", "could not find expected directive name",
      "found duplicate %TAG directive", "found duplicate %YAML directive",
      "found extremely long version number", "found unexpected non-alphabetical character",
      "did not find expected whitespace", "did not find expected version number",
      "did not find expected digit or '.' character":
      return (
        Phrase("this \"%\" line cannot be read", vi: "không đọc được dòng \"%\" này"),
        Phrase(
          "quote a text that starts with \"%\"",
          vi: "hãy đặt trong dấu nháy văn bản bắt đầu bằng \"%\"")
      )
    default: return (.quoted(problem, of: "libyaml"), nil)
    }
  }

  private static let quoteHint =
    Phrase(
      "quote a value that holds one of [ ] { } , such as \"$ref:op[\\\"key\\\"].field\"",
      vi:
        "hãy đặt trong dấu nháy giá trị có chứa một trong [ ] { } , như \"$ref:op[\\\"key\\\"].field\""
    )
}

extension DiagnosticCode {
  package static let yamlSyntax = DiagnosticCode(
    "yaml-syntax", "{problem}",
    vi: "{problem}",
    meaning: "The file is no YAML (or JSON) at this place, so nothing after it can be read.",
    example: "values: { support_rep_id: $ref:jane[\"a\"].employee_id }",
    fix: "Correct the place; inside { } and [ ] quote a value that holds brackets or commas.")
}
