package import SowModel

/// Unique values that rows take.
extension Planner {
  /// Notes when the rows that go are gone.
  mutating func noteGone(
    _ graph: DeleteGraph, _ order: DeleteOrder, _ deleted: [Removal]
  ) {
    for node in graph.nodes.indices {
      var first = node
      while case .cascade(let other) = graph.nodes[first].cause { first = other }
      guard case .removal(let position) = graph.nodes[first].cause else { continue }
      gone[graph.nodes[node].table, default: [:]][graph.nodes[node].key] =
        order.isLate[first] ? .late(deleted[position]) : .early
    }
  }

  /// Nobody may take what another row has, unless that row gives it up before.
  mutating func checkUniques() throws {
    var open: [String: [UniqueTake]] = [:]
    for take in finder?.takes ?? [] {
      if plan.exchange?.frees(take.key, take.fields) == true { continue }
      switch gone[take.fields.table]?[take.key] {
      case .early?: continue
      case .late(let removal)?:
        refuse(
          take.taker,
          Diagnostic(
            .uniqueHeld,
            [
              "address": address(of: take.taker), "holder": removal.address,
              "fields": names(take.fields),
            ], at: take.taker.range))
      case nil: open[take.fields.table, default: []].append(take)
      }
    }
    for (_, takes) in open.sorted(by: { $0.key < $1.key }) { try refuse(takes) }
    for rivals in finder?.rivals ?? [] {
      let (other, related): (String, [SourceRange]) =
        switch rivals.other {
        case .instance(let number): (plan.address(of: number), [plan.instances[number].range])
        case .stream(let operation): (plan.operations[operation].name, [])
        }
      refuse(
        rivals.row,
        Diagnostic(
          .uniqueTwice,
          ["address": address(of: rivals.row), "other": other, "fields": names(rivals.fields)],
          at: rivals.row.range, related: related))
    }
  }

  /// Where other rows may go on, the row fails alone, and all is decided once more without it.
  private mutating func refuse(_ row: ExchangeRow, _ failure: Diagnostic) {
    refused.append((row, failure))
    report(failure)
  }

  /// Rows that stay have what others take.
  private mutating func refuse(_ takes: [UniqueTake]) throws {
    guard let first = takes.first else { return }
    let entity = plan.entities[plan.operations[first.taker.operation].entity]
    let owners =
      decider.hasLedger
      ? try decider.snapshot.owners(of: takes.map(\.key), in: entity.table)
      : [LedgerAddress?](repeating: nil, count: takes.count)
    for (take, owner) in zip(takes, owners) {
      let fields = names(take.fields)
      let hint: Diagnostic.Hint =
        if let owner {
          .text(
            "the row is {address} of the plan \"{plan}\"",
            vi: "bản ghi là {address} của kế hoạch \"{plan}\"",
            owner.facts(of: entity, seenFrom: decider.owner))
        } else {
          .text(
            "nobody owns the row; upsert with key: [\(fields)] takes it over",
            vi: "không ai sở hữu bản ghi; upsert với key: [\(fields)] sẽ tiếp nhận nó")
        }
      refuse(
        take.taker,
        Diagnostic(
          .uniqueTaken,
          [
            "address": address(of: take.taker), "fields": fields, "entity": entity.name,
            "key": take.key.text,
          ], at: take.taker.range, hint: hint))
    }
  }

  private func address(of row: ExchangeRow) -> String {
    SowModel.address(operation: plan.operations[row.operation].name, instance: row.address)
  }

  private func names(_ fields: UniqueFields) -> String {
    let table = plan.entities.first { $0.table.name == fields.table }?.table
    return fields.columns.compactMap { table?.columns[$0].name }.joined(separator: ", ")
  }
}

/// When a row that leaves is gone.
enum Departure {
  /// Before the first row is written.
  case early
  /// After the last one.
  case late(Removal)
}

extension DiagnosticCode {
  package static let uniqueTaken = DiagnosticCode(
    "unique-taken", #"{address} takes the {fields} of row {key} of "{entity}""#,
    vi: #"{address} lấy {fields} của bản ghi {key} của "{entity}""#,
    meaning: """
      The column is unique, and a row that stays as it is has the value already, so that the       database would refuse the new one.
      """,
    example: "luis: { …, values: { email: jane@example.com } }     # which is the e-mail of row 7",
    fix: """
      Write another value. Where it is the same row, take it over: upsert with the field as key, or       sow import.
      """)
  package static let uniqueTwice = DiagnosticCode(
    "unique-twice", "{address} and {other} take the same {fields}",
    vi: "{address} và {other} cùng lấy một {fields}",
    meaning: "The column is unique, and two rows of the plan write the same value to it.",
    example:
      "a: { …, values: { email: x@example.com } }\nb: { …, values: { email: x@example.com } }",
    fix: "Write another value in one of the two, or remove it.")
}
