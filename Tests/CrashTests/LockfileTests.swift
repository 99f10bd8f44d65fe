import Foundation
import SowTestSupport
import Testing

/// What becomes of a lockfile that is not as the last apply left it.
struct LockfileTests {
  private static let scene = CrashScene(
    name: "lockfile", options: "{ atomic: true }", customers: 5)
  private static let path = CrashScene.lockfile

  /// An edit of the lockfile, and how sow takes it.
  struct Damage: CustomTestStringConvertible, Sendable {
    let name: String
    let edit: String
    /// Nil where an apply mends it by itself.
    var code: String?
    /// Whether `sow lock write` mends it without `--adopt`.
    var isRewritten = true

    var testDescription: String { name }
  }

  static let damages = [
    Damage(name: "missing", edit: "rm $L"),
    Damage(name: "behind", edit: #"grep -v '"c3"' $L > x; mv x $L"#),
    Damage(
      name: "ahead",
      edit: #"sed -i 's|^    null|    { "address": "zz", "entity": "note", "key": "9" },\n&|' $L"#),
    Damage(
      name: "unsorted",
      edit: "(head -6 $L; grep address $L | sort -r; tail -3 $L) > x; mv x $L"),
    Damage(name: "doubled lines", edit: "sed -i 's|.*address.*|&\\n&|' $L"),
    Damage(name: "empty", edit: ": > $L", code: "lock-empty"),
    Damage(name: "cut", edit: "head -c 300 $L > x; mv x $L", code: "lock-cut"),
    Damage(
      name: "in conflict",
      edit: "sed -i '7s/^/<<<<<<< HEAD\\n/; 8s/$/\\n=======\\n>>>>>>> other/' $L",
      code: "lock-in-conflict", isRewritten: false),
    Damage(
      name: "newer", edit: #"sed -i 's/"version": 1/"version": 2/' $L"#, code: "lock-newer",
      isRewritten: false),
    Damage(name: "no lockfile", edit: "echo '{ \"a\": [null]}' > $L", code: "lock-invalid"),
    Damage(
      name: "of another database", edit: #"sed -i 's/"lineage": "..../"lineage": "0000/' $L"#,
      code: "lock-lineage", isRewritten: false),
    Damage(
      name: "another key", edit: #"sed -i '/"c3"/s/"key": "[0-9]*"/"key": "77"/' $L"#,
      code: "lock-key", isRewritten: false),
    Damage(
      name: "one address twice",
      edit:
        #"sed -i 's|.*"c3".*|&\n    { "address": "c3", "entity": "customer", "key": "77" },|' $L"#,
      code: "lock-two-keys", isRewritten: false),
  ]

  private func text(_ project: TemporaryProject) -> String? {
    project.read(Self.path).map { String(decoding: $0, as: UTF8.self) }
  }

  @Test(arguments: damages)
  func `a damaged lockfile is mended or refused by name`(damage: Damage) throws {
    let project = try Self.scene.prepare()
    defer { project.remove() }
    #expect(try project.run("sow apply --yes").code == 0)
    let whole = text(project)
    let edited = try project.run("L=\(Self.path); \(damage.edit)")
    #expect(edited.code == 0 && text(project) != whole, "\(edited.errors)")
    let damaged = text(project)

    let apply = try project.run("sow apply --yes")
    if let code = damage.code {
      #expect(apply.code == 3, "\(apply.out)\(apply.errors)")
      #expect(apply.errors.contains("error[\(code)]"), "\(apply.errors)")
      #expect(text(project) == damaged)
      #expect(try project.run("sow lock check").code > 0)
      let write = try project.run("sow lock write")
      #expect((write.code == 0) == damage.isRewritten, "\(write.out)\(write.errors)")
      if !damage.isRewritten {
        #expect(text(project) == damaged)
        let adopt = try project.run("sow lock write --adopt")
        #expect(adopt.code == 0, "\(adopt.out)\(adopt.errors)")
      }
    } else {
      #expect(apply.code == 0, "\(apply.out)\(apply.errors)")
    }
    #expect(text(project) == whole)
    #expect(try project.run("sow lock check").code == 0)
    #expect(try project.run("sqlite3 shop.db 'SELECT count(*) FROM sow_run'").out == "1\n")
  }

  @Test func `two branches merged line by line are read, and the next apply sorts them`() throws {
    let project = try Self.scene.prepare()
    defer { project.remove() }
    let merged = try project.run(
      """
      set -e
      sow apply --yes --quiet
      cp \(Self.path) ours; cp \(Self.path) base; cp \(Self.path) theirs
      sed -i 's|^    null|    { "address": "m1", "entity": "note", "key": "8" },\\n&|' theirs
      sed -i 's|^    null|    { "address": "a1", "entity": "note", "key": "9" },\\n&|' ours
      git merge-file --union ours base theirs
      cp ours \(Self.path); rm ours base theirs
      sow plan
      """)
    #expect(merged.code == 0, "\(merged.errors)")
    #expect(merged.errors.contains("warning[lock-behind]"), "\(merged.errors)")
    #expect(try project.run("sow lock check").code == 2)
    #expect(try project.run("sow apply --yes && sow lock check").code == 0)
  }

  @Test func `a database made anew takes the place of the old one`() throws {
    let project = try Self.scene.prepare()
    defer { project.remove() }
    #expect(try project.run("sow apply --yes").code == 0)
    let expected = try ProjectState(of: project, digests: false)
    let old = text(project)
    #expect(try project.run("rm shop.db").code == 0)
    let plan = try project.run("sow plan")
    #expect(plan.code == 0)
    #expect(plan.errors.contains("warning[lock-without-ledger]"), "\(plan.errors)")
    let apply = try project.run("sow apply --yes")
    #expect(apply.code == 0, "\(apply.errors)")
    #expect(text(project) != old)
    let difference = try ProjectState(of: project, digests: false).difference(
      from: expected, countsRuns: true)
    #expect(difference == nil, "\(difference ?? "")")
    #expect(try project.run("sow lock check").code == 0)
  }

  @Test func `a run that changes nothing leaves no trace`() throws {
    let project = try Self.scene.prepare()
    defer { project.remove() }
    #expect(try project.run("sow apply --yes").code == 0)
    let stat = "stat -c '%n %i %y %z' $(find . -type f) | sort"
    let before = try project.run(stat).out
    #expect(try project.run("sow apply --yes").code == 0)
    #expect(try project.run(stat).out == before)
  }
}
