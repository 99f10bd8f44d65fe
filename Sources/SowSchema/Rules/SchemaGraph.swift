import SowModel

/// All subschemas of one document; they name each other by index, so that recursion is data.
struct SchemaGraph: Sendable {
  /// The document itself is the first.
  var schemas: [Subschema] = []
}

/// The index of a subschema in its graph.
typealias SchemaID = Int

/// One subschema: what must hold of an instance, cheap rules first, and what is said about it.
struct Subschema: Sendable {
  var range: SourceRange
  var rules: [Rule] = []
  var defaultEntry: Node.Entry?
  var isReadOnly = false
}

/// One keyword, or several that only mean something together, and the place of its name.
struct Rule: Sendable {
  var check: Check
  var range: SourceRange
}

/// Large parts are boxed, so that a rule is cheap to look at.
enum Check: Sendable {
  case type(TypeSet)
  case enumeration(Literals)
  case constant(Literals)
  case multipleOf(Divisor)
  case bound(NumberBound)
  case maxLength(Int)
  case minLength(Int)
  case pattern(Pattern)
  case format(Format)
  case maxItems(Int)
  case minItems(Int)
  case uniqueItems
  indirect case contains(Containment)
  indirect case items(ItemRules)
  case maxProperties(Int)
  case minProperties(Int)
  case required([String])
  case dependentRequired([Dependency<[String]>])
  case dependentSchemas([Dependency<SchemaID>])
  indirect case members(MemberRules)
  case propertyNames(SchemaID)
  /// Applies other subschemas to the same instance.
  indirect case combination(Combination<SchemaID>)
  /// The schema `false`.
  case never
}

/// How the verdicts of other schemas on the same instance make one; `Member` names a schema.
enum Combination<Member: Sendable>: Sendable {
  case reference(Member)
  case all([Member])
  case any([Member])
  case one([Member])
  case not(Member)
  case condition(if: Member, then: Member?, else: Member?)

  var members: [Member] {
    switch self {
    case .reference(let member), .not(let member): [member]
    case .all(let members), .any(let members), .one(let members): members
    case .condition(let condition, let then, let otherwise):
      [condition] + [then, otherwise].compactMap(\.self)
    }
  }
}

/// What must hold when the property `name` is present.
struct Dependency<Consequence: Sendable>: Sendable {
  var name: String
  var consequence: Consequence
}

/// `contains` with `minContains` and `maxContains`, each with its place.
struct Containment: Sendable {
  var schema: SchemaID
  var least: Int
  var leastRange: SourceRange?
  var most: Int?
  var mostRange: SourceRange?
}

/// `prefixItems` and `items`.
struct ItemRules: Sendable {
  var prefix: [SchemaID]
  var rest: SchemaID?
  var restRange: SourceRange?
}

/// `properties`, `patternProperties` and `additionalProperties`.
struct MemberRules: Sendable {
  /// In the order of the document.
  var properties: [(name: String, schema: SchemaID)]
  var patterns: [(pattern: Pattern, schema: SchemaID, range: SourceRange)]
  var additional: SchemaID?
  var additionalRange: SourceRange?
  /// Where each property is named.
  var propertyRanges: [SourceRange]
  private let index: [ExactText: SchemaID]

  init(
    properties: [(name: String, schema: SchemaID)],
    patterns: [(pattern: Pattern, schema: SchemaID, range: SourceRange)],
    additional: SchemaID?, additionalRange: SourceRange?, propertyRanges: [SourceRange]
  ) {
    self.properties = properties
    self.patterns = patterns
    self.additional = additional
    self.additionalRange = additionalRange
    self.propertyRanges = propertyRanges
    index = Dictionary(
      properties.map { (ExactText($0.name), $0.schema) }, uniquingKeysWith: { first, _ in first })
  }

  func schema(ofProperty name: String) -> SchemaID? { index[ExactText(name)] }
}
