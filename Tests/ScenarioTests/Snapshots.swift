import Foundation

/// The recorded transcripts of a scenario: `01.txt`, `02.txt` and so on.
struct Snapshots {
  let folder: URL

  /// `SOW_RECORD=1 swift test --filter ScenarioTests` writes instead of comparing.
  static var isRecording: Bool { ProcessInfo.processInfo.environment["SOW_RECORD"] == "1" }

  func record(_ transcripts: [String]) throws {
    try? FileManager.default.removeItem(at: folder)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for (index, transcript) in transcripts.enumerated() {
      try Data(transcript.utf8).write(to: folder.appending(path: Self.name(index)))
    }
  }

  /// One sentence for each transcript that is not as recorded, and for records too many.
  func complaints(about transcripts: [String]) -> [String] {
    var complaints: [String] = []
    for (index, transcript) in transcripts.enumerated() {
      let file = folder.appending(path: Self.name(index))
      guard let data = FileManager.default.contents(atPath: file.path) else {
        complaints.append("missing: \(file.path); SOW_RECORD=1 records it:\n\(transcript)")
        continue
      }
      let expected = String(decoding: data, as: UTF8.self)
      if transcript != expected {
        complaints.append("\(file.path)\n\(Self.difference(expected, transcript))")
      }
    }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    let stale = Set(names).subtracting(transcripts.indices.map(Self.name))
    return complaints + stale.sorted().map { "no step prints \(folder.path)/\($0)" }
  }

  private static func name(_ index: Int) -> String {
    index < 9 ? "0\(index + 1).txt" : "\(index + 1).txt"
  }

  /// The lines that left with `-`, those that came with `+`, among the others.
  private static func difference(_ expected: String, _ actual: String) -> String {
    let old = expected.split(separator: "\n", omittingEmptySubsequences: false)
    let new = actual.split(separator: "\n", omittingEmptySubsequences: false)
    let change = new.difference(from: old)
    let removed = Set(
      change.removals.compactMap { if case .remove(let at, _, _) = $0 { at } else { nil } })
    let inserted = Set(
      change.insertions.compactMap { if case .insert(let at, _, _) = $0 { at } else { nil } })
    var lines: [String] = []
    var position = 0
    for (index, line) in old.enumerated() {
      if removed.contains(index) {
        lines.append("- \(line)")
        continue
      }
      while position < new.count, inserted.contains(position) {
        lines.append("+ \(new[position])")
        position += 1
      }
      lines.append("  \(line)")
      position += 1
    }
    lines += new[position...].map { "+ \($0)" }
    return lines.joined(separator: "\n")
  }
}
