import Testing

@testable import SowThreads

struct AheadTests {
  @Test func `a value is made once`() {
    var count = 0
    do {
      let ahead = Ahead {
        count += 1
        return 7
      }
      #expect(ahead.value() == 7)
    }
    #expect(count == 1)
  }

  @Test func `a value that nobody wants is made to its end before it is let go of`() {
    var isMade = false
    do {
      _ = Ahead { isMade = true }
    }
    #expect(isMade)
  }
}
