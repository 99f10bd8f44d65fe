internal import ArgumentParser
internal import SowFiles
internal import SowModel

struct FmtCommand: SowCommand {
  static let configuration = CommandConfiguration(
    commandName: "fmt",
    abstract: "Write plan and schema files in their canonical form; comments survive.",
    discussion: """
      Without a file: sow.yaml and the YAML below plans/ and schemas/. A folder stands for the \
      YAML files below it, folders named data aside; a .json file is formatted only when named, \
      and stays JSON. "-" reads standard input and prints the result. The files that changed are \
      listed.

      Keys of a plan and of an operation come in one order, indentation is two spaces, quotes \
      stand where they are needed, and { } and [ ] stay on a line of up to 100 characters. A batch \
      request becomes a mapping of operations with today's names. A file with anchors keeps its \
      order and its names.

      Example:
        sow fmt
        sow fmt --check
        sow fmt - < plans/shop.yaml
      """)

  @Argument(
    help: ArgumentHelp("Files or folders; without one, all of the project.", valueName: "file"),
    completion: .yamlFiles)
  var paths: [String] = []

  @Flag(help: "Write nothing; list the files that differ and exit with 2 if there are any.")
  var check = false

  @OptionGroup(title: "Options of every command") var detail: DetailOptions
  @OptionGroup(title: "Options of every command") var common: CommonOptions

  func validate() throws {
    guard paths.contains("-") else { return }
    guard paths.count == 1 else {
      throw ValidationError("\"-\" is standard input and stands alone.")
    }
    guard common.format == .text else {
      throw ValidationError("\"-\" prints the file itself: leave --format out.")
    }
  }

  func execute(in context: ProcessContext) -> Ending {
    let session = Session(
      context, common.terminal(in: context), noise: common.noise, showsAll: detail.all,
      showsSensitive: false)
    return session.terminal.close(run(session), afterChanges: !check)
  }

  private func run(_ session: Session) -> Ending {
    var general = Diagnostics()
    session.enter(common.project, into: &general)
    guard !general.hasErrors else { return session.refuse(general) }
    if paths == ["-"] { return formatInput(session) }
    let found = session.formattable(paths, into: &general)
    var results: [FormatResult] = []
    for (path, workspace) in found {
      let result = session.format(path, in: workspace, writes: !check)
      session.tell(result.diagnostics)
      if session.isText, result.isChange { session.terminal.result.line(terminalSafe(path)) }
      session.terminal.result.flush()
      results.append(result)
    }
    session.tell(general)
    let changes = results.count(where: \.isChange)
    let wrong = results.count(where: \.diagnostics.hasErrors)
    let counts = enumerated([
      (
        changes,
        check
          ? Phrase("to format", vi: "cần định dạng") : Phrase("formatted", vi: "đã định dạng")
      ),
      (results.count - changes - wrong, .unchanged),
      (wrong, Phrase("not valid", vi: "không hợp lệ")),
    ])
    if !counts.isEmpty {
      session.note([Phrase("files", vi: "tệp"), counts.joined(", ")].joined(": "))
    }
    if !session.isText { writeJSON(results, general, session) }
    let ending = results.reduce(general.ending) { max($0, $1.diagnostics.ending) }
    return check && changes > 0 ? max(ending, .differs) : ending
  }

  private func formatInput(_ session: Session) -> Ending {
    var diagnostics = Diagnostics()
    guard let workspace = session.workspace(around: ".", into: &diagnostics) else {
      return session.refuse(diagnostics)
    }
    let limit = workspace.project.limits.fileBytes
    guard let bytes = standardInput(atMost: limit + 1) else {
      diagnostics.report(
        .fileFailed,
        [
          "path": "-",
          "problem": Phrase("standard input cannot be read", vi: "không đọc được đầu vào chuẩn"),
        ], at: nil)
      return session.refuse(diagnostics)
    }
    session.inputs["-"] = bytes
    let formatted = FormattedFile.format(
      bytes, limit: limit, files: &session.files, diagnostics: &diagnostics)
    session.tell(diagnostics)
    guard let formatted else { return diagnostics.ending }
    if check { return formatted.isChange ? .differs : .done }
    session.terminal.result.write(String(decoding: formatted.bytes, as: UTF8.self))
    return .done
  }

  private func writeJSON(_ results: [FormatResult], _ general: Diagnostics, _ session: Session) {
    var all = general
    for result in results { all.merge(result.diagnostics) }
    let json = JSONWriter(to: session.terminal.result)
    json.document {
      json.member("kind", check ? "format_check" : "format")
      json.member("format_version", 1)
      json.lines("files") {
        for result in results {
          json.object {
            json.member("path", result.path)
            json.member("changed", result.isChange)
          }
        }
      }
      json.diagnostics(all, of: session.files)
    }
  }
}

/// What became of one file.
private struct FormatResult {
  var path: String
  var isChange = false
  var diagnostics = Diagnostics()
}

extension Session {
  /// The files that `paths` stand for, each once, with the project around it.
  fileprivate func formattable(
    _ paths: [String], into diagnostics: inout Diagnostics
  ) -> [(path: String, workspace: Workspace)] {
    guard !paths.isEmpty else {
      guard let workspace = workspace(around: ".", into: &diagnostics) else { return [] }
      let found = FormattedFile.paths(of: workspace.project, shownRoot: workspace.shownRoot)
      if found.isEmpty {
        diagnostics.report(
          .noPlans, ["folder": joined(workspace.shownRoot, "plans")], at: nil,
          hint: .text(
            "name a file, or the project with -C", vi: "hãy nêu một tệp, hoặc nêu dự án bằng -C"))
      }
      return found.map { ($0, workspace) }
    }
    var found: [(path: String, workspace: Workspace)] = []
    var seen: Set<String> = []
    for path in paths {
      guard let workspace = workspace(around: folder(of: path), into: &diagnostics) else {
        continue
      }
      let files = FormattedFile.paths(at: path, of: workspace.project, diagnostics: &diagnostics)
      for file in files where seen.insert(absolute(file, in: currentFolder())).inserted {
        found.append((file, workspace))
      }
    }
    return found
  }

  fileprivate func format(_ path: String, in workspace: Workspace, writes: Bool) -> FormatResult {
    var result = FormatResult(path: path)
    let formatted = FormattedFile.format(
      path: path, project: workspace.project, files: &files, diagnostics: &result.diagnostics)
    guard let formatted else {
      // Lines of the file are shown: a plan that can be read says which hold secrets.
      _ = load(path, in: workspace)
      return result
    }
    guard formatted.isChange else { return result }
    do {
      if writes { try StagedFile.stage(formatted.bytes, at: path).commit() }
      result.isChange = true
    } catch {
      result.diagnostics.report(.fileFailed, ["path": path, "problem": Phrase(of: error)], at: nil)
    }
    return result
  }
}
