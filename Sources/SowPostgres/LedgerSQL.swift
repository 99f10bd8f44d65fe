internal import SowModel

/// The text of every statement about the ledger.
///
/// `sow_row` names its operation and its table by number; `sow_policy.number` is an operation of
/// one owner, `sow_shape.place` a table: the number of its first shape. `sow_row.key` is a number
/// as its digits, a text after an apostrophe, any other key as the JSON of its parts.
struct LedgerSQL {
  /// Where the ledger lies.
  let schema: String

  static let names = ["sow_meta", "sow_run", "sow_shape", "sow_policy", "sow_row"]

  static func table(_ name: String, in schema: String) -> String {
    SQL.identifier(schema) + "." + SQL.identifier(name)
  }

  private func table(_ name: String) -> String { Self.table(name, in: schema) }
  private var meta: String { table("sow_meta") }
  private var run: String { table("sow_run") }
  private var shape: String { table("sow_shape") }
  private var policy: String { table("sow_policy") }
  private var row: String { table("sow_row") }

  var tables: [String] {
    [
      """
      CREATE TABLE \(meta) (
        format integer NOT NULL, lineage text NOT NULL, secret bytea NOT NULL)
      """,
      """
      CREATE TABLE \(run) (
        serial bigint PRIMARY KEY, id text NOT NULL UNIQUE, scope text NOT NULL,
        plan text NOT NULL, actor text NOT NULL, "commit" text NOT NULL, started text NOT NULL,
        finished text NOT NULL, created bigint NOT NULL, updated bigint NOT NULL,
        deleted bigint NOT NULL, message text NOT NULL, tenant text NOT NULL, changeset bytea)
      """,
      """
      CREATE TABLE \(shape) (
        number bigint PRIMARY KEY, place bigint NOT NULL, "table" text NOT NULL,
        columns text NOT NULL, UNIQUE ("table", columns))
      """,
      """
      CREATE TABLE \(policy) (
        number bigint PRIMARY KEY, scope text NOT NULL, plan text NOT NULL,
        operation text COLLATE "C" NOT NULL, action text, entity text, done bytea,
        protect boolean, on_remove text, UNIQUE (scope, plan, operation))
      """,
      """
      CREATE TABLE \(row) (
        place bigint NOT NULL, key text COLLATE "C" NOT NULL, operation bigint NOT NULL,
        instance text COLLATE "C" NOT NULL, shape bigint NOT NULL, asked bytea NOT NULL,
        answered bytea, run bigint NOT NULL, origin text NOT NULL, PRIMARY KEY (place, key),
        UNIQUE (operation, instance))
      """,
    ]
  }

  /// As the transaction sees it: a name is looked up in what was committed by now, which may be
  /// more than the rows that a transaction sees.
  static let exists = """
    SELECT count(*) > 0 FROM pg_catalog.pg_class AS c
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    WHERE n.nspname = $1::text AND c.relname = 'sow_meta'
    """
  var readMeta: String {
    """
    SELECT format, lineage, secret, (SELECT coalesce(max(serial), 0) FROM \(run)) FROM \(meta)
    """
  }
  var writeMeta: String {
    "INSERT INTO \(meta) (format, lineage, secret) VALUES ($1::integer, $2, $3::bytea)"
  }
  /// The server's own random numbers: 122 bits of lineage, 244 behind the secret.
  var drawMeta: String {
    """
    INSERT INTO \(meta) (format, lineage, secret)
      VALUES (\(Ledger.currentFormat), replace(gen_random_uuid()::text, '-', ''),
        sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8')))
    """
  }

  // MARK: The lock

  static let hasRuns = "SELECT to_regclass($1) IS NOT NULL"
  static let lockName = """
    SELECT pg_try_advisory_xact_lock(hashtextextended('sow:' || $1::text, 0)),
      to_regclass($2) IS NOT NULL
    """
  /// Who holds the table of runs, or the number that stands for it.
  static let holder = """
    SELECT a.usename, a.client_addr, l.pid
    FROM pg_catalog.pg_locks AS l JOIN pg_catalog.pg_stat_activity AS a ON a.pid = l.pid
    WHERE l.granted AND l.pid <> pg_backend_pid()
      AND (l.locktype = 'relation' AND l.relation = to_regclass($2)
          AND l.mode = 'ShareRowExclusiveLock'
        OR l.locktype = 'advisory' AND l.objsubid = 1
          AND (l.classid::bigint << 32 | l.objid::bigint)
            = hashtextextended('sow:' || $1::text, 0))
    LIMIT 1
    """

  // MARK: Runs

  private static let ofRun = """
    serial, id, scope, plan, actor, "commit", started, finished, created, updated, deleted, message,
    tenant, changeset
    """
  var runs: String { "SELECT \(Self.ofRun) FROM \(run) ORDER BY serial DESC" }
  var writeRun: String {
    """
    INSERT INTO \(run) (\(Self.ofRun)) VALUES ($1::bigint, $2, $3, $4, $5, $6, $7, $8,
      $9::bigint, $10::bigint, $11::bigint, $12, $13, $14::bytea)
    ON CONFLICT (id) DO UPDATE SET finished = excluded.finished, created = excluded.created,
      updated = excluded.updated, deleted = excluded.deleted, message = excluded.message,
      changeset = excluded.changeset
    """
  }
  var hasRun: String { "SELECT 1 FROM \(run) WHERE id = $1" }

  // MARK: Shapes

  var shapes: String { "SELECT number, place, \"table\", columns FROM \(shape)" }
  var writeShape: String {
    """
    INSERT INTO \(shape) (number, place, "table", columns) VALUES ($1::bigint, $2::bigint, $3, $4)
    """
  }

  // MARK: Operations

  var operations: String {
    "SELECT operation, number FROM \(policy) WHERE scope = $1 AND plan = $2"
  }
  var highestNumber: String { "SELECT coalesce(max(number), 0) FROM \(policy)" }
  /// Operations with numbers that follow the one given.
  var writeOperations: String {
    """
    INSERT INTO \(policy) (scope, plan, operation, number)
    SELECT $1, $2, v.o, $4::bigint + v.n FROM unnest($3::text[]) WITH ORDINALITY AS v (o, n)
    """
  }
  var policies: String {
    """
    SELECT operation, action, entity, done, protect, on_remove FROM \(policy)
    WHERE scope = $1 AND plan = $2 AND action IS NOT NULL
    """
  }
  var writePolicy: String {
    """
    UPDATE \(policy) SET action = $2, entity = $3, done = $4::bytea, protect = $5::boolean,
      on_remove = $6 WHERE number = $1::bigint
    """
  }
  /// Of all that an operation is, and of its instances, which are `operation["key"]`.
  var forgetUnused: String {
    """
    DELETE FROM \(policy) AS p WHERE scope = $1 AND plan = $2 AND operation = ANY($3::text[])
      AND NOT EXISTS (SELECT 1 FROM \(row) AS r WHERE r.operation = p.number)
    """
  }
  var rename: String {
    """
    UPDATE \(policy) SET scope = $4, plan = $5, operation = $6
    WHERE scope = $1 AND plan = $2 AND operation = $3
    """
  }
  var renameInstances: String {
    """
    UPDATE \(policy) SET scope = $4, plan = $5,
      operation = $6::text || substr(operation, length($3::text) + 1)
    WHERE scope = $1 AND plan = $2
      AND substr(operation, 1, length($3::text) + 1) = $3::text || '['
    """
  }
  var moveRow: String {
    """
    UPDATE \(row) SET operation = $3::bigint, instance = $4
    WHERE operation = $1::bigint AND instance = $2
    """
  }
  var tablesOfOperation: String {
    """
    SELECT DISTINCT s."table" COLLATE "C" FROM \(policy) AS p
    JOIN \(row) AS r ON r.operation = p.number JOIN \(shape) AS s ON s.number = r.shape
    WHERE p.scope = $1 AND p.plan = $2 AND p.operation = $3 ORDER BY 1
    """
  }
  var owners: String {
    """
    SELECT DISTINCT scope COLLATE "C", plan COLLATE "C" FROM \(policy) AS p
    WHERE EXISTS (SELECT 1 FROM \(row) AS r WHERE r.operation = p.number) ORDER BY 1, 2
    """
  }

  // MARK: Rows

  /// Rows of which there are none yet at their addresses.
  var insertRows: String {
    """
    INSERT INTO \(row) (operation, instance, key, asked, answered, origin, shape, place, run)
    SELECT unnest($1::bigint[]), unnest($2::text[]), unnest($3::text[]), unnest($4::bytea[]),
      unnest($5::bytea[]), unnest($6::text[]), $7::bigint, $8::bigint, $9::bigint
    """
  }
  var writeRows: String {
    """
    \(insertRows)
    ON CONFLICT (operation, instance) DO UPDATE SET shape = excluded.shape,
      place = excluded.place, key = excluded.key, asked = excluded.asked,
      answered = excluded.answered, run = excluded.run, origin = excluded.origin
    """
  }
  var touch: String {
    """
    UPDATE \(row) SET run = $3::bigint, answered = NULL
    WHERE place = $1::bigint AND key = ANY($2::text[])
    """
  }
  var forget: String { "DELETE FROM \(row) WHERE place = $1::bigint AND key = ANY($2::text[])" }
  var forgetInstances: String {
    """
    DELETE FROM \(row) AS r USING unnest($1::bigint[], $2::text[]) AS v (o, i)
    WHERE r.operation = v.o AND r.instance = v.i
    """
  }
  var ownersOfKeys: String {
    """
    SELECT v.n, p.scope, p.plan, p.operation, r.instance
    FROM unnest($2::text[]) WITH ORDINALITY AS v (k, n)
    JOIN \(row) AS r ON r.place = $1::bigint AND r.key = v.k
    JOIN \(policy) AS p ON p.number = r.operation
    """
  }
  var highestKey: String {
    """
    SELECT max(key::bigint) FROM \(row)
    WHERE place = $1::bigint AND key >= '-' AND key < ':'
    """
  }
  var counts: String {
    """
    SELECT p.operation, count(*) FROM \(policy) AS p JOIN \(row) AS r ON r.operation = p.number
    WHERE p.scope = $1 AND p.plan = $2 GROUP BY p.operation
    """
  }
  var list: String {
    """
    SELECT p.operation, r.instance, r.shape, r.key, r.asked, r.answered, r.origin, r.run
    FROM \(policy) AS p JOIN \(row) AS r ON r.operation = p.number
    WHERE p.scope = $1 AND p.plan = $2 AND ($3::text IS NULL OR p.operation = $3)
    ORDER BY p.operation, r.instance
    """
  }
  /// The rows of a range of operations.
  var listKeys: String {
    """
    SELECT operation, instance, place, key FROM \(row)
    WHERE operation BETWEEN $1::bigint AND $2::bigint ORDER BY operation, instance
    """
  }
  var shapesOfInstances: String {
    """
    SELECT DISTINCT shape FROM \(row)
    WHERE operation = $1::bigint AND instance = ANY($2::text[]) ORDER BY 1
    """
  }
  var writeAnswers: String {
    """
    UPDATE \(row) AS r SET answered = v.a
    FROM unnest($2::text[], $3::bytea[]) AS v (k, a) WHERE r.place = $1::bigint AND r.key = v.k
    """
  }

  // MARK: Rows beside the table that they speak of

  /// What the ledger says of a row, then what the table holds of it.
  private static let ofRow =
    "r.operation, r.instance, r.key, r.asked, r.answered, r.origin, r.run"

  /// The rows of a shape with operations in a range of numbers, but for some.
  ///
  /// It joins no operations, whose names the reader knows: where nobody has analyzed the tables yet,
  /// the server expects few of either and looks through one for each row of the other.
  func rows(_ target: LedgerTarget) -> String {
    """
    SELECT \(Self.ofRow), \(target.results) FROM \(row) AS r \(target.join)
    WHERE r.place = $1::bigint AND r.shape = $2::bigint
      AND r.operation BETWEEN $3::bigint AND $4::bigint AND r.operation <> ALL($5::bigint[])
    """
  }

  /// The rows of a shape with some instances of an operation, and their places among these.
  func instances(_ target: LedgerTarget) -> String {
    """
    SELECT \(Self.ofRow), \(target.results), v.n
    FROM unnest($3::text[]) WITH ORDINALITY AS v (i, n)
    JOIN \(row) AS r ON r.operation = $2::bigint AND r.instance = v.i \(target.join)
    WHERE r.shape = $1::bigint
    """
  }

  /// So many rows of a shape that are still to be answered, above a key.
  func open(_ target: LedgerTarget) -> String {
    """
    SELECT r.key, \(target.results)
    FROM (SELECT key FROM \(row) WHERE place = $1::bigint AND shape = $2::bigint
      AND run = $3::bigint AND answered IS NULL AND key > $4 ORDER BY key
      LIMIT \(rowsAtOnce)) AS r \(target.join)
    ORDER BY r.key
    """
  }
}
