/// The statements of the catalogue. A table lies on other servers where it, or one of the parts that
/// it is partitioned into, is a foreign table. Views are no tables here, and the parts of a
/// partitioned table are none of their own.
enum CatalogueSQL {
  private static let isTheirs = """
    n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
    """
  private static let isTable = "c.relkind IN ('r', 'p', 'f') AND NOT c.relispartition"

  static let tables = """
    SELECT c.oid, n.nspname, c.relname,
      EXISTS (SELECT 1 FROM pg_catalog.pg_trigger AS g WHERE g.tgrelid = c.oid AND NOT g.tgisinternal),
      c.relkind = 'f' OR c.relkind = 'p' AND EXISTS (
        SELECT 1 FROM pg_catalog.pg_partition_tree(c.oid) AS p
        JOIN pg_catalog.pg_class AS q ON q.oid = p.relid WHERE q.relkind = 'f'),
      c.relkind = 'r' AND NOT c.relrowsecurity AND NOT c.relhassubclass
        AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_trigger AS g WHERE NOT g.tgisinternal)
        AND NOT EXISTS (
          SELECT 1 FROM pg_catalog.pg_class AS w WHERE w.relhasrules AND w.relkind IN ('r', 'p'))
    FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    WHERE \(isTheirs) AND \(isTable) AND NOT (n.nspname = $2::text
      AND c.relname IN ('sow_meta', 'sow_run', 'sow_shape', 'sow_policy', 'sow_row'))
    ORDER BY n.nspname <> $1::text, n.nspname COLLATE "C", c.relname COLLATE "C"
    """

  /// A domain is followed to what it is made of; the first length on the way counts.
  static let columns = """
    SELECT a.attrelid, a.attnum, a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod),
      a.attnotnull OR b.required, pg_catalog.pg_get_expr(d.adbin, d.adrelid),
      a.attgenerated <> '', NULLIF(a.attidentity, ''),
      k.indrelid IS NOT NULL, coalesce(i.sequence, s.sequence), b.modifier,
      y.typname, y.typnamespace = 'pg_catalog'::pg_catalog.regnamespace, y.typcategory,
      pg_catalog.format_type(y.oid, -1),
      e.typname, e.typnamespace = 'pg_catalog'::pg_catalog.regnamespace, e.typcategory,
      pg_catalog.format_type(e.oid, -1), 'e' = ANY (ARRAY[y.typtype, e.typtype])
    FROM pg_catalog.pg_attribute AS a
    JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    CROSS JOIN LATERAL (
      WITH RECURSIVE b (type, modifier, required, level) AS (
        SELECT a.atttypid, a.atttypmod, false, 0
        UNION ALL
        SELECT t.typbasetype, CASE WHEN b.modifier = -1 THEN t.typtypmod ELSE b.modifier END,
          b.required OR t.typnotnull, b.level + 1
        FROM b JOIN pg_catalog.pg_type AS t ON t.oid = b.type WHERE t.typtype = 'd')
      SELECT type, modifier, required FROM b ORDER BY level DESC LIMIT 1) AS b
    JOIN pg_catalog.pg_type AS y ON y.oid = b.type
    LEFT JOIN pg_catalog.pg_type AS e ON e.oid = y.typelem AND y.typcategory = 'A'
    LEFT JOIN pg_catalog.pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    LEFT JOIN pg_catalog.pg_index AS k ON k.indrelid = a.attrelid AND k.indisprimary
      AND k.indnkeyatts = 1 AND k.indkey[0] = a.attnum
    LEFT JOIN LATERAL (
      SELECT p.objid::pg_catalog.regclass::text AS sequence FROM pg_catalog.pg_depend AS p
      WHERE p.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND p.refobjid = a.attrelid
        AND p.refobjsubid = a.attnum AND p.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
        AND p.deptype = 'i' AND a.attidentity <> '' LIMIT 1) AS i ON true
    LEFT JOIN LATERAL (
      SELECT p.refobjid::pg_catalog.regclass::text AS sequence FROM pg_catalog.pg_depend AS p
      JOIN pg_catalog.pg_class AS q ON q.oid = p.refobjid AND q.relkind = 'S'
      WHERE p.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass AND p.objid = d.oid
        AND p.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
        AND pg_catalog.pg_get_expr(d.adbin, d.adrelid) ~ '^nextval\\(' LIMIT 1) AS s ON true
    WHERE \(isTheirs) AND \(isTable) AND a.attnum > 0 AND NOT a.attisdropped
    ORDER BY a.attrelid, a.attnum
    """

  /// The columns of the keys of partitions, which belong to their table as no other column does
  /// (heap.c, StorePartitionKey).
  static let distribution = """
    SELECT DISTINCT c.oid, a.attname
    FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    CROSS JOIN LATERAL pg_catalog.pg_partition_tree(c.oid) AS p
    JOIN pg_catalog.pg_depend AS d ON d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
      AND d.objid = p.relid AND d.objsubid > 0 AND d.refclassid = d.classid
      AND d.refobjid = p.relid AND d.refobjsubid = 0 AND d.deptype = 'i'
    JOIN pg_catalog.pg_attribute AS a ON a.attrelid = p.relid AND a.attnum = d.objsubid
    WHERE \(isTheirs) AND c.relkind = 'p' AND NOT c.relispartition
    """

  static let indexes = """
    SELECT x.indrelid, r.relname, x.indisprimary, x.indpred IS NOT NULL,
      array_to_string(x.indkey[0:x.indnkeyatts - 1], ' ')
    FROM pg_catalog.pg_index AS x JOIN pg_catalog.pg_class AS r ON r.oid = x.indexrelid
    JOIN pg_catalog.pg_class AS c ON c.oid = x.indrelid
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    WHERE \(isTheirs) AND \(isTable) AND x.indisunique AND x.indisvalid
    ORDER BY x.indrelid, x.indexrelid
    """

  static let foreignKeys = """
    SELECT k.conrelid, k.conname, m.nspname, f.relname, array_to_string(k.conkey, ' '),
      k.confrelid, array_to_string(k.confkey, ' '), k.confdeltype,
      k.confdeltype NOT IN ('a', 'r') OR k.confupdtype NOT IN ('a', 'r')
    FROM pg_catalog.pg_constraint AS k
    JOIN pg_catalog.pg_class AS f ON f.oid = k.confrelid
    JOIN pg_catalog.pg_namespace AS m ON m.oid = f.relnamespace
    WHERE k.contype = 'f' AND k.conparentid = 0 ORDER BY k.conrelid, k.oid
    """

  static let views = """
    SELECT n.nspname, c.relname
    FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    WHERE \(isTheirs) AND c.relkind IN ('v', 'm')
    ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C"
    """
}
