internal import SowModel

extension JSONWriter {
  /// The members of a `saved_plan` document that tell what it was made from; no secret.
  func savedPlan(_ saved: SavedPlan) {
    member("scope", saved.scope)
    switch saved.ledger {
    case .found(let lineage, let serial):
      member("lineage", lineage)
      member("serial", serial)
    case .drawn(let ledger): member("lineage", ledger.lineage)
    }
    lines("files") {
      for file in saved.files {
        object {
          member("path", file.path)
          member("sha256", file.digest)
        }
      }
    }
    lines("variables") {
      for variable in saved.variables {
        object {
          member("name", variable.name)
          switch variable.content {
          case .value(let value):
            name("value")
            self.value(value)
          case .digest: member("sensitive", true)
          }
        }
      }
    }
    member("prune", saved.arguments.prunes)
    member("destroy", saved.arguments.destroys)
    array("targets") { for target in saved.arguments.targets { string(target) } }
  }

  func lock(_ lock: Lock) {
    member("plan", lock.plan)
    member("lineage", lock.lineage)
    member("scope", lock.scope)
    lines("entries") {
      for entry in lock.entries { object { self.entry(entry) } }
    }
  }

  private func entry(_ entry: Lock.Entry) {
    switch entry {
    case .row(let address, let entity, let key):
      member("address", address)
      member("entity", entity)
      member("key", key)
    case .summary(let operation, let entity, let count, let first, let last, let digest):
      member("operation", operation)
      member("entity", entity)
      member("count", count)
      member("first", first)
      member("last", last)
      member("digest", digest)
    }
  }
}
