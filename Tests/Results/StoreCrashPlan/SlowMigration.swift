package import ResultsStore

extension Schema {
  /// The present schema with one more version, whose migration writes for a while, so that it can be killed half-way.
  package static var slowlyMigrating: Schema {
    let next = current.version + 1
    let sql = """
      CREATE TABLE number (value INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT;
      WITH RECURSIVE counting(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM counting WHERE value < 60000)
      INSERT INTO number SELECT value, hex(zeroblob(40)) FROM counting;
      """
    return Schema(version: next, sql: current.sql, migrations: [Migration(from: current.version, sql: sql)])
  }
}
