import Testing

@testable import SowThreads

struct ReadAheadTests {
  @Test func `items come in their order, and then nothing`() throws {
    var next = 0
    let ahead = try #require(
      ReadAhead<Int> {
        next += 1
        return next <= 1_000 ? next : nil
      })
    var found: [Int] = []
    while let item = ahead.next() { found.append(item) }
    #expect(found == Array(1...1_000))
    #expect(ahead.next() == nil)
  }

  @Test func `no more are made than wait, and none once nobody holds it`() throws {
    var made = 0
    do {
      let ahead = try #require(
        ReadAhead<Int>(depth: 3) {
          made += 1
          return made
        })
      #expect(ahead.next() == 1)
    }
    // One was taken, three may wait, and one may be in the making.
    let last = made
    #expect(last <= 5)
    #expect(made == last)
  }
}
