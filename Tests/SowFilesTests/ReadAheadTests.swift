import Testing

@testable import SowFiles

struct ReadAheadTests {
  @Test func `items come in their order, and then nothing`() {
    var next = 0
    let ahead = ReadAhead<Int> {
      next += 1
      return next <= 1_000 ? next : nil
    }
    #expect(ahead.start())
    var found: [Int] = []
    while let item = ahead.next() { found.append(item) }
    #expect(found == Array(1...1_000))
    #expect(ahead.next() == nil)
  }

  @Test func `no more are made than wait, and none after the end of interest`() {
    var made = 0
    let ahead = ReadAhead<Int>(depth: 3) {
      made += 1
      return made
    }
    #expect(ahead.start())
    #expect(ahead.next() == 1)
    ahead.cancel()
    // One was taken, three may wait, and one may be in the making.
    #expect(made <= 5)
  }
}
