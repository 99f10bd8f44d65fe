/// The forms that results can have; which of them a command knows, it lists itself.
enum ResultForm: String, Sendable {
  case text, json
  /// Text among workflow commands, for the log of a GitHub Actions job.
  case github
  /// A comment for a pull request.
  case markdown
  /// A page for a browser.
  case html
  /// A report that test dashboards read.
  case junit
}
