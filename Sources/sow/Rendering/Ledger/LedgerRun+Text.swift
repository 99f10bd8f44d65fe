internal import SowModel

extension LedgerRun {
  /// `by luis, 2026-01-31T10:00:00Z, commit 1a2b3c4, tenant acme`.
  var provenance: Phrase {
    let rest =
      "\(actor), \(finished)" + (commit.isEmpty ? "" : ", commit \(commit.prefix(12))")
      + (tenant.isEmpty ? "" : ", tenant \(tenant)")
    return Phrase("by \(rest)", vi: "bởi \(rest)")
  }
}

extension JSONWriter {
  /// The members of one run.
  func ledgerRun(_ run: LedgerRun) {
    member("serial", run.serial)
    member("run", run.id)
    member("plan", run.plan)
    member("actor", run.actor)
    member("commit", run.commit)
    member("tenant", run.tenant)
    member("started", run.started)
    member("finished", run.finished)
    member("created", run.created)
    member("updated", run.updated)
    member("deleted", run.deleted)
    if let changeset = run.changeset { member("changeset_digest", hexadecimal(changeset.bytes)) }
    member("message", run.message)
  }
}
