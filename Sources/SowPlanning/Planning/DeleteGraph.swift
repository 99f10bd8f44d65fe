internal import SowModel

/// Rows that a run deletes, those that the database deletes with them, and who refers to whom.
///
/// The closure over foreign keys asks once a round, table and foreign key, whatever the number of
/// rows.
struct DeleteGraph {
  /// One row that goes.
  struct Node {
    let table: String
    let key: RowKey
    let cause: Cause
    /// Rows that must be gone before.
    var children: [Link] = []
  }

  enum Cause {
    /// A position in the removals.
    case removal(Int)
    /// An instance of a `delete`.
    case query(Int)
    /// The database deletes it because of this node.
    case cascade(Int)
  }

  struct Link {
    let child: Int
    /// Nil where the child refers to the row by a link, which goes with the child.
    let foreignKey: Table.ForeignKey?
  }

  /// A row that stays and refers to one that goes.
  struct Neighbour {
    let node: Int
    let table: Table
    let foreignKey: Table.ForeignKey
    let key: RowKey
  }

  private(set) var nodes: [Node] = []
  /// Rows that stay and do not let theirs go.
  private(set) var blockers: [Neighbour] = []
  /// Rows that stay, refer to one that goes, and that the run has refer elsewhere.
  private(set) var movers: [Neighbour] = []
  /// Rows that stay and lose their reference.
  private(set) var losers: [Neighbour] = []
  /// Links that go with the row that they lead to, though the row that has them stays.
  private(set) var lostLinks: [LostLink] = []
  private var positions: [Place: Int] = [:]
  private let catalogue: Catalogue
  private let links: LinkEnds

  struct LostLink {
    let node: Int
    let end: LinkEnds.End
    /// Of the row that has the link.
    let key: RowKey
  }

  private struct Place: Hashable {
    var table: String
    var key: RowKey
  }

  init(_ catalogue: Catalogue, _ links: LinkEnds) {
    self.catalogue = catalogue
    self.links = links
  }

  /// Adds a row that goes; false where it goes already.
  @discardableResult
  mutating func add(_ key: RowKey, in table: String, because cause: Cause) -> Bool {
    let place = Place(table: table, key: key)
    guard positions[place] == nil else { return false }
    positions[place] = nodes.count
    nodes.append(Node(table: table, key: key, cause: cause))
    return true
  }

  /// Finds all that refers to the rows added so far.
  mutating func close(_ snapshot: any Snapshot, _ redirects: RowRedirects) throws {
    var start = 0
    while start < nodes.count {
      let round = start..<nodes.count
      start = nodes.count
      let tables = Dictionary(grouping: round) { nodes[$0].table }
      for (name, members) in tables.sorted(by: { $0.key < $1.key }) {
        guard let parent = catalogue[name] else { continue }
        for child in catalogue.tables {
          for (number, foreignKey) in child.foreignKeys.enumerated()
          where foreignKey.table == name && !links.isOwned(child, by: foreignKey) {
            try link(members, parent, child, number, snapshot, redirects)
          }
        }
      }
    }
  }

  private mutating func link(
    _ members: [Int], _ parent: Table, _ child: Table, _ number: Int, _ snapshot: any Snapshot,
    _ redirects: RowRedirects
  ) throws {
    let foreignKey = child.foreignKeys[number]
    let keys = members.map { nodes[$0].key }
    let found = try snapshot.referring(to: keys, in: parent, from: child, by: foreignKey)
    guard !found.isEmpty else { return }
    let targets = try values(of: foreignKey, keys, parent, snapshot)
    if let end = links.end(of: child, leading: foreignKey) {
      return try follow(found, end, parent, foreignKey, targets, snapshot, redirects)
    }
    for referring in found {
      guard let node = positions[Place(table: parent.name, key: referring.parent)] else { continue }
      let neighbour = Neighbour(
        node: node, table: child, foreignKey: foreignKey, key: referring.child)
      if let other = positions[Place(table: child.name, key: referring.child)] {
        if other != node { nodes[node].children.append(Link(child: other, foreignKey: foreignKey)) }
      } else if let target = targets[referring.parent],
        redirects.leaves(referring.child, of: child, foreignKey: number, target)
      {
        movers.append(neighbour)
      } else {
        switch foreignKey.onDelete {
        case .refuse, .restrict: blockers.append(neighbour)
        case .setNull, .setDefault: losers.append(neighbour)
        case .cascade:
          nodes[node].children.append(Link(child: nodes.count, foreignKey: foreignKey))
          add(referring.child, in: child.name, because: .cascade(node))
        }
      }
    }
  }

  /// Rows that have links to rows that go: a link goes with the row that has it, or where that
  /// loses it in this run, and else stands against the delete or is lost.
  private mutating func follow(
    _ found: [Referring], _ end: LinkEnds.End, _ parent: Table, _ foreignKey: Table.ForeignKey,
    _ targets: [RowKey: [Value]], _ snapshot: any Snapshot, _ redirects: RowRedirects
  ) throws {
    let table = end.link.table
    let owners = try snapshot.rows(of: table, columns: [end.link.own], keys: found.map(\.child))
    for (referring, owner) in zip(found, owners) {
      guard let node = positions[Place(table: parent.name, key: referring.parent)],
        let key = owner.flatMap({ RowKey($0) })
      else { continue }
      if let other = positions[Place(table: end.parent, key: key)] {
        if other != node { nodes[node].children.append(Link(child: other, foreignKey: nil)) }
        continue
      }
      let neighbour = Neighbour(
        node: node, table: table, foreignKey: foreignKey, key: referring.child)
      if let target = targets[referring.parent]?.first,
        redirects.drops(target, from: end.field, ofRow: key, in: end.parent)
      {
        movers.append(neighbour)
        continue
      }
      switch foreignKey.onDelete {
      case .refuse, .restrict: blockers.append(neighbour)
      case .cascade, .setNull, .setDefault:
        lostLinks.append(LostLink(node: node, end: end, key: key))
      }
    }
  }

  /// What a row that refers to each of these rows holds.
  private func values(
    of foreignKey: Table.ForeignKey, _ keys: [RowKey], _ parent: Table, _ snapshot: any Snapshot
  ) throws -> [RowKey: [Value]] {
    let columns = foreignKey.referencedColumns.compactMap { parent.position(of: $0) }
    if columns == parent.primaryKey {
      return Dictionary(keys.map { ($0, $0.values) }, uniquingKeysWith: { first, _ in first })
    }
    let rows = try snapshot.rows(of: parent, columns: columns, keys: keys)
    return Dictionary(
      zip(keys, rows).compactMap { key, row in row.map { (key, $0) } },
      uniquingKeysWith: { first, _ in first })
  }
}
