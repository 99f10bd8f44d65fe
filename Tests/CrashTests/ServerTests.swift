import Foundation
import SowApplying
import SowTestSupport
import Testing

/// What the other suites hold on SQLite, where the database is on a server.
struct ServerTests {
  static let first = CrashScene(name: "first", options: "{ atomic: true }", customers: 3)
  /// An apply that reaches every step there is.
  static let later = CrashScene(
    name: "later", options: "{ atomic: true }", customers: 4, removes: true, moves: true,
    isLater: true, steps: Step.allCases.map(\.rawValue))
  static let scenes = [
    CrashScene(
      name: "first", options: first.options, customers: first.customers,
      steps: ["tablesMade", "ledgerMade", "setWritten", "lockStaged", "committed"]),
    later,
    CrashScene(
      name: "stepwise", options: "{ atomic: false, on_error: continue }", customers: 3,
      steps: ["setWritten:2", "committed:2", "lockStaged"]),
  ]

  /// What an apply that nobody disturbs leads to.
  private func expected(_ before: ServerScene) throws -> [String] {
    let scene = try ServerScene(copying: before)
    defer { scene.remove() }
    let output = try scene.project.run("sow apply --yes")
    try #require(output.code == 0, "\(output.out)\(output.errors)")
    return try scene.state()
  }

  @Test(arguments: scenes)
  func `an apply killed at a step is finished by the next one, on a server`(
    scene: CrashScene
  ) throws {
    let before = try ServerScene(scene)
    defer { before.remove() }
    let expected = try expected(before)
    for step in scene.steps {
      let copy = try ServerScene(copying: before)
      defer { copy.remove() }
      let killed = try copy.project.run("SOW_KILL_AT=\(step) exec sow apply --yes")
      #expect(killed.code == 137, "\(step): was not reached\n\(killed.errors)")
      let rerun = try copy.project.run("sow apply --yes")
      #expect(rerun.code == 0, "\(step): \(rerun.out)\(rerun.errors)")
      #expect(try copy.state() == expected, "\(step)")
      let check = try copy.project.run("sow lock check")
      #expect(check.code == 0, "\(step): \(check.out)\(check.errors)")
      if step == scene.steps.last { try copy.expectDone(step) }
    }
  }

  /// Whether a run that loses its session at a step is committed by then.
  private static let committed: Set<Step> = [.committed, .lockRenamed]

  @Test func `a connection that is cut at any step leaves all of the run or nothing`() throws {
    try expectWhole(cutAt: Step.allCases, of: Self.later, on: .shared()) { try $0.endSession() }
    try expectWhole(cutAt: [.tablesMade, .ledgerMade, .lockStaged], of: Self.first, on: .shared()) {
      try $0.endSession()
    }
  }

  @Test func `a server whose process is killed at any step leaves all of the run or nothing`()
    throws
  {
    // Its own server: all sessions end when one is killed.
    try expectWhole(cutAt: Step.allCases, of: Self.later, on: PostgresServer()) {
      try $0.killSession()
    }
  }

  private func expectWhole(
    cutAt steps: [Step], of scene: CrashScene, on server: PostgresServer,
    _ cut: (ServerScene) throws -> Void
  ) throws {
    let before = try ServerScene(scene, on: server)
    defer { before.remove() }
    let (old, new) = (try before.state(), try expected(before))
    try #require(old != new)
    for step in steps {
      let place = "\(scene.name), \(step)"
      let copy = try ServerScene(copying: before)
      defer { copy.remove() }
      // As servers are that keep what they said is committed; that of the tests is faster.
      try copy.run(
        "ALTER DATABASE \(PostgresServer.name(in: copy.url)) SET synchronous_commit = local")
      let output = try copy.apply(stoppingAt: step.rawValue) { try cut(copy) }
      if Self.committed.contains(step) {
        #expect(output.code == 0, "\(place): \(output.out)\(output.errors)")
      } else {
        #expect(output.code == 1, "\(place): \(output.out)\(output.errors)")
        #expect(output.errors.contains("connection"), "\(place): \(output.errors)")
        #expect(try copy.state() == old, "\(place)")
        let rerun = try copy.project.run("sow apply --yes")
        #expect(rerun.code == 0, "\(place): \(rerun.out)\(rerun.errors)")
      }
      #expect(try copy.state() == new, "\(place)")
      let check = try copy.project.run("sow lock check")
      #expect(check.code == 0, "\(place): \(check.out)\(check.errors)")
      if step == steps.last { try copy.expectDone(place) }
    }
  }

  @Test func `a commit whose answer was lost is found by its run`() throws {
    let scene = try ServerScene(Self.first)
    defer { scene.remove() }
    let expected = try expected(scene)
    // The commit is done and then waits for another server, which there is not.
    try scene.run(
      "ALTER DATABASE \(PostgresServer.name(in: scene.url)) SET synchronous_commit = on")
    let child = try scene.project.start("exec sow apply --yes", as: "lost")
    let end = ContinuousClock.now + .seconds(60)
    let waiting =
      "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'SyncRep'"
    while try scene.run(waiting) == "0", ContinuousClock.now < end { usleep(50_000) }
    try scene.endSession()
    let output = scene.project.output(of: child, as: "lost", ending: child.wait())
    #expect(output.code == 0, "\(output.out)\(output.errors)")
    #expect(output.out.contains("Applied: "), "\(output.out)")
    #expect(try scene.state() == expected)
    try scene.expectDone("lost")
  }

  @Test func `a commit that nobody can look up ends with 9, and the next plan says what is done`()
    throws
  {
    let scene = try ServerScene(Self.first)
    defer { scene.remove() }
    let expected = try expected(scene)
    try scene.runBeside("ALTER DATABASE $1 SET synchronous_commit = on")
    let child = try scene.project.start("exec sow apply --yes", as: "lost")
    let end = ContinuousClock.now + .seconds(60)
    let waiting = """
      SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'SyncRep'
      """
    while try scene.run(waiting) == "0", ContinuousClock.now < end { usleep(50_000) }
    try scene.runBeside(
      """
      ALTER DATABASE $1 ALLOW_CONNECTIONS false;
      SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '$1'
      """)
    let output = scene.project.output(of: child, as: "lost", ending: child.wait())
    #expect(output.code == 9, "\(output.out)\(output.errors)")
    #expect(output.errors.contains("error[unknown-outcome]"), "\(output.errors)")
    try scene.runBeside(
      "ALTER DATABASE $1 ALLOW_CONNECTIONS true; ALTER DATABASE $1 RESET synchronous_commit")
    #expect(try scene.state() == expected)
    // The lockfile is written by the next apply, which finds nothing else to do.
    #expect(try scene.project.run("sow plan --detailed-exitcode").code == 0)
    #expect(try scene.project.run("sow apply --yes").code == 0)
    #expect(try scene.run("SELECT count(*) FROM sow_run") == "1")
    try scene.expectDone("lost")
  }

  @Test func `a conflict that does not end is told after five more attempts`() throws {
    let scene = try ServerScene(Self.first)
    defer { scene.remove() }
    try #require(try scene.project.run("sow apply --yes").code == 0)
    try scene.run("UPDATE customer SET name = 'drifted' WHERE email = 'c1@example.com'")
    let child = try scene.project.start("SOW_STOP_AT=decided exec sow apply --yes", as: "late")
    for attempt in 0...5 {
      try #require(child.waitForStop(), "attempt \(attempt)")
      try scene.run("UPDATE customer SET name = 'x\(attempt)' WHERE email = 'c1@example.com'")
      child.signal(SIGCONT)
    }
    let output = scene.project.output(of: child, as: "late", ending: child.wait())
    #expect(output.code == 1, "\(output.out)\(output.errors)")
    #expect(output.errors.contains("somebody else changed the same rows"), "\(output.errors)")
    #expect(
      try scene.run("SELECT name FROM customer WHERE email = 'c1@example.com'") == "x5")
  }

  @Test func `one of six applies on a server does the work`() throws {
    let scene = try ServerScene(Self.first)
    defer { scene.remove() }
    let names = (1...6).map { "apply-\($0)" }
    let children = try names.map { try scene.project.start("exec sow apply --yes", as: $0) }
    let outputs = zip(children, names).map {
      scene.project.output(of: $0, as: $1, ending: $0.wait())
    }
    for output in outputs { #expect(output.code == 0, "\(output.out)\(output.errors)") }
    #expect(outputs.count { $0.out.contains("Applied: ") } == 1)
    #expect(try scene.run("SELECT count(*) FROM sow_run") == "1")
    try scene.expectDone("six")
  }

  @Test func `who waits is told who holds the lock`() throws {
    let scene = try ServerScene(Self.first)
    defer { scene.remove() }
    let holder = try scene.project.start("SOW_STOP_AT=decided exec sow apply --yes", as: "holder")
    try #require(holder.waitForStop())
    let late = try scene.project.run("sow apply --yes --lock-timeout 0.2")
    #expect(late.code == 6)
    #expect(late.errors.contains("sow holds the lock (process "), "\(late.errors)")
    holder.signal(SIGKILL)
    _ = holder.wait()
    let next = try scene.project.run("sow apply --yes")
    #expect(next.code == 0, "\(next.errors)")
  }

  @Test func `a row that somebody changes meanwhile is decided on again`() throws {
    let scene = try ServerScene(Self.first)
    defer { scene.remove() }
    try #require(try scene.project.run("sow apply --yes").code == 0)
    try scene.run("UPDATE customer SET name = 'drifted' WHERE email = 'c1@example.com'")
    let child = try scene.project.start("SOW_STOP_AT=decided exec sow apply --yes", as: "late")
    try #require(child.waitForStop())
    try scene.run("UPDATE customer SET name = 'again' WHERE email = 'c1@example.com'")
    child.signal(SIGCONT)
    // The step comes once more in the second attempt.
    try #require(child.waitForStop())
    child.signal(SIGCONT)
    let output = scene.project.output(of: child, as: "late", ending: child.wait())
    #expect(output.code == 0, "\(output.out)\(output.errors)")
    #expect(output.out.contains("\"again\" → \"Nguyễn 1\""), "\(output.out)")
    try scene.expectDone("conflict")
  }

  @Test func `of two plans that touch a row the second sees what the first did`() throws {
    let scene = try ServerScene(Self.first)
    defer { scene.remove() }
    try #require(try scene.project.run("sow apply --yes").code == 0)
    try scene.run("INSERT INTO note (text, kind) VALUES ('shared', 'old')")
    for name in ["first", "second"] {
      try scene.project.write(
        """
        operations:
          touch:
            action: update
            entity: note
            where: { text: shared }
            values: { kind: \(name) }
        """, to: "plans/\(name).yaml")
    }
    let elsewhere = try TemporaryProject(copying: scene.project.folder)
    defer { elsewhere.remove() }
    let planned = try elsewhere.run("sow plan plans/second.yaml -o second.plan")
    #expect(planned.out.contains("\"old\" → \"second\""), "\(planned.out)\(planned.errors)")
    let first = try scene.project.run("sow apply plans/first.yaml --yes")
    #expect(first.code == 0, "\(first.out)\(first.errors)")

    let stale = try elsewhere.run("sow apply second.plan --yes")
    #expect(stale.code == 5, "\(stale.out)\(stale.errors)")
    #expect(stale.errors.contains("touch"), "\(stale.errors)")
    #expect(try scene.run("SELECT kind FROM note WHERE text = 'shared'") == "first")
    let second = try elsewhere.run("sow apply plans/second.yaml --yes")
    #expect(second.code == 0, "\(second.out)\(second.errors)")
    #expect(second.out.contains("\"first\" → \"second\""), "\(second.out)")
  }

  @Test func `reading wants SELECT, and writing no more than rights to rows`() throws {
    let scene = try ServerScene(Self.later)
    defer { scene.remove() }
    try scene.run(
      """
      CREATE ROLE reader_of_rows LOGIN; CREATE ROLE writer_of_rows LOGIN;
      GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader_of_rows, writer_of_rows;
      GRANT INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO writer_of_rows
      """)
    try scene.enter(scene.url(as: "reader_of_rows"))
    let plan = try scene.project.run("sow plan --detailed-exitcode")
    #expect(plan.code == 2, "\(plan.out)\(plan.errors)")
    let refused = try scene.project.run("sow apply --yes")
    #expect(refused.code == 1)
    #expect(refused.errors.contains("permission denied for table sow_run"), "\(refused.errors)")

    try scene.enter(scene.url(as: "writer_of_rows"))
    let applied = try scene.project.run("sow apply --yes")
    #expect(applied.code == 0, "\(applied.out)\(applied.errors)")
    try scene.expectDone("rights")
  }
}
