import SowModel
import SowPlanning
import Testing

struct SchemaPullTests {
  private func catalogue(_ names: [String]) -> Catalogue {
    let key = Column(
      name: "id", declaredType: "INTEGER", type: .integer, isNullable: false, hasDefault: false,
      generation: .none)
    return Catalogue(
      tables: names.map {
        Table(
          name: $0, columns: [key], primaryKey: [0], uniqueKeys: [[0], [0]], foreignKeys: [],
          hasTriggers: false)
      })
  }

  @Test func `a table whose name is a name goes first, another one takes what is left`() {
    let pull = SchemaPull(
      catalogue(["a b", "a_b", "Ä.ö", "..", "-x", "../up", "C D", "c_d"]), known: [:], only: nil)
    #expect(pull.entities.map(\.table.name) == ["a_b", "Ä.ö", "../up", "c_d"])
    #expect(pull.entities.map(\.name) == ["a_b", "Ä_ö", "___up", "c_d"])
    #expect(
      pull.leftOut.map { "\($0.table): \($0.reason)" } == [
        "a b: nameTaken", "..: unusableName", "-x: unusableName", "C D: nameTaken",
      ])
  }

  @Test func `a table keeps the entity that it has`() {
    let pull = SchemaPull(
      catalogue(["person", "people"]), known: ["people": "person", "gone": "g"], only: nil)
    #expect(pull.entities.map(\.name) == ["person"])
    #expect(pull.entities.map(\.table.name) == ["people"])
    #expect(pull.leftOut.map(\.reason) == [.nameTaken])
  }

  @Test func `a unique index on the primary key says nothing new`() {
    #expect(
      SchemaPull(catalogue(["a"]), known: [:], only: nil).entities.map(\.unique) == [[]])
  }
}
