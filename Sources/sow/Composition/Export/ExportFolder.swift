internal import SowFiles
internal import SowModel

/// The files of one export: written beside their places, put there together.
final class ExportFolder {
  /// The plan's own folder; files of rows lie in `data` below it.
  private let path: String
  private(set) var kept: [File] = []

  struct File {
    /// As the plan names it.
    let name: String
    let path: String
    fileprivate let pending: PendingFile

    var outlet: Outlet { pending.outlet }
  }

  init(_ path: String) { self.path = path }

  func file(_ name: String) throws -> File { try place("data/" + name) }

  func place(_ name: String) throws -> File {
    let path = joined(self.path, name)
    try StagedFile.makeFolder(of: path)
    do {
      return File(name: name, path: path, pending: try PendingFile(at: path))
    } catch {
      throw PlaceFailure(path: path, problem: error.text)
    }
  }

  /// Takes a file that is written to its end.
  func keep(_ file: File) { kept.append(file) }

  /// Files whose places hold something else already.
  func conflicts() throws -> [String] {
    try kept.filter { fileExists($0.path) }.filter { try !isUnchanged($0) }.map(\.path)
  }

  func isUnchanged(_ file: File) throws -> Bool {
    do {
      return try file.pending.equalsItsPlace()
    } catch {
      throw PlaceFailure(path: file.path, problem: error.text)
    }
  }

  /// Puts every file in its place; one that holds the same already is not touched.
  func finish() throws {
    for file in kept {
      do {
        if try !file.pending.equalsItsPlace() { try file.pending.finish() }
      } catch {
        throw PlaceFailure(path: file.path, problem: error.text)
      }
    }
  }
}

/// A file that could not be written, and why.
struct PlaceFailure: Error {
  let path: String
  let problem: Phrase
}
