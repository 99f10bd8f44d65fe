package import FoundationEssentials

/// A folder of its own with a project in it, in which the built binary runs.
package struct TemporaryProject: Sendable {
  package struct Output: Sendable {
    package let out: String
    package let errors: String
    package let ending: ChildProcess.Ending

    package var code: Int32 { ending.code }
  }

  /// Without a symbolic link in it, as sow would print it.
  package let folder: URL
  private let box: URL

  /// An empty project.
  package init() throws {
    box = FileManager.default.temporaryDirectory
      .appending(path: "sow-scenario-\(UUID().uuidString)")
    let inside = box.appending(path: "project")
    try FileManager.default.createDirectory(at: inside, withIntermediateDirectories: true)
    folder = inside.resolvingSymlinksInPath()
  }

  /// A copy of what is in `source`, some names at its top left out.
  package init(copying source: URL, without left: Set<String> = []) throws {
    try self.init()
    for name in try FileManager.default.contentsOfDirectory(atPath: source.path)
    where !left.contains(name) {
      try FileManager.default.copyItem(
        atPath: source.appending(path: name).path, toPath: folder.appending(path: name).path)
    }
  }

  package func remove() { try? FileManager.default.removeItem(atPath: box.path) }

  /// Runs a line of shell in the project, with `sow` and `sqlite3` in reach and hardly anything of
  /// our environment.
  package func run(_ command: String) throws -> Output {
    let child = try start(command)
    return output(of: child, ending: child.wait())
  }

  /// Starts a line of shell; children that run at once each have a `name` for what they write, and
  /// one on a `terminal` writes there alone.
  package func start(
    _ command: String, as name: String = "", on terminal: PseudoTerminal? = nil
  ) throws -> ChildProcess {
    try ChildProcess(
      ["/bin/sh", "-c", command], in: folder.path,
      environment: [
        "PATH": "\(try SowBinary.folder()):/usr/local/bin:/opt/homebrew/bin:/usr/bin:/bin",
        "HOME": box.path, "LC_ALL": "C.UTF-8", "TZ": "UTC", "PACKAGE": PackageFolder.path(),
      ],
      input: terminal?.name ?? "/dev/null", output: terminal?.name ?? place("stdout", name),
      errors: terminal?.name ?? place("stderr", name))
  }

  /// What a child wrote that was started `as` this name.
  package func output(
    of child: ChildProcess, as name: String = "", ending: ChildProcess.Ending
  ) -> Output {
    Output(out: text("stdout", name), errors: text("stderr", name), ending: ending)
  }

  package func write(_ text: String, to path: String) throws {
    let url = folder.appending(path: path)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
  }

  /// The bytes of a file of the project; nil where there is none.
  package func read(_ path: String) -> [UInt8]? {
    FileManager.default.contents(atPath: folder.appending(path: path).path).map(Array.init)
  }

  private func place(_ stream: String, _ name: String) -> String {
    box.appending(path: name.isEmpty ? stream : "\(stream)-\(name)").path
  }

  private func text(_ stream: String, _ name: String) -> String {
    let data = FileManager.default.contents(atPath: place(stream, name))
    return String(decoding: data ?? Data(), as: UTF8.self)
  }
}
