/// One named step of a plan, as written; nobody changes it once it is read.
///
/// A class, because it is large and every check passes it on.
package final class DataOperation: @unchecked Sendable {
  package var name: String
  /// The place of the name (of the item where a batch request gives none).
  package var range: SourceRange
  /// Everything that was written of it, from the name on.
  package var extent: SourceRange
  package var action: Located<Action>
  package var entity: Located<String>
  /// Fields under `values` (`store_params`), in the order written.
  package var values: [InputMember] = []
  /// The place of `values`, where written.
  package var valuesRange: SourceRange?
  /// `where` (`query_params`); nil where absent, never empty.
  package var filter: [Condition]?
  package var key: [Located<String>]?
  package var select: [Located<String>]?
  package var sort: [SortField] = []
  package var dependsOn: [Located<String>] = []
  package var lifecycle = Lifecycle()
  /// `lifecycle.ignore`: fields that are written on insert, and neither compared nor set back later.
  package var ignored: [Located<String>] = []
  /// Addresses that the operation, or its instances, had before.
  package var movedFrom: [MovedSource] = []
  package var claims: [Claim] = []
  /// What the query is asked for, in the order written.
  package var params: [InputMember] = []
  /// What few operations say lies apart, so that those of a large plan lie close together.
  private var rare: Rare?

  package init(
    name: String, range: SourceRange, action: Located<Action>, entity: Located<String>
  ) {
    self.name = name
    self.range = range
    extent = range
    self.action = action
    self.entity = entity
  }
}

// MARK: What few operations say

extension DataOperation {
  private final class Rare {
    var ids: Input?
    var rows: Rows?
    var forEach: ForEach?
    var limit: Input?
    var expect: Located<Expectation>?
    var lifecycleRange: SourceRange?
    var onMatch: Located<MatchRule>?
    var replaces: Located<Bool>?
    var when: When?
    var query: Located<String>?
  }

  package var ids: Input? {
    get { rare?.ids }
    set { set(\.ids, newValue) }
  }
  package var rows: Rows? {
    get { rare?.rows }
    set { set(\.rows, newValue) }
  }
  package var forEach: ForEach? {
    get { rare?.forEach }
    set { set(\.forEach, newValue) }
  }
  package var limit: Input? {
    get { rare?.limit }
    set { set(\.limit, newValue) }
  }
  package var expect: Located<Expectation>? {
    get { rare?.expect }
    set { set(\.expect, newValue) }
  }
  /// The place of `lifecycle`, where written.
  package var lifecycleRange: SourceRange? {
    get { rare?.lifecycleRange }
    set { set(\.lifecycleRange, newValue) }
  }
  package var onMatch: Located<MatchRule>? {
    get { rare?.onMatch }
    set { set(\.onMatch, newValue) }
  }
  /// `lifecycle.replace`: whether a row that may not change in place is deleted and inserted anew.
  package var replaces: Located<Bool>? {
    get { rare?.replaces }
    set { set(\.replaces, newValue) }
  }
  package var when: When? {
    get { rare?.when }
    set { set(\.when, newValue) }
  }
  /// The named query of a `read`, which then has no entity: `entity` says its name, too.
  package var query: Located<String>? {
    get { rare?.query }
    set { set(\.query, newValue) }
  }

  /// Whether its rows come from a file.
  package var isOverFile: Bool {
    if case .file? = rows { return true }
    if case .file? = forEach { return true }
    return false
  }

  private func set<Value>(_ part: ReferenceWritableKeyPath<Rare, Value?>, _ value: Value?) {
    guard rare != nil || value != nil else { return }
    let rare = rare ?? Rare()
    rare[keyPath: part] = value
    self.rare = rare
  }
}

package enum Action: String, CaseIterable, Hashable, Sendable {
  case create, upsert, sync, update, delete, read

  /// Whether the action writes rows of its own, rather than asking for some.
  package var insertsRows: Bool {
    switch self {
    case .create, .upsert, .sync: true
    case .update, .delete, .read: false
    }
  }

  /// Whether the action takes over a row that is there already.
  package var adoptsRows: Bool { self == .upsert || self == .sync }
}

/// What an `upsert` does with a row that is there already.
package enum MatchRule: String, CaseIterable, Hashable, Sendable {
  case update
  /// The row becomes known and stays as it is, in every run.
  case keep
}

/// Where the rows of an operation come from.
package enum Rows: Sendable {
  case inline([InlineRow])
  case file(any RowSource, SourceRange)

  package struct InlineRow: Sendable {
    package var members: [InputMember]
    package var range: SourceRange

    package init(members: [InputMember], range: SourceRange) {
      self.members = members
      self.range = range
    }
  }
}

/// What an operation is repeated over.
package enum ForEach: Sendable {
  /// One instance a member: its name is the key and `$each:key`, its value `$each:value` or,
  /// for a mapping, `$each:<member>`.
  case mapping([InputMember])
  /// `{ items: [...], key: column }`: mappings, identified by the named members.
  case items([Input], key: [Located<String>], SourceRange)
  /// A list of known values, each its own key: `$each:value`.
  case values(Input)
  /// `{ file: path, key: column }`.
  case file(any RowSource, key: [Located<String>], SourceRange)
}

package struct SortField: Hashable, Sendable {
  package var field: Located<String>
  package var descending: Bool

  package init(field: Located<String>, descending: Bool) {
    self.field = field
    self.descending = descending
  }
}

/// How many rows an operation must match.
package enum Expectation: Hashable, Sendable {
  case one, some, atMostOne, any, none
  case exactly(Int)

  package func accepts(_ count: Int) -> Bool {
    switch self {
    case .one: count == 1
    case .some: count >= 1
    case .atMostOne: count <= 1
    case .any: true
    case .none: count == 0
    case .exactly(let number): count == number
    }
  }

  /// As the plan file writes it.
  package var text: String {
    switch self {
    case .one: "one"
    case .some: "some"
    case .atMostOne: "at_most_one"
    case .any: "any"
    case .none: "none"
    case .exactly(let number): String(number)
    }
  }
}
