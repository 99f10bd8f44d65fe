import Foundation
import SowTestSupport

/// A folder of its own with a project in it, in which the built binary runs.
struct TemporaryProject {
  struct Output {
    let out: String
    let errors: String
    let ending: ChildProcess.Ending

    var code: Int32 { ending.code }
  }

  /// Without a symbolic link in it, as sow would print it.
  let folder: URL
  private let box: URL

  /// An empty project.
  init() throws {
    box = FileManager.default.temporaryDirectory
      .appending(path: "sow-scenario-\(UUID().uuidString)")
    let inside = box.appending(path: "project")
    try FileManager.default.createDirectory(at: inside, withIntermediateDirectories: true)
    folder = inside.resolvingSymlinksInPath()
  }

  /// A copy of what is in `source`, some names at its top left out.
  init(copying source: URL, without left: Set<String> = []) throws {
    try self.init()
    for name in try FileManager.default.contentsOfDirectory(atPath: source.path)
    where !left.contains(name) {
      try FileManager.default.copyItem(
        at: source.appending(path: name), to: folder.appending(path: name))
    }
  }

  func remove() { try? FileManager.default.removeItem(at: box) }

  /// Runs a line of shell in the project, with `sow` and `sqlite3` in reach and hardly anything of
  /// our environment.
  func run(_ command: String) throws -> Output {
    let child = try start(command)
    return output(of: child, ending: child.wait())
  }

  func start(_ command: String) throws -> ChildProcess {
    try ChildProcess(
      ["/bin/sh", "-c", command], in: folder.path,
      environment: [
        "PATH": "\(try SowBinary.folder()):/usr/local/bin:/opt/homebrew/bin:/usr/bin:/bin",
        "HOME": box.path, "LC_ALL": "C.UTF-8", "TZ": "UTC", "PACKAGE": PackageFolder.path(),
      ],
      output: box.appending(path: "stdout").path, errors: box.appending(path: "stderr").path)
  }

  /// What the last child wrote.
  func output(of child: ChildProcess, ending: ChildProcess.Ending) -> Output {
    Output(out: text("stdout"), errors: text("stderr"), ending: ending)
  }

  func write(_ text: String, to path: String) throws {
    let url = folder.appending(path: path)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
  }

  private func text(_ name: String) -> String {
    let data = FileManager.default.contents(atPath: box.appending(path: name).path)
    return String(decoding: data ?? Data(), as: UTF8.self)
  }
}
