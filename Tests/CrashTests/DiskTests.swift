import Foundation
import SowTestSupport
import Testing

/// Disks that are full or refuse, in a mount namespace of its own where that is permitted.
struct DiskTests {
  private static let scene = CrashScene(
    name: "disk", options: "{ atomic: true }", customers: 100)

  /// A shell in which mounts are possible and end with it; nil where there is none.
  private static let namespace: String? = ["unshare -m", "unshare -rm"].first { command in
    guard let project = try? TemporaryProject() else { return false }
    defer { project.remove() }
    let trial = "\(command) sh -c 'mount -t tmpfs -o size=64k tmpfs . && mount --bind . .'"
    return (try? project.run(trial))?.code == 0
  }

  private func mounting(_ script: String, _ project: TemporaryProject) throws
    -> TemporaryProject.Output
  {
    try project.write(script, to: "../script")
    return try project.run("\(Self.namespace ?? "false") sh ../script")
  }

  @Test(arguments: ["{ atomic: true }", "{ atomic: false, on_error: continue }"])
  func `a file that may not grow is an error, and a larger one is mended`(options: String) throws {
    let scene = CrashScene(name: "limit", options: options, customers: 100, streamed: 100)
    let project = try scene.prepare()
    defer { project.remove() }
    let alone = try TemporaryProject(copying: project.folder)
    defer { alone.remove() }
    try #require(try alone.run("sow apply --yes").code == 0)

    // In blocks of 512 bytes; nine tenths of what is needed.
    let limit = (alone.read(CrashScene.database)?.count ?? 0) * 9 / 10 / 512
    let output = try project.run("ulimit -f \(limit); exec sow apply --yes")
    #expect([1, 4].contains(output.code), "\(output.out)\(output.errors)")
    #expect(output.code == 4 || options.contains("true"))
    #expect(output.errors.contains("error[database-failed]"), "\(output.errors)")
    let rerun = try project.run("sow apply --yes")
    #expect(rerun.code == 0, "\(rerun.out)\(rerun.errors)")
    let difference = try ProjectState(of: project, digests: false).difference(
      from: try ProjectState(of: alone, digests: false), countsRuns: options.contains("true"))
    #expect(difference == nil, "\(difference ?? "")")
  }

  @Test(.enabled(if: namespace != nil, "mounts are not permitted here"))
  func `a full disk takes everything back, and a larger one is enough`() throws {
    let project = try Self.scene.prepare()
    defer { project.remove() }
    let output = try mounting(
      """
      mkdir small && mount -t tmpfs -o size=96k tmpfs small && cp -r sow.yaml plans schemas small
      cd small
      sow apply --yes >&2; echo $?
      ls -A . plans; sqlite3 shop.db 'SELECT count(*) FROM sqlite_schema'
      mount -o remount,size=8m .
      sow apply --yes >&2; echo $?
      sow lock check >&2; echo $?
      sqlite3 shop.db 'SELECT count(*) FROM invoice; SELECT count(*) FROM sow_row'
      """, project)
    #expect(
      output.out == """
        1
        .:
        plans
        schemas
        sow.yaml

        plans:
        shop.yaml
        0
        0
        0
        100
        202

        """, "\(output.errors)")
    #expect(output.errors.contains("error[database-failed]: sqlite:shop.db: the disk is full"))
  }

  @Test(.enabled(if: namespace != nil, "mounts are not permitted here"))
  func `a lockfile that finds no room takes the run back`() throws {
    let project = try Self.scene.prepare()
    defer { project.remove() }
    let output = try mounting(
      """
      mount -t tmpfs -o size=16k tmpfs plans
      printf 'operations:\\n' > plans/shop.yaml
      for n in $(seq 100); do
        echo "  n$n: { action: create, entity: note, values: { text: t } }" >> plans/shop.yaml
      done
      head -c 4k /dev/zero > plans/ballast
      sow apply --yes >&2; echo $?
      ls -A plans; sqlite3 shop.db 'SELECT count(*) FROM sqlite_schema'
      rm plans/ballast; mount -o remount,size=1m plans
      sow apply --yes >&2; sow lock check
      """, project)
    #expect(
      output.out == """
        1
        ballast
        shop.yaml
        0
        \(CrashScene.lockfile): equals the ledger

        """, "\(output.errors)")
    #expect(output.errors.contains("error[file-failed]"), "\(output.errors)")
    #expect(output.errors.contains("No space left on device"))
  }

  @Test(.enabled(if: namespace != nil, "mounts are not permitted here"))
  func `a folder that cannot be written stops a change, and nothing else`() throws {
    let project = try Self.scene.prepare()
    defer { project.remove() }
    let readOnly = "mount --bind plans plans && mount -o remount,ro,bind plans"
    let first = try mounting("\(readOnly)\nexec sow apply --yes", project)
    #expect(first.code == 1)
    #expect(first.errors.contains("error[file-failed]"), "\(first.errors)")
    #expect(first.errors.contains("Read-only file system"))
    #expect(
      try project.run("sqlite3 shop.db 'SELECT count(*) FROM sqlite_schema'").out == "0\n")

    #expect(try project.run("sow apply --yes").code == 0)
    let before = try project.run("stat -c '%i %y' \(CrashScene.lockfile)").out
    let second = try mounting("\(readOnly)\nexec sow apply --yes", project)
    #expect(second.code == 0, "\(second.errors)")
    #expect(try project.run("stat -c '%i %y' \(CrashScene.lockfile)").out == before)

    // Nothing to do but the lockfile.
    let lagging = try mounting(
      "rm \(CrashScene.lockfile)\n\(readOnly)\nexec sow apply --yes", project)
    #expect(lagging.code == 8, "\(lagging.errors)")
    #expect(lagging.errors.contains("sow lock write"))
  }

  @Test func `a lockfile that cannot take its place is told with the way out`() throws {
    let project = try Self.scene.prepare()
    defer { project.remove() }
    let child = try project.start("SOW_STOP_AT=committed exec sow apply --yes")
    try #require(child.waitForStop())
    #expect(try project.run("mkdir \(CrashScene.lockfile)").code == 0)
    child.signal(SIGCONT)
    let ending = child.wait()
    #expect(ending.code == 8)
    #expect(try project.run("rmdir \(CrashScene.lockfile)").code == 0)
    #expect(
      ProjectState.files(of: project).filter { $0.hasPrefix("plans/") } == ["plans/shop.yaml"])
    #expect(try project.run("sow lock check").code == 2)
    #expect(try project.run("sow lock write && sow lock check").code == 0)
    #expect(try project.run("sow plan --detailed-exitcode").code == 0)
  }

  @Test func `a link to the lockfile stays one, and the mode is kept`() throws {
    var scene = Self.scene
    scene.isLater = true
    let project = try scene.prepare()
    defer { project.remove() }
    let lock = CrashScene.lockfile
    let moved = try project.run(
      "mkdir locks && mv \(lock) locks/real.json && chmod 640 locks/real.json"
        + " && ln -s ../locks/real.json \(lock)")
    #expect(moved.code == 0)
    let before = project.read("locks/real.json")
    #expect(try project.run("sow apply --yes").code == 0)
    #expect(try project.run("readlink \(lock)").out == "../locks/real.json\n")
    #expect(try project.run("stat -c %a locks/real.json; ls -A locks").out == "640\nreal.json\n")
    #expect(project.read("locks/real.json") != before)
    #expect(try project.run("sow lock check").code == 0)
  }
}
