internal import SowFiles
internal import SowModel

/// What became of the file of one entity that was pulled.
struct PulledFile {
  enum State: String {
    case written, unchanged, replaced
    /// Another text is there, and stays.
    case kept
  }

  let entity: PulledEntity
  let path: String
  let state: State
}

extension PulledFile {
  /// Writes the schemas that are missing, and with `force` those that differ: all, or none where
  /// the first step of any fails.
  ///
  /// `paths` are the files that entities have already, wherever they lie.
  static func write(
    _ entities: [PulledEntity], below folder: String, paths: [String: String], force: Bool
  ) throws(FileFailure) -> [PulledFile] {
    var files: [PulledFile] = []
    var staged: [StagedFile] = []
    do throws(FileFailure) {
      for entity in entities {
        let path = paths[entity.name] ?? joined(folder, entity.name + ".yaml")
        let text = Array(entity.schemaText.utf8)
        let isThere = fileExists(path)
        if isThere, !force, !StagedFile.holds(path, text) {
          files.append(PulledFile(entity: entity, path: path, state: .kept))
          continue
        }
        if !isThere { try StagedFile.makeFolder(of: path) }
        let file = try StagedFile.stage(text, at: path)
        staged.append(file)
        let state: State = !isThere ? .written : file.isChange ? .replaced : .unchanged
        files.append(PulledFile(entity: entity, path: path, state: state))
      }
    } catch {
      for file in staged { file.discard() }
      throw error
    }
    for file in staged { try file.commit() }
    return files
  }

  /// `2 written, 1 kept.`
  static func summary(of files: [PulledFile]) -> Phrase {
    func count(_ state: State) -> Int { files.count { $0.state == state } }
    let parts = enumerated([
      (count(.written), State.written.phrase), (count(.replaced), State.replaced.phrase),
      (count(.unchanged), .unchanged),
      (
        count(.kept),
        Phrase(
          "kept (--force replaces what differs)", vi: "giữ nguyên (--force thay những gì khác)")
      ),
    ])
    return parts.isEmpty
      ? Phrase("No table to write a schema for.", vi: "Không có bảng nào để viết schema.")
      : .sentence(parts.joined(", "))
  }
}

extension PulledFile.State {
  var sign: String {
    switch self {
    case .written: "+"
    case .replaced: "~"
    case .unchanged: "="
    case .kept: "!"
    }
  }

  var phrase: Phrase {
    switch self {
    case .written: Phrase("written", vi: "đã ghi")
    case .unchanged: .unchanged
    case .replaced: Phrase("replaced", vi: "đã thay thế")
    case .kept: Phrase("kept: it says something else", vi: "giữ nguyên: nội dung khác")
    }
  }
}

extension Session {
  /// All schemas of a project.
  func schemas(
    of workspace: Workspace, into diagnostics: inout Diagnostics
  ) -> [EntitySchema] {
    EntitySchema.loadAll(
      project: workspace.project, shownRoot: workspace.shownRoot, files: &files,
      diagnostics: &diagnostics)
  }
}
