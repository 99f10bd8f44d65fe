/// All rows of a table that pass a filter, to be handed over one by one.
package struct Scan: Sendable {
  package var table: Table
  package var conditions: [ResolvedCondition]
  package var columns: [Source]
  /// Positions in `columns` that order the rows: text by its bytes, whatever the collation.
  package var order: [Int]

  /// A column of the row itself, or of a row that it leads to; null where a link leads nowhere. Of
  /// a set it is a list: what each member leads to, sorted, each once.
  package struct Source: Hashable, Sendable {
    /// The set-valued column of the scan's table whose members the links start from; nil where they
    /// start from the row.
    package var set: Int?
    /// From row to row, the first from the row of the scan.
    package var links: [Link]
    /// That has the column: the scan's own, or the last link's.
    package var table: Table
    package var column: Int

    package init(set: Int? = nil, links: [Link] = [], table: Table, column: Int) {
      self.set = set
      self.links = links
      self.table = table
      self.column = column
    }
  }

  /// To the row of `table` whose column `target` equals `column` of the row before.
  package struct Link: Hashable, Sendable {
    package var column: Int
    package var table: Table
    package var target: Int
    /// What the row must pass beside.
    package var conditions: [ResolvedCondition]

    package init(
      column: Int, table: Table, target: Int, conditions: [ResolvedCondition] = []
    ) {
      self.conditions = conditions
      self.column = column
      self.table = table
      self.target = target
    }
  }

  /// The ways that columns go, and their beginnings, in the order in which they come up.
  package var paths: [[Link]] {
    var paths: [[Link]] = []
    for source in columns {
      for end in source.links.indices {
        let path = Array(source.links[...end])
        if !paths.contains(path) { paths.append(path) }
      }
    }
    return paths
  }

  package init(
    table: Table, conditions: [ResolvedCondition] = [], columns: [Source], order: [Int]
  ) {
    self.table = table
    self.conditions = conditions
    self.columns = columns
    self.order = order
  }
}
