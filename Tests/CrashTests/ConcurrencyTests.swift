import Foundation
import SowTestSupport
import Testing

/// Several runs on one database at once.
struct ConcurrencyTests {
  private static let atomic = CrashScene(
    name: "atomic", options: "{ atomic: true }", customers: 50)
  private static let stepwise = CrashScene(
    name: "stepwise", options: "{ atomic: false, on_error: continue }", customers: 8)

  /// The state that one apply alone leads to.
  private func expected(_ project: TemporaryProject) throws -> ProjectState {
    let alone = try TemporaryProject(copying: project.folder)
    defer { alone.remove() }
    try #require(try alone.run("sow apply --yes").code == 0)
    return try ProjectState(of: alone, digests: false)
  }

  private func applies(_ count: Int, _ project: TemporaryProject) throws
    -> [TemporaryProject.Output]
  {
    let names = (1...count).map { "apply-\($0)" }
    let children = try names.map { try project.start("exec sow apply --yes", as: $0) }
    return zip(children, names).map {
      project.output(of: $0, as: $1, ending: $0.wait())
    }
  }

  @Test(arguments: [2, 6])
  func `one of several applies does the work, the others find nothing to do`(count: Int) throws {
    let project = try Self.atomic.prepare()
    defer { project.remove() }
    let expected = try expected(project)
    let outputs = try applies(count, project)
    for output in outputs { #expect(output.code == 0, "\(output.out)\(output.errors)") }
    #expect(outputs.count { $0.out.contains("Applied: 102 created") } == 1)
    let state = try ProjectState(of: project, digests: false)
    let difference = state.difference(from: expected, countsRuns: true)
    #expect(difference == nil, "\(difference ?? "")")
    #expect(try project.run("sow lock check").code == 0)
  }

  @Test func `several applies of single commits write nothing twice`() throws {
    let project = try Self.stepwise.prepare()
    defer { project.remove() }
    let expected = try expected(project)
    let outputs = try applies(4, project)
    for output in outputs {
      #expect([0, 5].contains(output.code), "\(output.out)\(output.errors)")
    }
    #expect(outputs.contains { $0.code == 0 })
    let state = try ProjectState(of: project, digests: false)
    let difference = state.difference(from: expected, countsRuns: false)
    #expect(difference == nil, "\(difference ?? "")")
    #expect(try project.run("sow lock check").code == 0)
  }

  @Test func `a run that comes between two commits ends the other one`() throws {
    let project = try Self.stepwise.prepare()
    defer { project.remove() }
    let expected = try expected(project)
    let first = try project.start("SOW_STOP_AT=committed:3 exec sow apply --yes", as: "first")
    try #require(first.waitForStop())
    let second = try project.run("sow apply --yes")
    #expect(second.code == 0, "\(second.out)\(second.errors)")
    first.signal(SIGCONT)
    let output = project.output(of: first, as: "first", ending: first.wait())
    #expect(output.code == 5, "\(output.out)\(output.errors)")
    #expect(output.errors.contains("error[intervening-run]"))
    #expect(output.out.contains("Applied in part: 3 created"), "\(output.out)")
    let state = try ProjectState(of: project, digests: false)
    let difference = state.difference(from: expected, countsRuns: false)
    #expect(difference == nil, "\(difference ?? "")")
  }

  @Test func `waiting for the lock ends after the timeout`() throws {
    let project = try Self.atomic.prepare()
    defer { project.remove() }
    let holder = try project.start("SOW_STOP_AT=setWritten exec sow apply --yes", as: "holder")
    try #require(holder.waitForStop())
    let late = try project.run("sow apply --yes --lock-timeout 0.2")
    #expect(late.code == 6)
    #expect(late.errors.contains("error[another-run]"), "\(late.errors)")
    #expect(late.ending.seconds >= 0.2)
    // Who is killed holds nothing.
    holder.signal(SIGKILL)
    #expect(holder.wait().code == 137)
    let next = try project.run("sow apply --yes --lock-timeout 0.2")
    #expect(next.code == 0, "\(next.errors)")
  }

  @Test(arguments: [false, true])
  func `reading goes on while an apply holds the lock`(isLater: Bool) throws {
    var scene = Self.atomic
    scene.isLater = isLater
    let project = try scene.prepare()
    defer { project.remove() }
    let alone = try project.run("sow plan --detailed-exitcode")
    #expect(alone.code == 2)
    let holder = try project.start("SOW_STOP_AT=runRecorded exec sow apply --yes", as: "holder")
    try #require(holder.waitForStop())
    let plan = try project.run("sow plan --detailed-exitcode --lock-timeout 0.2")
    #expect(plan.code == 2, "\(plan.errors)")
    #expect(plan.out == alone.out)
    let list = try project.run("sow ledger list --lock-timeout 0.2")
    #expect(list.code == 0, "\(list.errors)")
    holder.signal(SIGCONT)
    #expect(holder.wait().code == 0)
  }

  @Test func `a lockfile that waits for its place is nobody else's to write`() throws {
    let project = try Self.atomic.prepare()
    defer { project.remove() }
    let expected = try expected(project)
    // The database is free again, and the lockfile is not in its place yet.
    let first = try project.start("SOW_STOP_AT=committed exec sow apply --yes", as: "first")
    try #require(first.waitForStop())
    let second = try project.start("exec sow apply --yes", as: "second")
    usleep(700_000)
    first.signal(SIGCONT)
    #expect(first.wait().code == 0)
    let output = project.output(of: second, as: "second", ending: second.wait())
    #expect(output.code == 0, "\(output.errors)")
    let state = try ProjectState(of: project, digests: false)
    let difference = state.difference(from: expected, countsRuns: true)
    #expect(difference == nil, "\(difference ?? "")")
  }
}
