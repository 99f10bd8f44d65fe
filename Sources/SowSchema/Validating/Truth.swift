/// A verdict; `unknown` where a value is known only after apply.
enum Truth: Sendable {
  case fails, unknown, holds

  init(_ holds: Bool) { self = holds ? .holds : .fails }

  static prefix func ! (truth: Truth) -> Truth {
    switch truth {
    case .fails: .holds
    case .unknown: .unknown
    case .holds: .fails
    }
  }
}

extension Combination {
  /// The verdict of the whole, from those of its members.
  func verdict(_ verdict: (Member) -> Truth) -> Truth {
    switch self {
    case .reference(let member): verdict(member)
    case .not(let member): !verdict(member)
    case .all(let members): Self.all(members, verdict)
    case .any(let members): Self.any(members, verdict)
    case .one(let members): Self.one(members, verdict)
    case .condition(let condition, let then, let otherwise):
      switch verdict(condition) {
      case .holds: then.map(verdict) ?? .holds
      case .fails: otherwise.map(verdict) ?? .holds
      case .unknown: .unknown
      }
    }
  }

  private static func all(_ members: [Member], _ verdict: (Member) -> Truth) -> Truth {
    var truth = Truth.holds
    for member in members {
      switch verdict(member) {
      case .fails: return .fails
      case .unknown: truth = .unknown
      case .holds: break
      }
    }
    return truth
  }

  private static func any(_ members: [Member], _ verdict: (Member) -> Truth) -> Truth {
    var truth = Truth.fails
    for member in members {
      switch verdict(member) {
      case .holds: return .holds
      case .unknown: truth = .unknown
      case .fails: break
      }
    }
    return truth
  }

  private static func one(_ members: [Member], _ verdict: (Member) -> Truth) -> Truth {
    var held = 0
    var unknown = 0
    for member in members {
      switch verdict(member) {
      case .holds: held += 1
      case .unknown: unknown += 1
      case .fails: break
      }
      if held > 1 { return .fails }
    }
    if unknown > 0 { return .unknown }
    return Truth(held == 1)
  }
}
