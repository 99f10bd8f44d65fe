import SowModel

/// What a subschema says about the column that holds its instances.
struct FieldShape {
  /// Nil where nothing but null fits.
  var type: FieldType? = .any
  var admitsNull = true
  var isReadOnly = false
  var defaultEntry: Node.Entry?

  /// How many subschemas one column's type may be read from; what lies beyond is `any`.
  static let budget = 10_000

  /// Both must hold.
  func narrowed(by other: FieldShape) -> FieldShape {
    var shape = self
    shape.type = type.flatMap { type in other.type.map { type.narrowed(by: $0) } }
    shape.admitsNull = admitsNull && other.admitsNull
    shape.isReadOnly = isReadOnly || other.isReadOnly
    shape.defaultEntry = defaultEntry ?? other.defaultEntry
    return shape
  }

  /// One of several may hold; types that differ make `any`.
  static func union(of shapes: [FieldShape]) -> FieldShape {
    let types = shapes.compactMap(\.type)
    let isUniform = types.allSatisfy { $0 == types.first }
    return FieldShape(
      type: isUniform ? types.first : .any, admitsNull: shapes.contains(where: \.admitsNull))
  }
}

extension FieldType {
  /// The type of what must be both; where that is nothing, the first, which then never validates.
  fileprivate func narrowed(by other: FieldType) -> FieldType {
    switch (self, other) {
    case (.any, let other): other
    case (.string, .date), (.string, .time), (.string, .timestamp), (.string, .uuid),
      (.string, .bytes), (.decimal, .integer), (.decimal, .float):
      other
    case (.object(let members), .object(let others)):
      .object(members.merging(others) { $0.narrowed(by: $1) })
    case (.list(let item), .list(let other)): .list(of: item.narrowed(by: other))
    default: self
    }
  }
}

extension TypeSet {
  /// How a scalar that should have one of these types and `format` is read.
  func fieldType(format: String?) -> FieldType {
    switch subtracting(.null) {
    case .string:
      switch format {
      case "date": .date
      case "time": .time
      case "date-time": .timestamp
      case "uuid": .uuid
      case "byte": .bytes
      default: .string
      }
    case .integer: .integer
    case .number, [.integer, .number]: format == "double" ? .float : .decimal
    case .boolean: .boolean
    case .object: .object([:])
    case .array: .list(of: .any)
    default: .any
    }
  }
}

extension SchemaGraph {
  /// Reads the shape off the rules; a schema within itself is `any`, since types are finite.
  func shape(
    of id: SchemaID, entering path: Set<SchemaID>, budget: inout Int
  ) -> FieldShape {
    budget -= 1
    guard budget > 0, !path.contains(id) else { return FieldShape() }
    let path = path.union([id])
    let schema = schemas[id]
    var shape = FieldShape(isReadOnly: schema.isReadOnly, defaultEntry: schema.defaultEntry)
    for rule in schema.rules {
      switch rule.check {
      case .type(let types):
        let own = FieldShape(
          type: types == .null ? nil : fieldType(of: schema, types, path, &budget),
          admitsNull: types.contains(.null))
        shape = shape.narrowed(by: own)
      case .enumeration(let literals), .constant(let literals):
        shape = shape.narrowed(by: literals.shape)
      case .never: shape.admitsNull = false
      case .combination(.reference(let target)):
        shape = shape.narrowed(by: self.shape(of: target, entering: path, budget: &budget))
      case .combination(.all(let targets)):
        for target in targets {
          shape = shape.narrowed(by: self.shape(of: target, entering: path, budget: &budget))
        }
      case .combination(.any(let targets)), .combination(.one(let targets)):
        let shapes = targets.map { self.shape(of: $0, entering: path, budget: &budget) }
        shape = shape.narrowed(by: .union(of: shapes))
      default: break
      }
    }
    return shape
  }

  private func fieldType(
    of schema: Subschema, _ types: TypeSet, _ path: Set<SchemaID>, _ budget: inout Int
  ) -> FieldType {
    var type = types.fieldType(format: nil)
    for rule in schema.rules {
      switch (rule.check, type) {
      case (.format(let format), _): type = types.fieldType(format: format.rawValue)
      case (.members(let rules), .object(var members)):
        for property in rules.properties {
          let shape = shape(of: property.schema, entering: path, budget: &budget)
          members[property.name] = shape.type ?? .any
        }
        type = .object(members)
      case (.items(let items), .list):
        guard items.prefix.isEmpty, let rest = items.rest else { break }
        type = .list(of: shape(of: rest, entering: path, budget: &budget).type ?? .any)
      default: break
      }
    }
    return type
  }
}

extension Literals {
  /// Literals that are all text make a string; others say nothing but whether null is among them.
  fileprivate var shape: FieldShape {
    let others = values.filter { !$0.isNull }
    let areText = others.allSatisfy { if case .text = $0 { true } else { false } }
    return FieldShape(
      type: others.isEmpty ? nil : areText ? .string : .any,
      admitsNull: others.count < values.count)
  }
}
