internal import ArgumentParser

/// The forms that one command knows, by their names in `ResultForm`.
protocol FormChoice: ExpressibleByArgument, CaseIterable, RawRepresentable<String> {
  static var text: Self { get }
}

extension FormChoice {
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
