internal import SowModel

extension PlanChecker {
  /// Binds an operation over a file to the file's columns.
  mutating func compile(
    _ source: any RowSource, _ key: [Located<String>], _ columns: [String],
    _ range: SourceRange, of operation: DataOperation, _ index: Int, _ entity: Entity
  ) -> Stream? {
    guard entity.isKnown else {
      // Nothing of it passes; what it refers to is still checked, and comes before it.
      for member in operation.values {
        let any = InputCompiler.Want(type: .any, isNullable: true, name: member.name.value)
        let nothing = Each.row(columns: columns, DataRow(absent: columns.count))
        _ = compiler.cell(member.input, any, each: nothing, into: &sink)
        noteTargets(of: member.input, index)
      }
      return nil
    }
    let mistakes = sink.diagnostics.all.count
    var fields: [(field: Int, program: Stream.Program, label: String?)] = []
    if operation.rows != nil {
      for (position, name) in columns.enumerated() {
        let located = Located(name, at: range)
        guard let field = writable(located, of: operation, entity) else { continue }
        fields.append((field, .column(position), entity.fields[field].label))
      }
    } else {
      for member in operation.values {
        guard let field = writable(member.name, of: operation, entity) else { continue }
        sink.label = entity.fields[field].label
        guard let program = program(member.input, field, entity, columns, index) else { continue }
        fields.append((field, program, sink.label))
        refuseSecret(sink.label, inKey: field, entity, at: member.input.range)
      }
    }
    fields.sort { $0.field < $1.field }
    let secretNames = expander.secretNames(of: operation, entity)
    let secret = Set(columns.indices.filter { secretNames.contains(columns[$0]) })
    let set = columnSetNumber(
      ColumnSet(entity: entityOf[index], columns: fields.map(\.field), ignoring: ignored))
    checkMissing(set, of: entity, at: operation.range)
    if sink.diagnostics.all.count > mistakes { unsound.insert(index) }
    return Stream(
      source: source, range: range, columnSet: set, programs: fields.map(\.program),
      key: streamKey(
        key, of: operation, entity, fields.map(\.field), columns, secret: secret), columns: columns,
      labels: fields.map(\.label), isReferenced: false)
  }

  private mutating func program(
    _ input: Input, _ field: Int, _ entity: Entity, _ columns: [String], _ index: Int
  ) -> Stream.Program? {
    if case .link(.each(let path), let range) = input, path.count == 1 {
      if let position = columns.firstIndex(of: path[0]) { return .column(position) }
      sink.diagnostics.report(
        .unknownEach, ["path": path[0], "known": Phrase.listing(columns)], at: range,
        hint: sink.suggestion(for: path[0], among: columns))
      return nil
    }
    if input.usesEach {
      noteTargets(of: input, index)
      noteWanted(input)
      return .input(input, column: input.onlyEach.flatMap { columns.firstIndex(of: $0) })
    }
    noteTargets(of: input, index)
    return compiler.cell(input, .init(entity.fields[field]), each: .none, into: &sink)
      .map { .constant($0) }
  }

  mutating func noteTargets(of input: Input, _ index: Int) {
    input.forEachReference { reference in
      if let target = compiler.names[reference.operation] {
        streamEdges.append((-1 - index, target))
      }
    }
  }

  /// Fields that rows of a stream will want of other operations.
  private mutating func noteWanted(_ input: Input) {
    var wanted: [(operation: Int, field: Int)] = []
    var labels: [String] = []
    input.forEachReference { reference in
      guard let operation = compiler.names[reference.operation] else { return }
      let entity = entities[compiler.targets[operation].entity]
      let path = ReferencePath(reference.path)
      if reference.instance == nil, path.row == nil, compiler.targets[operation].action == .read {
        sink.singles.insert(operation)
      }
      guard let field = entity.position(of: path.field) else { return }
      wanted.append((operation, field))
      if let label = entity.fields[field].label { labels.append(label) }
    }
    for (operation, field) in wanted { compiler.want(field, of: operation, into: &sink) }
    if let label = labels.first { sink.label = label }
  }

  private func streamKey(
    _ key: [Located<String>], of operation: DataOperation, _ entity: Entity, _ fields: [Int],
    _ columns: [String], secret: Set<Int>
  ) -> Stream.Key {
    if !key.isEmpty {
      let positions = key.compactMap { columns.firstIndex(of: $0.value) }
      return .columns(positions, secret: secret)
    }
    let written = fields.map { entity.fields[$0].name }
    guard let names = expander.keyFields(of: operation, entity, written: written) else {
      return .content
    }
    let positions = names.compactMap { written.firstIndex(of: $0) }
    return positions.count == names.count ? .fields(positions) : .content
  }
}

extension Input {
  /// Whether the input depends on the element of `for_each`.
  var usesEach: Bool {
    switch self {
    case .scalar: false
    case .link(let link, _): link.usesEach
    case .template(let parts, _):
      parts.contains { part in
        if case .link(let link) = part { return link.usesEach }
        return false
      }
    case .list(let items, _): items.contains(where: \.usesEach)
    case .object(let members, _): members.contains { $0.input.usesEach }
    case .lookup(let lookup): lookup.filter.contains { $0.operand.usesEach }
    }
  }
}

extension Input {
  /// The member of the element that the input depends on; nil where there are several.
  fileprivate var onlyEach: String? {
    var paths: Set<[String]> = []
    forEachLink { paths.formUnion($0.eachPaths) }
    return paths.count == 1 ? paths.first.flatMap { $0.count == 1 ? $0[0] : nil } : nil
  }
}

extension Link {
  fileprivate var usesEach: Bool { !eachPaths.isEmpty }

  /// The paths of `$each:` that it has.
  fileprivate var eachPaths: [[String]] {
    switch self {
    case .each(let path): [path]
    case .reference(let reference):
      reference.instance?.compactMap { part in
        if case .each(let path) = part { return path }
        return nil
      } ?? []
    case .variable, .environment: []
    }
  }
}

extension DataRow {
  /// A row in which nothing is given.
  fileprivate init(absent count: Int) {
    self.init()
    cells = Array(repeating: .absent, count: count)
  }
}
