internal import SowModel

/// A lockfile as people read it: one line an address.
struct LockText {
  let lock: Lock
  /// Lines that are shown; nil shows all.
  var limit: Int?

  func write(to outlet: Outlet) {
    let scope = lock.scope.isEmpty ? "" : " (\(lock.scope))"
    let title = "sow lock · \(lock.plan)\(scope) · lineage \(lock.lineage)"
    outlet.line(outlet.palette.paint(terminalSafe(title), .bold))
    outlet.line()
    let shown = lock.entries.prefix(limit.map { $0 * 5 } ?? .max)
    for entry in shown {
      switch entry {
      case .row(let address, let entity, let key):
        outlet.line("  " + padded(terminalSafe(address), to: 26) + terminalSafe("\(entity) \(key)"))
      case .summary(let operation, let entity, let count, let first, let last, _):
        outlet.line(
          "  " + padded(terminalSafe(operation), to: 26)
            + terminalSafe("\(entity) \(first) … \(last), ")
            + Phrase.count(count, .row).text(in: outlet.language))
      }
    }
    let hidden = lock.entries.count - shown.count
    if hidden > 0 { outlet.line("    ", .more(hidden)) }
    if !lock.entries.isEmpty { outlet.line() }
    outlet.line("  ", .sentence(.count(lock.entries.count, .address)))
  }
}
