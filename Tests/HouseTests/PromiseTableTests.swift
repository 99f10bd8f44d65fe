import Foundation
import SowTestSupport
import Testing

struct PromiseTableTests {
  @Test func `every test that the tables of promises name is there`() throws {
    let path = PackageFolder.path() + "/Tests/README.md"
    let table = PromiseTable(of: try String(contentsOfFile: path, encoding: .utf8))
    #expect(table.lines.count > 80)
    for complaint in table.complaints(try .all()) { Issue.record("Tests/README.md, \(complaint)") }
  }

  @Test func `a name that stands for nothing is found`() {
    let table = PromiseTable(
      of: """
        | before | it | `nothing` |
        ## Promises
        | paragraph | promises | tests |
        |---|---|---|
        | Rows | come | OneTests/`a row` , ATarget/OneTests/`a row`, `story` |
        | Lies | go | OneTests/`a raw`, BTarget/OneTests/`a row`, TwoTests/`a row`, `storey` |
        | Air | stays | |
        | Later | comes | with the seed systems |
        ## After
        | after | it | `nothing` |
        """)
    let known = PromiseTable.Known(tests: ["ATarget/OneTests": ["a row"]], scenarios: ["story"])
    #expect(
      table.complaints(known) == [
        "line 6: there is no test OneTests/`a raw`",
        "line 6: there is no test BTarget/OneTests/`a row`",
        "line 6: there is no test TwoTests/`a row`", "line 6: there is no scenario `storey`",
        "line 7: nothing holds Air ",
      ])
  }
}
