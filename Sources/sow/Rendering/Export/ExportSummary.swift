internal import SowFiles
internal import SowModel
internal import SowPlanning

/// What an export wrote, and where.
struct ExportSummary {
  let written: [Export.Written]
  let files: [ExportFolder.File]
  /// Paths of files that held the same already.
  let unchanged: Set<String>
  let reading: DatabaseReading

  private var rows: Int { written.reduce(0) { $0 + $1.count } }

  func write(to terminal: Terminal) {
    if terminal.format == .json {
      writeJSON(JSONWriter(to: terminal.result))
    } else {
      writeText(to: terminal.result)
    }
  }

  private func writeText(to outlet: Outlet) {
    outlet.line("sow export · \(terminalSafe(reading.place))")
    outlet.line()
    for file in files {
      let isUnchanged = unchanged.contains(file.path)
      outlet.line(
        "  \(isUnchanged ? "=" : "+") \(terminalSafe(file.path))"
          + (isUnchanged ? "  " + Phrase.unchanged.text(in: outlet.language) : ""))
    }
    outlet.line()
    let (rows, entities) = (Phrase.count(rows, .row), Phrase.count(written.count, .entity))
    outlet.line(
      "  ",
      Phrase(
        "\(rows.english) of \(entities.english).",
        vi: "\(rows.vietnamese) của \(entities.vietnamese)."))
  }

  private func writeJSON(_ json: JSONWriter) {
    json.document {
      json.heading(kind: "export", reading)
      json.lines("files") {
        for file in files {
          json.object {
            json.member("path", file.path)
            json.member("changed", !unchanged.contains(file.path))
          }
        }
      }
      json.lines("entities") {
        for one in written {
          json.object {
            json.member("entity", one.operation.entity)
            json.member("operation", one.operation.name)
            json.member("rows", one.count)
            if case .file(let name) = one.form { json.member("file", name) }
          }
        }
      }
      json.member("rows", rows)
    }
  }
}

extension ExportDesign.Note {
  var sentence: Phrase {
    switch self {
    case .bareKeys(let entity, let field, let target):
      Phrase(
        "\(entity).\(field) holds keys of \(target) as they are: its rows are not exported with it",
        vi:
          "\(entity).\(field) giữ nguyên các khóa của \(target): bản ghi của nó không được xuất cùng"
      )
    }
  }
}
