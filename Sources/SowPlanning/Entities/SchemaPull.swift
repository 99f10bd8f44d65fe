package import SowModel

/// Which tables of a live database become schema files, and under which names.
package struct SchemaPull: Sendable {
  /// One a table, in the catalogue's order.
  package private(set) var entities: [PulledEntity] = []
  /// The tables that no schema can stand for.
  package private(set) var leftOut: [LeftOut] = []

  package struct LeftOut: Hashable, Sendable {
    package let table: String
    package let reason: Reason
  }

  package enum Reason: String, Hashable, Sendable {
    case noPrimaryKey = "it has no primary key"
    case view = "it is a view"
    case virtual = "it is a virtual table"
    case unusableName = "no entity can be named like it"
    case nameTaken = "another table's entity has the name that it would have"
  }

  /// `known` are the entities that there are schemas of, by table; `only` the tables that are
  /// asked for, nil for all.
  package init(_ catalogue: Catalogue, known: [String: String], only: Set<String>?) {
    let names = Self.names(of: catalogue, known: known)
    for table in catalogue.tables where only?.contains(table.name) ?? true {
      if table.primaryKey.isEmpty {
        leftOut.append(LeftOut(table: table.name, reason: .noPrimaryKey))
      } else if let name = names[table.name] {
        entities.append(PulledEntity(name: name, table: table, catalogue, names: names))
      } else {
        let isUsable = Self.entityName(like: table.name) != nil
        leftOut.append(
          LeftOut(table: table.name, reason: isUsable ? .nameTaken : .unusableName))
      }
    }
    for other in catalogue.others where only?.contains(other.name) ?? true {
      leftOut.append(
        LeftOut(table: other.name, reason: other.kind == .view ? .view : .virtual))
    }
  }

  /// The entity of each table: the one that there is, else the table's own name with what no name
  /// has replaced. Tables whose names are names come first; others take what is left.
  private static func names(
    of catalogue: Catalogue, known: [String: String]
  ) -> [String: String] {
    var names = known.filter { catalogue[$0.key] != nil }
    // File systems may take names for equal that differ in case.
    var taken = Set(known.values.map { $0.lowercased() })
    let open = catalogue.tables.map(\.name).filter { names[$0] == nil }
    for table in open.filter(isName) + open.filter({ !isName($0) }) {
      guard let name = entityName(like: table), taken.insert(name.lowercased()).inserted else {
        continue
      }
      names[table] = name
    }
    return names
  }

  private static func entityName(like table: String) -> String? {
    if isName(table) { return table }
    var name = ""
    for scalar in table.unicodeScalars {
      let isPart =
        scalar.isASCII
        ? isNameByte(UInt8(scalar.value)) : scalar.properties.isAlphabetic
      name.unicodeScalars.append(isPart ? scalar : "_")
    }
    // Nothing but replacements names nothing; 200 bytes leave room for a file's extension.
    let says = name.contains { $0 != "_" && $0 != "-" }
    return says && !name.hasPrefix("-") && name.utf8.count <= 200 ? name : nil
  }
}

extension PulledEntity {
  fileprivate init(
    name: String, table: Table, _ catalogue: Catalogue, names: [String: String]
  ) {
    var unique: [[Int]] = []
    for key in table.uniqueKeys
    where Set(key) != Set(table.primaryKey) && !unique.contains(where: { Set($0) == Set(key) }) {
      unique.append(key)
    }
    var references: [Reference] = []
    var others: [Table.ForeignKey] = []
    for key in table.foreignKeys {
      guard key.columns.count == 1, let target = catalogue[key.table],
        target.position(of: key.referencedColumns[0]) != nil, !target.primaryKey.isEmpty,
        let entity = names[target.name], !entity.contains("."),
        !references.contains(where: { $0.column == key.columns[0] })
      else {
        others.append(key)
        continue
      }
      references.append(
        Reference(column: key.columns[0], entity: entity, target: key.referencedColumns[0]))
    }
    self.init(
      name: name, table: table, references: references, unique: unique,
      otherForeignKeys: others)
  }
}
