import Foundation
import SowTestSupport
import Testing

/// What people see of long work on a terminal: a line that moves, and that is gone afterwards.
struct TerminalTests {
  private func project() throws -> TemporaryProject {
    let project = try TemporaryProject()
    try project.write(
      """
      type: object
      properties: { item_id: { type: integer, readOnly: true }, name: { type: string } }
      required: [name]
      x-sow: { primary_key: item_id, unique: [[name]] }
      """, to: "schemas/item.yaml")
    // Long enough by its size for a bar in each phase.
    var plan = "operations:\n"
    for number in 0..<24_000 {
      plan += "  item_\(number): { action: create, entity: item, values: { name: n\(number) } }\n"
    }
    try project.write(plan, to: "plans/items.yaml")
    return project
  }

  @Test func `long work shows a bar, which is gone before the result`() throws {
    let project = try project()
    defer { project.remove() }
    let screen = try Screen(in: project)
    defer { screen.close() }
    try screen.type("sow apply --yes > result")
    let bar = try screen.wait { $0.contains("applying items  [=") }
    #expect(bar.contains(/% {2}\d+000 of 24000 rows, item_\d+999$/.anchorsMatchLineEndings()))
    // Only one line of the terminal is taken.
    #expect(bar.split(separator: "\n").count == 2)
    let after = try screen.wait { $0.hasSuffix("\n$") }
    #expect(after == "$ sow apply --yes > result\n$")
    let result = project.read("result").map { String(decoding: $0, as: UTF8.self) }
    #expect(result?.hasSuffix("\n  Applied: 24000 created, 0 unchanged.\n") == true)

    try screen.type("clear; sow plan")
    let plan = try screen.wait { $0.contains("unchanged.") && $0.hasSuffix("\n$") }
    #expect(
      plan == """
        sow plan · items → sqlite:.sow/local.db (local)

          No changes. 24000 unchanged.
        $
        """)
  }

  @Test func `neither --quiet nor --progress none shows a bar`() throws {
    let project = try project()
    defer { project.remove() }
    for option in ["--quiet", "--progress none"] {
      let terminal = try PseudoTerminal()
      let child = try project.start("exec sow validate \(option)", on: terminal)
      _ = child.wait()
      #expect(terminal.rest() == "items: valid, 24000 operations\r\n")
    }
  }

  @Test(arguments: [
    ("sow validate", "checking", ""), ("sow plan", "planning", ""),
    (
      "sow apply --yes", "applying",
      """
      error[interrupted]: interrupted; what was not committed is rolled back
      sow: items: nothing was written

      """
    ),
  ])
  func `Ctrl-C leaves a clean line`(command: String, phase: String, message: String) throws {
    let project = try project()
    defer { project.remove() }
    let screen = try Screen(in: project)
    defer { screen.close() }
    try screen.type("\(command) > /dev/null; echo ended with $?")
    _ = try screen.wait { $0.contains("  \(phase) items  [") }
    try screen.press("C-c")
    let after = try screen.wait { $0.contains("ended with") && $0.hasSuffix("\n$") }
    #expect(
      after == """
        $ \(command) > /dev/null; echo ended with $?
        \(message)ended with 130
        $
        """)
  }
}

/// A terminal of tmux with a shell in it, seen as its user sees it.
private struct Screen {
  private let project: TemporaryProject
  private let server: String

  init(in project: TemporaryProject) throws {
    self.project = project
    server = "tmux -S '\(project.folder.path)/../tmux' -f /dev/null"
    let shell = "env PS1='$ ' TERM=screen sh"
    let start = try project.run("\(server) new-session -d -x 100 -y 30 \"\(shell)\"")
    guard start.code == 0 else { throw NoScreen(problem: start.errors) }
    _ = try wait { $0 == "$" }
  }

  func type(_ line: String) throws {
    let start = try project.run("\(server) send-keys -l '\(line)'")
    guard start.code == 0 else { throw NoScreen(problem: start.errors) }
    try press("Enter")
  }

  func press(_ key: String) throws { _ = try project.run("\(server) send-keys \(key)") }

  /// What stands on it once that is as asked, without the white space at the ends.
  func wait(seconds: Double = 120, _ isReady: (String) -> Bool) throws -> String {
    let last = ContinuousClock.now + .seconds(seconds)
    while true {
      let text = try project.run("\(server) capture-pane -p").out
        .trimmingCharacters(in: .whitespacesAndNewlines)
      if isReady(text) { return text }
      guard ContinuousClock.now < last else { throw NoScreen(problem: text) }
      usleep(20_000)
    }
  }

  func close() { _ = try? project.run("\(server) kill-server") }
}

/// What was waited for did not come.
private struct NoScreen: Error {
  let problem: String
}
