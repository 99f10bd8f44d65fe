import Foundation
import SowTestSupport
import Testing

/// All that an apply leaves behind, but for what is of the moment: runs, times, and the random
/// identity of a ledger.
struct ProjectState: Equatable {
  /// Every table row by row, the ledger's own by what it says of which row.
  let rows: [String]
  let lockfile: [String]
  /// Of every file in the project.
  let files: [String]
  /// The ledger's runs.
  let runs: Int

  /// With `digests` two states are equal only if they have one ledger in common.
  init(of project: TemporaryProject, digests: Bool, database: String = CrashScene.database) throws {
    let secrets = digests ? ", hex(asked), hex(answered)" : ", length(asked), length(answered)"
    let script = """
      SELECT count(*) FROM sow_run;
      SELECT lineage FROM sow_meta;
      SELECT format, length(lineage), length(secret)\(digests ? ", lineage, secret" : "")
        FROM sow_meta;
      SELECT number, place, "table", columns FROM sow_shape ORDER BY number;
      SELECT number, scope, plan, operation, action, entity, length(done)
        \(digests ? ", hex(done)" : "") FROM sow_policy ORDER BY number;
      SELECT place, key, operation, instance, shape, origin\(secrets)
        FROM sow_row ORDER BY place, key;
      .dump --data-only customer invoice item kind note part sqlite_sequence
      .schema
      """
    try project.write(script, to: "../state.sql")
    let dump = try project.run("sqlite3 \(database) < ../state.sql")
    try #require(dump.code == 0 && dump.errors.isEmpty, "\(dump.errors)")
    let lines = dump.out.split(separator: "\n").map(String.init)
    try #require(lines.count > 2)
    runs = Int(lines[0]) ?? -1
    rows = Array(lines[2...])
    lockfile = String(decoding: project.read(CrashScene.lockfile) ?? [], as: UTF8.self)
      .replacing(lines[1], with: "<lineage>")
      .split(separator: "\n").map(String.init)
    files = Self.files(of: project)
  }

  static func files(of project: TemporaryProject) -> [String] {
    (try? FileManager.default.subpathsOfDirectory(atPath: project.folder.path))?.sorted() ?? []
  }

  /// The first difference, in words; nil where there is none.
  func difference(from other: ProjectState, countsRuns: Bool) -> String? {
    for (what, left, right) in [
      ("rows", rows, other.rows), ("lockfile", lockfile, other.lockfile),
      ("files", files, other.files),
    ] where left != right {
      let place = zip(left, right).prefix { $0 == $1 }.count
      return """
        \(what) differ at line \(place): \(left.dropFirst(place).first ?? "nothing") instead of \
        \(right.dropFirst(place).first ?? "nothing")
        """
    }
    if countsRuns, runs != other.runs { return "\(runs) runs instead of \(other.runs)" }
    return nil
  }
}

/// Expects that a lockfile which is not as before speaks of what is in the database: it never runs
/// ahead, whatever happened.
func expectTruth(
  of project: TemporaryProject, after before: TemporaryProject, _ place: String,
  sourceLocation: Testing.SourceLocation = #_sourceLocation
) throws {
  let lockfile = project.read(CrashScene.lockfile)
  guard lockfile != before.read(CrashScene.lockfile) else { return }
  let check = try project.run("sow lock check")
  #expect(check.code == 0, "\(place): \(check.out)\(check.errors)", sourceLocation: sourceLocation)
}
