package import SowModel

extension EntitySchema {
  /// Reads every schema below `folder` of the project, `schemas` where a plan names none.
  ///
  /// Sorted by path; `schemas/queries` is left out. Paths are shown below `shownRoot`, which leads
  /// to the project's root.
  package static func loadAll(
    project: Project, shownRoot: String, folder: Located<String>? = nil,
    files: inout SourceFiles, diagnostics: inout Diagnostics
  ) -> [EntitySchema] {
    var paths: [String] = []
    do throws(ReadFailure) {
      paths = try schemaPaths(project, shownRoot: shownRoot, folder: folder)
    } catch {
      diagnostics.report(error.diagnostic)
    }
    var schemas: [EntitySchema] = []
    var places: [String: SourceRange] = [:]
    for path in paths {
      let file = files.add(path)
      do throws(ReadFailure) {
        let schema = try load(
          path, as: file, limit: project.limits.fileBytes, diagnostics: &diagnostics)
        if let first = places[schema.name] {
          diagnostics.report(
            .duplicateEntity, ["entity": schema.name], at: schema.range, related: [first])
        } else {
          places[schema.name] = schema.range
          schemas.append(schema)
        }
      } catch {
        diagnostics.report(error.diagnostic)
      }
    }
    return schemas
  }

  private static func load(
    _ path: String, as file: FileID, limit: Int, diagnostics: inout Diagnostics
  ) throws(ReadFailure) -> EntitySchema {
    let source = try InputFile.open(path, as: file, limit: limit)
    let isJSON = FilePath.fileExtension(of: path) == "json"
    var reader = NodeReader(source, format: isJSON ? .json : [])
    defer { diagnostics.merge(reader.diagnostics) }
    guard try reader.start() else {
      throw ReadFailure(
        Diagnostic(
          .emptyFile, ["expected": Phrase("a JSON Schema", vi: "một JSON Schema")],
          at: .start(of: file)))
    }
    let document = try reader.compose()
    try reader.finish()
    var schema = EntitySchema(
      name: FilePath.baseName(of: path), range: .start(of: file), document: document)
    if let extra = document["x-sow"] { schema.readExtra(extra, &diagnostics) }
    return schema
  }

  /// The schema files as shown, in byte order; nothing where the default folder does not exist.
  private static func schemaPaths(
    _ project: Project, shownRoot: String, folder: Located<String>?
  ) throws(ReadFailure) -> [String] {
    let name = FilePath.withoutTrailingSlash(folder?.value ?? "schemas")
    let path = FilePath.join(shownRoot, name)
    guard let root = resolvedPath(project.root) else { return [] }
    let escapes = Diagnostic(
      .fileOutsideProject,
      ["path": name, "why": Phrase.leadsOut],
      at: folder?.range)
    guard !name.hasPrefix("/"), !name.split(separator: "/").contains("..") else {
      throw ReadFailure(escapes)
    }
    guard case .folder = FileKind(atPath: path) else {
      guard let folder else { return [] }
      throw InputFile.missing(path, shown: name, at: folder.range)
    }
    var found: [String] = []
    var waiting = [path]
    var seen: Set<String> = []
    while let next = waiting.popLast() {
      guard let resolved = resolvedPath(next) else { continue }
      guard FilePath.isInside(resolved, root) else { throw ReadFailure(escapes) }
      guard seen.insert(resolved).inserted, resolved != root + "/schemas/queries" else { continue }
      for name in folderNames(next) ?? [] where !name.hasPrefix(".") {
        let child = FilePath.join(next, name)
        switch FileKind(atPath: child) {
        case .folder: waiting.append(child)
        case .regular:
          let suffix = FilePath.fileExtension(of: name)
          guard FilePath.isYAML(name) || suffix == "json" else { continue }
          guard let target = resolvedPath(child), FilePath.isInside(target, root) else {
            throw ReadFailure(escapes)
          }
          found.append(child)
        default: continue
        }
      }
    }
    return found.sorted(by: precedesInBytes)
  }
}

extension DiagnosticCode {
  package static let duplicateEntity = DiagnosticCode(
    "duplicate-entity", "another schema file is named \"{entity}\" too",
    vi: "một tệp schema khác cũng tên là \"{entity}\"",
    meaning: "A schema file's base name is its entity, in whatever folder it lies.",
    example: "schemas/a/person.yaml and schemas/b/person.yaml",
    fix: "Rename one of the two, and say its table with x-sow: { table: … }.")
}
