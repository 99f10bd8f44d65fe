package import SowModel

/// A file of YAML or JSON in its canonical form.
package struct FormattedFile {
  package var bytes: [UInt8]
  /// Whether it differs from the file as it is.
  package var isChange: Bool

  /// Reads the file at `path` and formats it; nil where it is not valid. Nothing is written.
  package static func format(
    path: String, project: Project, files: inout SourceFiles, diagnostics: inout Diagnostics
  ) -> FormattedFile? {
    let file = files.add(path)
    let limit = project.limits.fileBytes
    do throws(ReadFailure) {
      if InputFile.leadsOut(path, of: project) {
        throw ReadFailure(
          Diagnostic(
            .fileOutsideProject, ["path": path, "why": Phrase.leadsOut], at: .start(of: file)))
      }
      let source = try InputFile.open(path, as: file, limit: limit)
      return format(
        try InputFile.allBytes(source), as: file,
        isJSON: FilePath.fileExtension(of: path) == "json",
        diagnostics: &diagnostics)
    } catch {
      diagnostics.report(error.diagnostic)
      return nil
    }
  }

  /// Formats what came from standard input.
  package static func format(
    _ bytes: [UInt8], limit: Int, files: inout SourceFiles, diagnostics: inout Diagnostics
  ) -> FormattedFile? {
    let file = files.add("-")
    guard bytes.count <= limit else {
      diagnostics.report(.tooLarge(limit: limit, file: file))
      return nil
    }
    return format(bytes, as: file, isJSON: false, diagnostics: &diagnostics)
  }

  /// Formats text in memory; a file of nothing but comments is left as it is.
  ///
  /// The result is read again, and must say what the text says: else there is none.
  package static func format(
    _ bytes: [UInt8], as file: FileID, isJSON: Bool, diagnostics: inout Diagnostics
  ) -> FormattedFile? {
    let format: YAMLFeed.Format = isJSON ? .json : .unknown
    do throws(ReadFailure) {
      var found = Diagnostics()
      let meaning = try DocumentMeaning(bytes, file: file, format: format, diagnostics: &found)
      diagnostics.merge(found)
      if found.hasErrors { return nil }
      if meaning.isEmpty { return FormattedFile(bytes: bytes, isChange: false) }
      var formatter = DocumentFormatter(
        bytes, file: file, form: meaning.form, format: format, as: isJSON ? .json : .yaml)
      let text = try formatter.format()
      if text == bytes { return FormattedFile(bytes: text, isChange: false) }
      guard says(text, meaning, as: file, format) else {
        diagnostics.report(.formatRefused, at: .start(of: file))
        return nil
      }
      return FormattedFile(bytes: text, isChange: true)
    } catch {
      diagnostics.report(error.diagnostic)
      return nil
    }
  }

  private static func says(
    _ text: [UInt8], _ meaning: DocumentMeaning, as file: FileID, _ format: YAMLFeed.Format
  ) -> Bool {
    var found = Diagnostics()
    do throws(ReadFailure) {
      let again = try DocumentMeaning(text, file: file, format: format, diagnostics: &found)
      return !found.hasErrors && again.digest == meaning.digest
    } catch {
      return false
    }
  }
}

extension DiagnosticCode {
  package static let formatRefused = DiagnosticCode(
    "format-refused", "the formatted text would not say the same; the file is left as it is",
    vi: "văn bản sau khi định dạng sẽ mang nghĩa khác; tệp được giữ nguyên",
    meaning: "What sow fmt would write is read again before it is written, and must load to what "
      + "the file says. Here it does not, which is a mistake of sow.",
    example: "a spelling of YAML that sow fmt does not know",
    fix: "Report the file; write the value at hand in a simpler way meanwhile.")
}
