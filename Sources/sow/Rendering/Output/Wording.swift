internal import SowDatabase
internal import SowFiles
internal import SowModel
internal import SowPlanning

/// `3 created`, in Vietnamese `tạo 3`, and so on for the counts that are not zero.
func enumerated(_ counts: [(count: Int, phrase: Phrase)]) -> [Phrase] {
  counts.filter { $0.count > 0 }.map { .number($0.count, $0.phrase) }
}

extension Phrase {
  /// `3 unchanged`, in Vietnamese `không đổi 3`.
  static func number(_ count: Int, _ phrase: Phrase) -> Phrase {
    Phrase("\(count) \(phrase.english)", vi: "\(phrase.vietnamese) \(count)")
  }

  /// With the full stop of a sentence.
  static func sentence(_ phrase: Phrase) -> Phrase {
    Phrase(phrase.english + ".", vi: phrase.vietnamese + ".")
  }

  /// ` of luis`.
  static func of(_ name: String) -> Phrase { Phrase(" of \(name)", vi: " của \(name)") }

  static func leftOut(_ table: String, _ reason: Phrase) -> Phrase {
    Phrase(
      "\(table) is left out: \(reason.english)", vi: "\(table) bị bỏ ra: \(reason.vietnamese)")
  }

  /// What an error says; that of a library in its own words.
  init(of error: any Error) {
    switch error {
    case let failure as FileFailure: self = failure.sentence
    case let failure as DatabaseError: self = failure.message
    default: self.init(same: "\(error)")
    }
  }

  /// What stands for a hidden value: the user's label, or one of the two that sow gives.
  init(label: String) {
    self =
      switch label {
      case "sensitive": Phrase("sensitive", vi: "nhạy cảm")
      case "environment": Phrase("environment", vi: "môi trường")
      default: Phrase(same: terminalSafe(label))
      }
  }

  static let unchanged = Phrase("unchanged", vi: "không đổi")

  /// The line that stands for what is left out of a list; `what` begins with a space.
  static func more(_ count: Int, _ what: Phrase? = nil, isOffered: Bool = true) -> Phrase {
    let what = what ?? Phrase(same: "")
    let offer =
      isOffered ? Phrase(" (--all shows them)", vi: " (--all hiện tất cả)") : Phrase(same: "")
    return Phrase(
      "… and \(count) more\(what.english)\(offer.english)",
      vi: "… và \(count) mục nữa\(what.vietnamese)\(offer.vietnamese)")
  }
}

extension Diagnostic.Severity {
  /// The label before a code, for people.
  var word: Phrase {
    switch self {
    case .error: Phrase("error", vi: "lỗi")
    case .warning: Phrase("warning", vi: "cảnh báo")
    }
  }
}

extension ProjectStart.Outcome {
  var phrase: Phrase {
    switch self {
    case .created: Phrase("created", vi: "đã tạo")
    case .extended: Phrase("extended", vi: "đã bổ sung")
    case .kept: Phrase("kept as it is", vi: "giữ nguyên")
    }
  }
}

extension SchemaPull.Reason {
  var phrase: Phrase {
    switch self {
    case .noPrimaryKey: Phrase("it has no primary key", vi: "nó không có khóa chính")
    case .view: Phrase("it is a view", vi: "nó là một view")
    case .virtual: Phrase("it is a virtual table", vi: "nó là một bảng ảo")
    case .unusableName:
      Phrase("no entity can be named like it", vi: "không thực thể nào có thể mang tên như vậy")
    case .nameTaken:
      Phrase(
        "another table's entity has the name that it would have",
        vi: "thực thể của một bảng khác đã mang tên mà nó sẽ có")
    }
  }
}
