internal import SowModel

/// The text of every statement about the ledger.
///
/// `sow_row` names its operation and its table by number, which keeps a row near 60 bytes;
/// `sow_policy.number` is an operation of one owner, `sow_shape.place` a table: the number of its
/// first shape. Rows lie in the order of (place, key), as those of the table do, so that going
/// over both reads each page once.
enum LedgerSQL {
  static let tables = [
    """
    CREATE TABLE main.sow_meta (
      format INTEGER NOT NULL, lineage TEXT NOT NULL, secret BLOB NOT NULL)
    """,
    """
    CREATE TABLE main.sow_run (
      serial INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, scope TEXT NOT NULL,
      plan TEXT NOT NULL, actor TEXT NOT NULL, "commit" TEXT NOT NULL, started TEXT NOT NULL,
      finished TEXT NOT NULL, created INTEGER NOT NULL, updated INTEGER NOT NULL,
      deleted INTEGER NOT NULL, message TEXT NOT NULL, tenant TEXT NOT NULL, changeset BLOB)
    """,
    """
    CREATE TABLE main.sow_shape (
      number INTEGER PRIMARY KEY, place INTEGER NOT NULL, "table" TEXT NOT NULL,
      columns TEXT NOT NULL, UNIQUE ("table", columns))
    """,
    """
    CREATE TABLE main.sow_policy (
      number INTEGER PRIMARY KEY, scope TEXT NOT NULL, plan TEXT NOT NULL,
      operation TEXT NOT NULL, action TEXT, entity TEXT, done BLOB,
      protect INTEGER, on_remove TEXT, UNIQUE (scope, plan, operation))
    """,
    """
    CREATE TABLE main.sow_row (
      place INTEGER NOT NULL, key NOT NULL, operation INTEGER NOT NULL, instance TEXT NOT NULL,
      shape INTEGER NOT NULL, asked BLOB NOT NULL, answered BLOB, run INTEGER NOT NULL,
      origin TEXT NOT NULL, PRIMARY KEY (place, key)) WITHOUT ROWID
    """,
    // A constraint of the table would not be seen to cover the key.
    "CREATE UNIQUE INDEX main.sow_row_instance ON sow_row (operation, instance)",
  ]

  static let exists =
    "SELECT 1 FROM main.sqlite_schema WHERE type = 'table' AND name = 'sow_meta'"
  static let meta = "SELECT format, lineage, secret FROM main.sow_meta"
  static let writeMeta = "INSERT INTO main.sow_meta (format, lineage, secret) VALUES (?1, ?2, ?3)"
  static let drawMeta = """
    INSERT INTO main.sow_meta (format, lineage, secret)
      VALUES (\(Ledger.currentFormat), lower(hex(randomblob(16))), randomblob(32))
    """

  // MARK: Runs

  private static func run(format: Int) -> String {
    """
    serial, id, scope, plan, actor, "commit", started, finished, created, updated, deleted, message,
    \(format < 3 ? "'', NULL" : "tenant, changeset")
    """
  }
  static let lastSerial = "SELECT coalesce(max(serial), 0) FROM main.sow_run"
  static func runs(format: Int) -> String {
    "SELECT \(run(format: format)) FROM main.sow_run ORDER BY serial DESC"
  }
  static let writeRun = """
    INSERT INTO main.sow_run (\(run(format: Ledger.currentFormat)))
      VALUES (\(SQL.parameters(1...14)))
    ON CONFLICT (id) DO UPDATE SET finished = excluded.finished, created = excluded.created,
      updated = excluded.updated, deleted = excluded.deleted, message = excluded.message,
      changeset = excluded.changeset
    """

  // MARK: Shapes

  static let shapes = "SELECT number, place, \"table\", columns FROM main.sow_shape"
  static let writeShape =
    "INSERT INTO main.sow_shape (number, place, \"table\", columns) VALUES (?1, ?2, ?3, ?4)"

  // MARK: Operations

  static let operations =
    "SELECT operation, number FROM main.sow_policy WHERE scope = ?1 AND plan = ?2"
  static let operation =
    "SELECT number FROM main.sow_policy WHERE scope = ?1 AND plan = ?2 AND operation = ?3"
  static func writeOperations(_ count: Int) -> String {
    "INSERT INTO main.sow_policy (number, scope, plan, operation) VALUES "
      + SQL.values(count, width: operationWidth)
  }
  static let operationWidth = 4
  static let lastOperation = "SELECT coalesce(max(number), 0) FROM main.sow_policy"
  static func policies(format: Int) -> String {
    """
    SELECT operation, action, entity, done, \(format < 2 ? "NULL, NULL" : "protect, on_remove")
    FROM main.sow_policy WHERE scope = ?1 AND plan = ?2 AND action IS NOT NULL
    """
  }
  /// What brings a ledger of an older format to the current one.
  static func upgrade(from format: Int) -> [String] {
    let policies = ["protect INTEGER", "on_remove TEXT"].map {
      "ALTER TABLE main.sow_policy ADD COLUMN \($0)"
    }
    let runs = ["tenant TEXT NOT NULL DEFAULT ''", "changeset BLOB"].map {
      "ALTER TABLE main.sow_run ADD COLUMN \($0)"
    }
    return (format < 2 ? policies : []) + (format < 3 ? runs : [])
      + ["UPDATE main.sow_meta SET format = \(Ledger.currentFormat)"]
  }
  static let writePolicy = """
    UPDATE main.sow_policy SET action = ?2, entity = ?3, done = ?4, protect = ?5, on_remove = ?6
    WHERE number = ?1
    """
  /// Of all that an operation is, and of its instances, which are `operation["key"]`.
  static let forgetUnused = """
    DELETE FROM main.sow_policy WHERE scope = ?1 AND plan = ?2 AND operation = ?3
      AND NOT EXISTS (SELECT 1 FROM main.sow_row AS r WHERE r.operation = sow_policy.number)
    """
  static let rename = """
    UPDATE main.sow_policy SET scope = ?4, plan = ?5, operation = ?6
    WHERE scope = ?1 AND plan = ?2 AND operation = ?3
    """
  static let renameInstances = """
    UPDATE main.sow_policy SET scope = ?4, plan = ?5,
      operation = ?6 || substr(operation, length(?3) + 1)
    WHERE scope = ?1 AND plan = ?2 AND substr(operation, 1, length(?3) + 1) = ?3 || '['
    """
  static let moveRow = """
    UPDATE main.sow_row SET operation = ?3, instance = ?4 WHERE operation = ?1 AND instance = ?2
    """
  static let tablesOfOperation = """
    SELECT DISTINCT s."table" FROM main.sow_policy AS p
    JOIN main.sow_row AS r ON r.operation = p.number
    JOIN main.sow_shape AS s ON s.number = r.shape
    WHERE p.scope = ?1 AND p.plan = ?2 AND p.operation = ?3 ORDER BY 1
    """
  static let owners = """
    SELECT DISTINCT scope, plan FROM main.sow_policy AS p
    WHERE EXISTS (SELECT 1 FROM main.sow_row AS r WHERE r.operation = p.number)
    ORDER BY scope, plan
    """

  // MARK: Rows

  /// So many rows of `rowWidth` parameters, each with what the table holds now where a target is
  /// given.
  static func writeRows(_ count: Int, _ target: LedgerTarget?) -> String {
    let read = target.map { "(" + $0.digest(ofKey: "v.key") + ")" } ?? "NULL"
    return """
      WITH v (\(written), answered) AS (VALUES \(SQL.values(count, width: rowWidth)))
      INSERT INTO main.sow_row (\(written), answered)
      SELECT \(written), coalesce(v.answered, \(read)) FROM v WHERE true
      ON CONFLICT (operation, instance) DO UPDATE SET shape = excluded.shape,
        place = excluded.place, key = excluded.key, asked = excluded.asked,
        answered = excluded.answered, run = excluded.run, origin = excluded.origin
      """
  }
  static let rowWidth = 9
  private static let written =
    "operation, instance, shape, place, key, asked, run, origin"
  /// Whether rows can change by other statements than those that name them.
  static let hasSideEffects = """
    SELECT 1 FROM main.sqlite_schema WHERE type = 'trigger' UNION ALL
    SELECT 1 FROM main.sqlite_schema AS s, pragma_foreign_key_list(s.name, 'main') AS k
    WHERE s.type = 'table' AND (k.on_update NOT IN ('NO ACTION', 'RESTRICT')
      OR k.on_delete NOT IN ('NO ACTION', 'RESTRICT')) LIMIT 1
    """
  static let touch =
    "UPDATE main.sow_row SET run = ?3, answered = NULL WHERE place = ?1 AND key = ?2"
  static let forgetInstance = "DELETE FROM main.sow_row WHERE operation = ?1 AND instance = ?2"
  static let forget = "DELETE FROM main.sow_row WHERE place = ?1 AND key = ?2"
  static let owner = """
    SELECT p.scope, p.plan, p.operation, r.instance
    FROM main.sow_row AS r JOIN main.sow_policy AS p ON p.number = r.operation
    WHERE r.place = ?1 AND r.key = ?2
    """
  /// Any text or JSON is above every number.
  static let highestKey = """
    SELECT key FROM main.sow_row WHERE place = ?1 AND key <= 9223372036854775807
    ORDER BY key DESC LIMIT 1
    """
  /// Without GROUP BY, which would gather all rows in memory to sort them.
  static let counts = """
    SELECT p.operation, (SELECT count(*) FROM main.sow_row AS r WHERE r.operation = p.number)
    FROM main.sow_policy AS p WHERE p.scope = ?1 AND p.plan = ?2
    """
  static let list = """
    SELECT p.operation, r.instance, r.shape, r.key, r.asked, r.answered, r.origin, r.run
    FROM main.sow_policy AS p CROSS JOIN main.sow_row AS r ON r.operation = p.number
    WHERE p.scope = ?1 AND p.plan = ?2 AND (?3 IS NULL OR p.operation = ?3)
    ORDER BY p.operation, r.instance
    """
  /// In the same order, from indexes alone.
  static let listKeys = """
    SELECT p.operation, r.instance, r.place, r.key
    FROM main.sow_policy AS p CROSS JOIN main.sow_row AS r ON r.operation = p.number
    WHERE p.scope = ?1 AND p.plan = ?2 ORDER BY p.operation, r.instance
    """
  static let instance = """
    SELECT shape, key, asked, answered, origin, run FROM main.sow_row
    WHERE operation = ?1 AND instance = ?2
    """
  static let openShape = """
    SELECT shape FROM main.sow_row
    WHERE place = ?1 AND key = ?2 AND run = ?3 AND answered IS NULL
    """

  // MARK: Rows beside the table that they speak of

  /// The rows of a shape that belong to an owner, but for the operations in `temp.sow_list`, each
  /// with the digest of what the table holds. The cross join keeps the order of (place, key).
  static func rows(_ target: LedgerTarget) -> String {
    """
    SELECT r.operation, r.instance, r.key, r.asked, r.answered, r.origin, \(target.digestIfFound),
      r.run, p.operation
    FROM main.sow_row AS r CROSS JOIN main.sow_policy AS p ON p.number = r.operation
    \(target.join)
    WHERE r.place = ?1 AND r.shape = ?2 AND p.scope = ?3 AND p.plan = ?4
      AND p.operation NOT IN (SELECT value FROM temp.sow_list WHERE list = 0)
    """
  }

  /// The digest of the row whose key is the parameter; no row where it is missing.
  static func presence(_ target: LedgerTarget) -> String { target.digest(ofKey: "?1") }

  /// Of the rows of a shape whose keys are above one key and up to another.
  static func answerAll(_ target: LedgerTarget) -> String {
    """
    UPDATE main.sow_row AS r SET answered = (\(target.digest(ofKey: "r.key")))
    WHERE place = ?1 AND key > ?2 AND key <= ?3 AND shape = ?4 AND run = ?5 AND answered IS NULL
    """
  }

  /// The key so many rows above a key.
  static let keyAbove = """
    SELECT key FROM main.sow_row WHERE place = ?1 AND key > ?2 ORDER BY key LIMIT 1 OFFSET ?3
    """

  static func answerOne(_ target: LedgerTarget) -> String {
    """
    UPDATE main.sow_row AS r SET answered = (\(target.digest(ofKey: "r.key")))
    WHERE place = ?1 AND key = ?2
    """
  }
}
