package import SowModel

/// Finds the files of rows that one plan file names.
struct RowFiles {
  /// The folder of the plan file, as the system finds it.
  var folder: String
  /// The same folder, as the user would write it.
  var shownFolder: String
  /// The project that every file must lie in.
  var root: String
  var limit: Int

  /// The source that `name` stands for; nil, with a diagnostic at its place, where the file is
  /// missing, outside the project, or of no known format.
  func source(
    _ name: Located<String>, files: inout SourceFiles, _ diagnostics: inout Diagnostics
  ) -> (any RowSource)? {
    guard let format = FileRows.Format(rawValue: FilePath.fileExtension(of: name.value)) else {
      diagnostics.report(.unknownRowFormat, ["path": name.value], at: name.range)
      return nil
    }
    do throws(ReadFailure) {
      let path = try InputFile.resolve(name.value, below: folder, root: root, at: name.range)
      let file = files.add(FilePath.join(shownFolder, name.value))
      return FileRows(file: file, path: path, format: format, limit: limit)
    } catch {
      diagnostics.report(error.diagnostic)
      return nil
    }
  }
}

/// Rows of a CSV, JSONL, JSON or YAML file.
package struct FileRows: RowSource {
  package let file: FileID
  /// Absolute, without links.
  let path: String
  let format: Format
  let limit: Int

  enum Format: String { case csv, jsonl, json, yaml, yml }

  package func open() throws(RowFailure) -> any RowCursor {
    do throws(ReadFailure) {
      let source = try InputFile.open(path, as: file, limit: limit, digests: true)
      switch format {
      case .csv: return try CSVCursor(source)
      case .jsonl: return try TreeCursor(source, format: [.json, .lines])
      case .json: return try TreeCursor(source, format: .json)
      case .yaml, .yml: return try TreeCursor(source, format: [])
      }
    } catch {
      throw RowFailure(error.diagnostic)
    }
  }
}

extension DiagnosticCode {
  package static let unknownRowFormat = DiagnosticCode(
    "unknown-row-format", "\"{path}\" is in no format that holds rows",
    vi: "\"{path}\" không thuộc định dạng nào chứa được bản ghi",
    meaning: "The extension of a file says how its rows are written.",
    example: "rows: { file: data/statuses.xlsx }",
    fix: "Save the rows as .csv, .jsonl, .json or .yaml.")
}
