internal import SowModel

extension PlanChecker {
  /// The rows of a table of links belong to those that have the links: nothing else of the plan
  /// writes them.
  mutating func checkLinkTables() {
    var owners: [String: LinkField] = [:]
    var refused: [String: LinkField] = [:]
    for set in columnSets {
      let entity = entities[set.entity]
      for column in set.columns {
        guard let name = entity.table.columns[column].link?.table.name else { continue }
        let field = LinkField(
          entity: entity.name, table: entity.table.name, field: entity.fields[column].name)
        if let first = owners[name] {
          if first.table != field.table || first.field != field.field { refused[name] = field }
        } else {
          owners[name] = field
        }
      }
    }
    guard !owners.isEmpty else { return }
    for operation in operations where operation.action != .read {
      let entity = entities[operation.entity]
      if let owner = owners[entity.table.name] {
        report(entity.table.name, owner, at: operation.range)
      }
      guard !refused.isEmpty else { continue }
      for link in entity.table.links.compactMap({ entity.table.columns[$0].link }) {
        guard let other = refused[link.table.name], other.entity == entity.name,
          let owner = owners[link.table.name]
        else { continue }
        refused[link.table.name] = nil
        report(link.table.name, owner, at: operation.range)
      }
    }
  }

  /// A field whose links a plan writes.
  private struct LinkField {
    let entity: String
    let table: String
    let field: String
  }

  private mutating func report(_ table: String, _ owner: LinkField, at range: SourceRange) {
    sink.diagnostics.report(
      .linkTableWritten, ["table": table, "field": owner.field, "entity": owner.entity], at: range)
  }
}
