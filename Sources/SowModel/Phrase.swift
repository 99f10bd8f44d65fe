/// Which languages a reader is spoken to in.
package enum Language: String, Hashable, CaseIterable, Sendable {
  case english = "en"
  case vietnamese = "vi"
  /// English first, with Vietnamese beside it.
  case both = "en,vi"

  /// The one that labels are in where there is no room for two.
  package var first: Language { self == .both ? .english : self }
}

/// Words that sow says, in each of its languages.
///
/// Both stand side by side where they are written, so that none can be forgotten. Names from the
/// user's files and words of the plan language stay as they are in both.
///
/// The Vietnamese words are: plan kế hoạch, operation thao tác, instance thể hiện, row bản ghi,
/// column cột, table bảng, field trường, cell ô, line dòng, file tệp, folder thư mục, key khóa,
/// primary key khóa chính, foreign key khóa ngoại, unique index chỉ mục duy nhất, constraint
/// ràng buộc, entity thực thể, reference tham chiếu, link liên kết, mapping ánh xạ, list danh
/// sách, environment môi trường, variable biến, database cơ sở dữ liệu, ledger sổ cái, run lượt
/// chạy, to apply áp dụng, change thay đổi, drift sai lệch, orphan bản ghi mồ côi, owned thuộc
/// sở hữu, to adopt tiếp nhận, to forget thôi theo dõi, to skip bỏ qua, to roll back hoàn tác,
/// sensitive nhạy cảm. Schema, lockfile, commit and null stay.
package struct Phrase: Hashable, Sendable {
  package let english: String
  package let vietnamese: String

  package init(_ english: String, vi vietnamese: String) {
    self.english = english
    self.vietnamese = vietnamese
  }

  /// What is the same in every language, such as a name.
  package init(same text: String) { self.init(text, vi: text) }

  /// Words that come from elsewhere, such as a library, and are in English only: in other languages
  /// they are set off as what `speaker` says.
  package static func quoted(_ words: String, of speaker: any Fact) -> Phrase {
    Phrase(words, vi: "\(speaker.phrase.vietnamese) nói: \"\(words)\"")
  }

  /// The words for a reader; in both languages as `English / tiếng Việt`.
  package func text(in language: Language) -> String {
    switch language {
    case .english: english
    case .vietnamese: vietnamese
    case .both: english == vietnamese ? english : english + " / " + vietnamese
    }
  }
}

extension Sequence<Phrase> {
  package func joined(_ separator: String) -> Phrase {
    Phrase(
      map(\.english).joined(separator: separator),
      vi: map(\.vietnamese).joined(separator: separator))
  }
}

/// What is counted.
package struct Noun: Hashable, Sendable {
  package let one: String
  package let many: String
  package let vietnamese: String

  package init(_ one: String, _ many: String? = nil, vi vietnamese: String) {
    self.one = one
    self.many = many ?? one + "s"
    self.vietnamese = vietnamese
  }

  package static let address = Noun("address", "addresses", vi: "địa chỉ")
  package static let byte = Noun("byte", vi: "byte")
  package static let column = Noun("column", vi: "cột")
  package static let entity = Noun("entity", "entities", vi: "thực thể")
  package static let operation = Noun("operation", vi: "thao tác")
  package static let plan = Noun("plan", vi: "kế hoạch")
  package static let row = Noun("row", vi: "bản ghi")
  package static let run = Noun("run", vi: "lượt chạy")
  package static let schema = Noun("schema", vi: "schema")
  package static let table = Noun("table", vi: "bảng")
}

extension Phrase {
  /// `1 row`, `2 rows`.
  package static func count(_ count: Int, _ noun: Noun) -> Phrase {
    Phrase(
      "\(count) " + (count == 1 ? noun.one : noun.many), vi: "\(count) " + noun.vietnamese)
  }
}
