import Foundation
import SowTestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// What only a whole process shows: signals, closed streams, and a terminal.
struct ProcessTests {
  private func project(operations count: Int) throws -> TemporaryProject {
    let project = try TemporaryProject()
    try project.write(
      """
      type: object
      properties:
        item_id: { type: integer, readOnly: true }
        name: { type: string }
      required: [name]
      x-sow: { primary_key: item_id, unique: [[name]] }
      """, to: "schemas/item.yaml")
    var plan = "operations:\n"
    for number in 0..<count {
      plan += "  item_\(number): { action: create, entity: item, values: { name: n\(number) } }\n"
    }
    try project.write(plan, to: "plans/items.yaml")
    return project
  }

  private func count(_ project: TemporaryProject) throws -> String {
    try project.run("sqlite3 .sow/local.db 'SELECT count(*) FROM item'").out
  }

  @Test(arguments: [(SIGINT, 130), (SIGTERM, 143)] as [(Int32, Int32)])
  func `a signal rolls an apply back, and the next one does it all`(
    signal: Int32, code: Int32
  ) throws {
    let project = try project(operations: 20_000)
    defer { project.remove() }
    let child = try project.start("exec sow apply --yes")
    let journal = project.folder.appending(path: ".sow/local.db-journal").path
    for _ in 0..<3_000 where !FileManager.default.fileExists(atPath: journal) { usleep(10_000) }
    child.signal(signal)
    let output = project.output(of: child, ending: child.wait())
    #expect(output.code == code)
    #expect(
      output.errors == """
        error[interrupted]: interrupted; what was not committed is rolled back
        sow: items: nothing was written

        """)
    #expect(try project.run("ls -A").out == "plans\nschemas\n")
    #expect(try project.run("sow apply --yes --quiet").code == 0)
    #expect(try count(project) == "20000\n")
  }

  @Test func `a rehearsal makes no file`() throws {
    let project = try project(operations: 3)
    defer { project.remove() }
    let apply = try project.run("sow apply --dry-run --quiet")
    #expect(apply.code == 0)
    #expect(apply.out.hasSuffix("\n  Dry run: 3 created, 0 unchanged. Nothing was kept.\n"))
    #expect(try project.run("sow run plans/items.yaml --dry-run").code == 0)
    #expect(try project.run("ls -A").out == "plans\nschemas\n")
  }

  @Test func `a reader that goes away is no error`() throws {
    let project = try project(operations: 5_000)
    defer { project.remove() }
    let output = try project.run("(sow plan --all; echo $? >&2) | head -1")
    #expect(output.out == "sow plan · items → sqlite:.sow/local.db (local)\n")
    #expect(output.errors == "0\n")
  }

  #if os(Linux)
    @Test func `a result that cannot be written fails a plan and not an apply`() throws {
      let project = try project(operations: 1)
      defer { project.remove() }
      let sentence = """
        sow: the result could not be written to standard output: No space left on device

        """
      let plan = try project.run("sow plan > /dev/full")
      #expect(plan.code == 1)
      #expect(plan.errors == sentence)
      let apply = try project.run("sow apply --yes > /dev/full")
      #expect(apply.code == 0)
      #expect(apply.errors == sentence)
      #expect(try count(project) == "1\n")
    }

    @Test(arguments: [("yes", 0, "1\n"), ("y", 7, ""), ("", 7, "")] as [(String, Int32, String)])
    func `a terminal is asked, and only yes is a yes`(
      answer: String, code: Int32, rows: String
    ) throws {
      let project = try project(operations: 1)
      defer { project.remove() }
      let output = try onTerminal("sow apply --color never", answer: answer, in: project)
      #expect(output.code == code)
      #expect(output.out.contains("Apply these changes to sqlite:.sow/local.db (local)?"))
      #expect(try count(project) == rows)
    }

    @Test func `what changed while the question stood is not applied`() throws {
      let project = try project(operations: 2)
      defer { project.remove() }
      let all = "plans/items.yaml"
      #expect(
        try project.run("cp \(all) all; sed -i '$d' \(all); sow apply --yes; cp all \(all)").code
          == 0)
      let drift = "sqlite3 .sow/local.db \"UPDATE item SET name = 'other'\""
      let output = try onTerminal(
        "sow apply --color never", answer: "yes", in: project, meanwhile: drift)
      #expect(output.code == 5)
      #expect(output.out.contains("error[stale-plan]"))
      #expect(try count(project) == "1\n")
    }

    @Test func `what somebody else applied meanwhile needs no second time`() throws {
      let project = try project(operations: 2)
      defer { project.remove() }
      let output = try onTerminal(
        "sow apply --color never", answer: "yes", in: project, meanwhile: "sow apply --yes")
      #expect(output.code == 0)
      #expect(output.out.contains("Nothing to do. 2 unchanged."))
      #expect(try count(project) == "2\n")
    }

    /// Runs a command on a terminal of its own and answers it, after something else was done.
    private func onTerminal(
      _ command: String, answer: String, in project: TemporaryProject, meanwhile: String = "true"
    ) throws -> TemporaryProject.Output {
      let input = "(sleep 2; \(meanwhile) > /dev/null 2>&1; echo '\(answer)'; sleep 1)"
      return try project.run("\(input) | script -qec '\(command)' /dev/null")
    }
  #endif
}
