import Foundation
import SowTestSupport
import Testing

/// Dying at any instant of an apply.
struct InstantTests {
  /// What is disturbed, and how often.
  struct Storm: CustomTestStringConvertible, Sendable {
    let scene: CrashScene
    let kills: Int
    let seed: UInt64

    var testDescription: String { "\(scene.name), \(kills) times" }
  }

  static let storms = [
    Storm(
      scene: CrashScene(name: "first", options: "{ atomic: true }", customers: 200),
      kills: 80, seed: 1),
    Storm(
      scene: CrashScene(
        name: "later", options: "{ atomic: true }", customers: 200, removes: true, isLater: true),
      kills: 80, seed: 2),
    Storm(
      scene: CrashScene(
        name: "stepwise", options: "{ atomic: false, on_error: continue }", customers: 12),
      kills: 40, seed: 3),
  ]

  @Test(arguments: storms)
  func `an apply killed at any instant is finished by the next one`(storm: Storm) throws {
    let scene = storm.scene
    let before = try scene.prepare()
    defer { before.remove() }
    let undisturbed = try TemporaryProject(copying: before.folder)
    defer { undisturbed.remove() }
    let whole = try undisturbed.run("exec sow apply --yes")
    try #require(whole.code == 0, "\(whole.out)\(whole.errors)")
    let expected = try ProjectState(of: undisturbed, digests: scene.isLater)

    var random = SplitMix(state: storm.seed)
    var killed = 0
    // How long an apply takes just now: other tests run beside this one.
    var span = whole.ending.seconds
    for number in 1...storm.kills {
      let project = try TemporaryProject(copying: before.folder)
      defer { project.remove() }
      let delay = span * Double.random(in: 0..<1.05, using: &random)
      let child = try project.start("exec sow apply --yes")
      usleep(UInt32(delay * 1_000_000))
      child.signal(SIGKILL)
      let ending = child.wait()
      if ending.code == 137 {
        killed += 1
        span *= 1.01
      } else {
        span = ending.seconds
      }
      let place = "\(scene.name), kill \(number) after \(delay) s"
      try expectTruth(of: project, after: before, place)
      let rerun = try project.run("exec sow apply --yes --quiet")
      #expect(rerun.code == 0, "\(place): \(rerun.out)\(rerun.errors)")
      let state = try ProjectState(of: project, digests: scene.isLater)
      let difference = state.difference(
        from: expected, countsRuns: scene.options.contains("atomic: true"))
      #expect(difference == nil, "\(place): \(difference ?? "")")
      guard number % 10 == 0 else { continue }
      let check = try project.run("sow lock check && sow plan --detailed-exitcode")
      #expect(check.code == 0, "\(place): \(check.out)\(check.errors)")
    }
    #expect(killed > storm.kills / 2)
  }
}

/// The same numbers in every run (Steele, Lea and Flood, 2014).
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
