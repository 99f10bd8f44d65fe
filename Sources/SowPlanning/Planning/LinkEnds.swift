internal import SowModel

/// Which tables hold links, and to whose rows theirs belong: by the schemas of the plan, and by what
/// the ledger remembers of rows.
struct LinkEnds {
  /// A set-valued column of the rows of `parent`.
  struct End: Hashable {
    let parent: String
    let field: String
    let link: LinkTable
  }

  /// By the table of links.
  private var ends: [String: [End]] = [:]

  init(_ decider: Decider, _ catalogue: Catalogue) {
    for entity in decider.plan.entities {
      for column in entity.table.columns {
        guard let link = column.link else { continue }
        add(entity.table.name, column.name, link.names, catalogue)
      }
    }
    for (_, shape) in decider.shapes.sorted(by: { $0.key < $1.key }) {
      for (field, names) in shape.links.sorted(by: { $0.key < $1.key }) {
        add(shape.table, field, names, catalogue)
      }
    }
  }

  private mutating func add(
    _ parent: String, _ field: String, _ names: LinkNames, _ catalogue: Catalogue
  ) {
    guard let link = catalogue[names.table].flatMap(names.links) else { return }
    let end = End(parent: parent, field: field, link: link)
    if ends[names.table]?.contains(end) != true { ends[names.table, default: []].append(end) }
  }

  /// The table with its set-valued columns, so that its rows take their links along.
  func adding(to table: Table) -> Table {
    var table = table
    let own = ends.sorted { $0.key < $1.key }.flatMap(\.value).filter { $0.parent == table.name }
    for end in own where table.position(of: end.field) == nil {
      table.columns.append(
        Column(
          name: end.field, declaredType: "", type: .list(of: .any), isNullable: false,
          hasDefault: true, generation: .none, link: end.link))
    }
    return table
  }

  /// Whether the rows of `table` belong to those that they refer to by `foreignKey`.
  func isOwned(_ table: Table, by foreignKey: Table.ForeignKey) -> Bool {
    ends[table.name]?.contains {
      $0.parent == foreignKey.table && foreignKey.columns == [$0.link.own]
    } ?? false
  }

  /// Whose links to the rows of `foreignKey.table` lie in `table`, if any do.
  func end(of table: Table, leading foreignKey: Table.ForeignKey) -> End? {
    ends[table.name]?.first { foreignKey.columns == [$0.link.other] }
  }
}
