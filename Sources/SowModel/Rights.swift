/// Who runs, as the environment says it.
package struct Identity: Hashable, Sendable {
  package var roles: [String]
  /// Claims that an operation may make for itself.
  package var overridable: Set<String>

  /// The claims that there are: an operation that claims roles runs with these alone.
  package static let claims = ["roles"]

  package init(roles: [String] = [], overridable: Set<String> = []) {
    self.roles = roles
    self.overridable = overridable
  }
}

/// What roles may do with the rows of an entity; nobody else may do anything.
package struct Permissions: Hashable, Sendable {
  /// In the order written.
  package var roles: [Role] = []

  package struct Role: Hashable, Sendable {
    package var name: String
    package var actions: Set<Action>

    package init(name: String, actions: Set<Action>) {
      self.name = name
      self.actions = actions
    }
  }

  /// What can be allowed; the other actions are made of these.
  package static let actions: [Action] = [.create, .read, .update, .delete]

  package init() {}

  package func allow(_ action: Action, to roles: [String]) -> Bool {
    self.roles.contains { roles.contains($0.name) && $0.actions.contains(action) }
  }
}

/// One `claims` entry of an operation.
package struct Claim: Sendable {
  package var name: Located<String>
  /// The values of one that is known, else nothing.
  package var values: [String]

  package init(name: Located<String>, values: [String]) {
    self.name = name
    self.values = values
  }
}
