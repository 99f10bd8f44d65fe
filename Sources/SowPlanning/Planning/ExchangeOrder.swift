internal import SowModel

extension CheckedPlan {
  /// The plan with rows that give unique values up before those that take them. Where they wait for
  /// each other, one is set to null first; where that cannot be, the diagnostic says so.
  func ordered(
    by takes: [UniqueTake], _ releases: [UniqueFields: [RowKey: ExchangeRow]]
  ) -> CheckedPlan {
    var exchange = Exchange()
    guard let order else { return self }
    for (fields, rows) in releases { exchange.freed[fields] = Set(rows.keys) }
    let written = Self.positions(of: sets)
    let links = takes.compactMap { take -> Link? in
      guard let releaser = releases[take.fields]?[take.key] else { return nil }
      // A set deletes all rows that it replaces before it inserts the first one.
      if take.taker.isReplaced, releaser.isReplaced, options.onError == .stop,
        let set = take.taker.instance.flatMap({ written[$0] }),
        set == releaser.instance.flatMap({ written[$0] })
      {
        return nil
      }
      return Link(
        take: take, releaser: releaser,
        edge: .init(
          from: order.node(of: releaser, isLast: !releaser.isReplaced),
          to: order.node(of: take.taker, isLast: false)))
    }
    // Of a circle those wait that are written in the plan's order, and then no one.
    var kept = links.filter { !$0.isWithinStream }
    var parked = links.filter { $0.isWithinStream && $0.releaser.row > $0.take.taker.row }
    for isFirst in [true, false] {
      let graph = DependencyGraph(
        count: order.count, edges: order.edges + kept.map(\.edge))
      let components = graph.components()
      let circular = kept.indices.filter { index in
        let edge = kept[index].edge
        guard components[Int(edge.from)] == components[Int(edge.to)] else { return false }
        return !isFirst || edge.from >= edge.to
      }
      parked += circular.map { kept[$0] }
      let gone = Set(circular)
      kept = kept.indices.filter { !gone.contains($0) }.map { kept[$0] }
    }
    // Values that are exchanged are committed together.
    let together = (kept + parked).flatMap { link -> [DependencyGraph.Edge] in
      let from = order.node(of: link.releaser, isLast: false)
      let to = order.node(of: link.take.taker, isLast: false)
      return [.init(from: from, to: to), .init(from: to, to: from)]
    }
    let sets = order.sets(with: kept.map(\.edge), together: together) ?? self.sets
    let positions = Self.positions(of: sets)
    for link in parked {
      guard let parking = parking(for: link, into: &exchange.diagnostics),
        let set = positions[link.taker]
      else { continue }
      let isKnown = exchange.parked[set]?.contains { other in
        other.key == parking.key && other.table.name == parking.table.name
          && other.columns == parking.columns
      }
      if isKnown != true { exchange.parked[set, default: []].append(parking) }
    }
    return with(sets, exchange)
  }

  private struct Link {
    let take: UniqueTake
    let releaser: ExchangeRow
    let edge: DependencyGraph.Edge

    var isWithinStream: Bool {
      releaser.instance == nil && releaser.operation == take.taker.operation
    }

    /// Stands for the set in which the value is taken.
    var taker: Int { take.taker.instance ?? -1 - take.taker.operation }
  }

  /// The first set of each instance, and of each stream by its number below zero.
  private static func positions(of sets: [WorkSet]) -> [Int: Int] {
    var positions: [Int: Int] = [:]
    for (position, set) in sets.enumerated() {
      switch set.members {
      case .instances(let members):
        for member in members where positions[Int(member)] == nil {
          positions[Int(member)] = position
        }
      case .stream(let operation): positions[-1 - operation] = position
      }
    }
    return positions
  }

  private func parking(for link: Link, into diagnostics: inout Diagnostics) -> Parking? {
    let operation = operations[link.releaser.operation]
    let entity = entities[operation.entity]
    let columns = link.take.fields.columns.filter {
      entity.table.columns[$0].isNullable && !entity.primaryKey.contains($0)
    }
    let taker = operations[link.take.taker.operation]
    let other = SowModel.address(operation: operation.name, instance: link.releaser.address)
    guard !columns.isEmpty, operation.action != .delete else {
      diagnostics.report(
        .uniqueCircle,
        [
          "address": SowModel.address(operation: taker.name, instance: link.take.taker.address),
          "other": other,
          "fields": link.take.fields.columns.map { entity.fields[$0].name }
            .joined(separator: ", "),
        ], at: link.take.taker.range, related: [link.releaser.range])
      return nil
    }
    return Parking(
      table: entity.table, key: link.take.key, columns: columns,
      operation: link.releaser.operation, address: link.releaser.address)
  }
}

extension DiagnosticCode {
  static let uniqueCircle = DiagnosticCode(
    "unique-circle",
    #"{address} takes {fields} from {other}, and neither can be first: {fields} cannot be null"#,
    vi: """
      {address} lấy {fields} từ {other}, và không bên nào đi trước được: {fields} không được là \
      null
      """,
    meaning: """
      Rows exchange values that must be unique. One of them has to give its value up before the \
      other can take it, which it does by null, where the column allows that.
      """,
    example: "a: { values: { code: B } }     # was A\nb: { values: { code: A } }     # was B",
    fix: "Make the exchange in two applies, by a third value.")
}
