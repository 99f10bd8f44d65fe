import Foundation
import SowTestSupport
import Testing

/// The runner of the scenarios: what it would fail to see, no scenario sees.
struct RunnerTests {
  @Test func `steps are edits, or commands with an exit code`() throws {
    let steps = try Scenario.steps(
      in: "# why\n+ cp a b\n\n3 sow plan \\\n  --all\n0 ls\n", of: "x")
    #expect(steps.map(\.command) == ["cp a b", "sow plan   --all", "ls"])
    #expect(steps.map(\.code) == [0, 3, 0])
    #expect(steps.map(\.isRecorded) == [false, true, true])
    #expect(steps.map(\.line) == [2, 4, 6])
  }

  @Test(arguments: ["sow plan", "+", "0"])
  func `a step without its code or command is refused`(text: String) {
    #expect(throws: BadStep.self) { try Scenario.steps(in: text, of: "x") }
  }

  @Test func `a command runs in its project, with both streams apart and its exit code`() throws {
    let project = try TemporaryProject()
    defer { project.remove() }
    try project.write("content", to: "some/file")
    let output = try project.run("cat some/file; pwd >&2; exit 7")
    #expect(output.out == "content")
    #expect(output.errors == project.folder.path + "\n")
    #expect(output.code == 7)
    #expect(try project.run("kill -9 $$").code == 137)
    #expect(try project.run("command -v sow").code == 0)
  }

  @Test(arguments: [
    (#"{"lineage": "3f2a", "version": 1}"#, #"{"lineage": "<lineage>", "version": 1}"#),
    (#""duration_seconds":0.012,"#, #""duration_seconds":<seconds>,"#),
    ("ann[~0123456789abcdef]", "ann[~<-keyed-digest->]"),
    ("invoice_date 2026-01-15T00:00:00Z", "invoice_date 2026-01-15T00:00:00Z"),
  ])
  func `only what is random by nature is replaced`(text: String, expected: String) throws {
    let project = try TemporaryProject()
    defer { project.remove() }
    #expect(Normalization.apply(to: text, in: project) == expected)
    #expect(Normalization.apply(to: project.folder.path + "/a", in: project) == "<project>/a")
  }

  @Test func `a record is written, compared, and missed`() throws {
    let project = try TemporaryProject()
    defer { project.remove() }
    let snapshots = Snapshots(folder: project.folder.appending(path: "expected"))
    try snapshots.record(["$ one\n", "$ two\n"])
    #expect(snapshots.complaints(about: ["$ one\n", "$ two\n"]) == [])
    let changed = snapshots.complaints(about: ["$ one\n", "$ 2\n"])
    #expect(changed.count == 1 && changed[0].hasSuffix("/02.txt\n- $ two\n+ $ 2\n  "))
    #expect(snapshots.complaints(about: ["$ one\n", "$ two\n", "$ 3\n"]).count == 1)
    #expect(snapshots.complaints(about: ["$ one\n"]).count == 1)
  }
}
