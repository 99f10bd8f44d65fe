internal import ArgumentParser

/// The forms that one command knows, by their names in `ResultForm`.
protocol FormChoice: ExpressibleByArgument, CaseIterable, RawRepresentable<String> {
  static var text: Self { get }
  /// Where none is asked for.
  static var usual: Self { get }
  /// All of them, for people.
  static var listed: String { get }
  var form: ResultForm { get }
}

extension FormChoice {
  static var usual: Self { .text }

  /// `text, json or github`.
  static var listed: String {
    let names = allCases.map(\.rawValue)
    return names.dropLast().joined(separator: ", ") + " or " + (names.last ?? "")
  }

  var form: ResultForm {
    guard let form = ResultForm(rawValue: rawValue) else {
      preconditionFailure("every form of a command is one of all forms")
    }
    return form
  }
}

enum StandardForm: String, FormChoice { case text, json }
enum ValidateForm: String, FormChoice { case text, json, github, junit }
enum PlanForm: String, FormChoice { case text, json, github, markdown, html }
enum ApplyForm: String, FormChoice { case text, json, github, markdown, junit, html }
enum DriftForm: String, FormChoice { case text, json, markdown, html }
enum ShowForm: String, FormChoice { case text, json, markdown, html }

/// The forms of the answer to a batch request.
enum ResponseForm: String, FormChoice {
  case json, text

  static var usual: Self { .json }
  static var listed: String { "json (the batch response) or text" }
}

enum InitForm: String, FormChoice {
  case text, json, sql

  static var listed: String { "text, json, or sql with --ledger" }
  var form: ResultForm { self == .json ? .json : .text }
}

enum GraphForm: String, FormChoice {
  case text, json, dot, mermaid

  var form: ResultForm { self == .json ? .json : .text }
}
