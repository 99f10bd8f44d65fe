import Testing

@testable import SowThreads

struct HalvesTests {
  @Test(arguments: [0, 1, 2, 7, 1_000])
  func `results come in the order of the items, however they are shared out`(count: Int) {
    let items = Array(0..<count)
    for limit in [0, 2, 1_001] {
      #expect(inHalves(items, from: limit) { $0.map { $0 * 2 } } == items.map { $0 * 2 })
    }
  }
}
