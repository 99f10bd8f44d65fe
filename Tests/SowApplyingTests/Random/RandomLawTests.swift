import FoundationEssentials
import SowModel
import Testing

/// What holds for every plan, every edit and whatever hands do to the database.
///
/// `SOW_SEEDS=1000` tells so many stories; `SOW_SEED=17` tells that one again and prints it.
struct RandomLawTests {
  static let batches = 8
  static var environment: [String: String] { ProcessInfo.processInfo.environment }
  static var seeds: Range<UInt64> {
    if let seed = environment["SOW_SEED"].flatMap(UInt64.init) { return seed..<seed + 1 }
    return 0..<(environment["SOW_SEEDS"].flatMap(UInt64.init) ?? 120)
  }

  @Test(arguments: 0..<batches)
  func `plan predicts, again is nothing, strangers stay, an interruption leaves no trace`(
    batch: Int
  ) throws {
    var tally: [String: Int] = [:]
    for seed in Self.seeds where seed % UInt64(Self.batches) == UInt64(batch) {
      var story = try RandomStory(seed: seed)
      do {
        try story.tell()
      } catch {
        Issue.record("SOW_SEED=\(seed) shows it again: \(error)\n\(story.log)")
      }
      tally.merge(story.tally, uniquingKeysWith: +)
    }
    let rounds = tally.values.reduce(0, +)
    let applied = tally["applied", default: 0] + tally["nothing to do", default: 0]
    // Laws about runs that do not happen would say little.
    if Self.seeds.count > 100 { #expect(applied * 2 > rounds, "\(tally)") }
  }
}
