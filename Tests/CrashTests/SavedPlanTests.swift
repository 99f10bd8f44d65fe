import Foundation
import SowTestSupport
import Testing

/// A saved plan is applied once, whole, or not at all.
struct SavedPlanTests {
  private static let scene = CrashScene(
    name: "saved", options: "{ atomic: true }", customers: 2, streamed: 3)

  @Test(arguments: ["locked", "decided", "ledgerMade", "setWritten", "lockStaged"])
  func `killed before the commit it is applied again`(step: String) throws {
    let project = try Self.scene.prepare()
    defer { project.remove() }
    #expect(try project.run("sow plan -o shop.saved").code == 0)
    #expect(try project.run("SOW_KILL_AT=\(step) sow apply shop.saved").code == 137)
    let again = try project.run("sow apply shop.saved")
    #expect(again.code == 0, "\(again.errors)")
    #expect(try project.run("sow apply --yes && sow lock check").code == 0)
    #expect(try project.run("sqlite3 shop.db 'SELECT count(*) FROM sow_run'").out == "1\n")
  }

  @Test(arguments: ["committed", "lockRenamed"])
  func `killed after the commit it is done`(step: String) throws {
    let project = try Self.scene.prepare()
    defer { project.remove() }
    #expect(try project.run("sow plan -o shop.saved").code == 0)
    #expect(try project.run("SOW_KILL_AT=\(step) sow apply shop.saved").code == 137)
    #expect(try project.run("sow apply shop.saved").code == 5)
    let rest = try project.run("sow apply --yes && sow lock check")
    #expect(rest.code == 0 && rest.out.contains("No changes."), "\(rest.out)\(rest.errors)")
  }

  @Test func `it is its owner's alone to read, whatever stood in its place`() throws {
    let project = try Self.scene.prepare()
    defer { project.remove() }
    let made = try project.run("umask 0; sow plan -q -o shop.saved && stat -c %a shop.saved")
    #expect(made.out.hasSuffix("600\n"), "\(made.out)\(made.errors)")
    let again = try project.run(
      "umask 0; chmod 666 shop.saved; sow plan -q -o shop.saved && stat -c %a shop.saved")
    #expect(again.out.hasSuffix("600\n"), "\(again.out)\(again.errors)")
  }

  @Test func `two that apply it at once write it once`() throws {
    let project = try Self.scene.prepare()
    defer { project.remove() }
    let twice = try project.run(
      """
      sow plan -o shop.saved
      sow apply shop.saved > one.txt 2>&1 & first=$!
      sow apply shop.saved > two.txt 2>&1; second=$?
      wait $first; echo $(($? + second))
      """)
    #expect(twice.out.hasSuffix("\n5\n"), "\(twice.out)")
    #expect(try project.run("sqlite3 shop.db 'SELECT count(*) FROM sow_run'").out == "1\n")
  }

  /// A small file is read once: what is applied is what was decided on.
  @Test(arguments: [(11_000, 5), (3, 0)])
  func `a file of rows that changes while it is applied is not applied`(
    rows: Int, code: Int32
  ) throws {
    let scene = CrashScene(
      name: "changing", options: "{ atomic: true }", customers: 2, streamed: rows)
    let project = try scene.prepare()
    defer { project.remove() }
    #expect(try project.run("sow plan -o shop.saved").code == 0)
    let child = try project.start("SOW_STOP_AT=ledgerMade exec sow apply shop.saved")
    try #require(child.waitForStop())
    #expect(try project.run("sed -i 's/Trà/Chè/' plans/data/items.csv").code == 0)
    child.signal(SIGCONT)
    let output = project.output(of: child, ending: child.wait())
    #expect(output.code == code, "\(output.errors)")
  }
}
