package import SowModel

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Opens files for reading: regular files only, within the limit of their size.
enum InputFile {
  /// Opens `path`, reported as `file`; the diagnostic says what is wrong at `place`, where the
  /// user named the file, or at its start.
  static func open(
    _ path: String, as file: FileID, limit: Int, digests: Bool = false,
    namedAt place: SourceRange? = nil
  ) throws(ReadFailure) -> ByteSource {
    let range = place ?? .start(of: file)
    // A FIFO without a writer would block the opening.
    let descriptor = systemOpen(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      if errno == ENOENT { throw missing(path, at: place) }
      throw ReadFailure(
        Diagnostic(.fileUnreadable, ["reason": systemErrorText()], at: range))
    }
    // Closes the file on every way out.
    let source = ByteSource(descriptor: descriptor, file: file, limit: limit, digests: digests)
    switch FileKind(descriptor: descriptor) {
    case .regular(let bytes):
      guard bytes <= limit else { throw ReadFailure(.tooLarge(limit: limit, file: file)) }
    case .folder: throw notAFile(Phrase("a folder", vi: "một thư mục"), at: range)
    case .other(let kind): throw notAFile(kind, at: range)
    case nil:
      throw ReadFailure(Diagnostic(.fileUnreadable, ["reason": systemErrorText()], at: range))
    }
    return source
  }

  /// All of standard input, so that a mistake in it can be located.
  static func standardInput(as file: FileID, limit: Int) throws(ReadFailure) -> ByteSource {
    let descriptor = dup(STDIN_FILENO)
    guard descriptor >= 0 else {
      throw ReadFailure(
        Diagnostic(.fileUnreadable, ["reason": systemErrorText()], at: .start(of: file)))
    }
    let source = ByteSource(descriptor: descriptor, file: file, limit: limit)
    return ByteSource(bytes: try allBytes(source), file: file, limit: limit)
  }

  static func allBytes(_ source: ByteSource) throws(ReadFailure) -> [UInt8] {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      var outcome: Result<Int, ReadFailure> = .success(0)
      buffer.withUnsafeMutableBytes { target in
        do throws(ReadFailure) {
          outcome = .success(try source.read(into: target))
        } catch {
          outcome = .failure(error)
        }
      }
      let count = try outcome.get()
      guard count > 0 else { return bytes }
      bytes += buffer[..<count]
    }
  }

  /// The file that a plan names at `place`: below `folder`, resolved, inside `root`.
  static func resolve(
    _ name: String, below folder: String, root: String, at place: SourceRange
  ) throws(ReadFailure) -> String {
    guard !name.hasPrefix("/") else {
      throw outside(name, Phrase("is an absolute path", vi: "là một đường dẫn tuyệt đối"), place)
    }
    guard let root = resolvedPath(root) else { throw missing(root, at: place) }
    guard let path = resolvedPath(FilePath.join(folder, name)) else {
      if let lexical = lexicallyOutside(name, below: folder, root: root) {
        throw outside(name, lexical, place)
      }
      throw missing(FilePath.join(folder, name), shown: name, at: place)
    }
    guard FilePath.isInside(path, root) else {
      throw outside(name, .leadsOut, place)
    }
    switch FileKind(atPath: path) {
    case .folder: throw notAFile(Phrase("a folder", vi: "một thư mục"), at: place)
    case .other(let kind): throw notAFile(kind, at: place)
    default: return path
    }
  }

  /// Why a path that does not exist would be outside, so that nothing outside is looked at.
  private static func lexicallyOutside(
    _ name: String, below folder: String, root: String
  ) -> Phrase? {
    guard var base = resolvedPath(folder) else { return nil }
    for step in name.split(separator: "/") where step != "." {
      base = step == ".." ? FilePath.folder(of: base) : FilePath.join(base, String(step))
      if !FilePath.isInside(base, root) { return .leadsOut }
    }
    return nil
  }

  private static func outside(_ name: String, _ why: Phrase, _ place: SourceRange) -> ReadFailure {
    ReadFailure(Diagnostic(.fileOutsideProject, ["path": name, "why": why], at: place))
  }

  private static func notAFile(_ kind: Phrase, at range: SourceRange) -> ReadFailure {
    ReadFailure(Diagnostic(.notAFile, ["kind": kind], at: range))
  }

  static func missing(
    _ path: String, shown: String? = nil, at range: SourceRange?
  ) -> ReadFailure {
    let names = folderNames(FilePath.folder(of: path)) ?? []
    let hint = nearest(to: FilePath.name(of: path), among: names)
    return ReadFailure(
      Diagnostic(
        .fileMissing, ["path": shown ?? path], at: range,
        hint: hint.map { near in
          .didYouMean(shown.map { FilePath.join(FilePath.folder(of: $0), near) } ?? near)
        }))
  }
}

extension Phrase {
  static let leadsOut = Phrase("leads out of the project", vi: "dẫn ra ngoài dự án")
}

private func systemOpen(_ path: String, _ flags: Int32) -> Int32 { open(path, flags) }

extension DiagnosticCode {
  package static let fileMissing = DiagnosticCode(
    "file-missing", "there is no file \"{path}\"",
    vi: "không có tệp \"{path}\"",
    meaning: "A file that is named does not exist; paths in a plan are relative to its file.",
    example: "rows: { file: data/statusses.csv }",
    fix: "Correct the path, or create the file.")
  package static let notAFile = DiagnosticCode(
    "not-a-file", "expected a file, this is {kind}",
    vi: "cần một tệp, đây lại là {kind}",
    meaning: "Only regular files are read: a device or FIFO may never end.",
    example: "rows: { file: data }",
    fix: "Name the file itself.")
  package static let fileOutsideProject = DiagnosticCode(
    "file-outside-project", "\"{path}\" {why}",
    vi: "\"{path}\" {why}",
    meaning: "A plan reads only files inside its project, links followed.",
    example: "rows: { file: ../../etc/passwd }",
    fix: "Copy the file into the project and name it relative to the plan file.")
}
