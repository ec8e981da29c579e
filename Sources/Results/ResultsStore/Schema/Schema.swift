/// The tables of a database: how a new one is made, and how older ones are led there.
package struct Schema: Sendable {
  /// A step from one version to the next.
  package struct Migration: Sendable {
    /// The version it starts from; it ends at the following one.
    package var from: Int
    /// Statements without transaction control; the version number is updated by the store.
    package var sql: String

    /// Makes a step.
    package init(from: Int, sql: String) {
      self.from = from
      self.sql = sql
    }
  }

  /// The version of a new database.
  package var version: Int
  /// The text of schema.sql.
  package var sql: String
  /// Steps from every older version, in any order.
  package var migrations: [Migration]

  /// Makes a schema.
  package init(version: Int, sql: String, migrations: [Migration]) {
    self.version = version
    self.sql = sql
    self.migrations = migrations
  }

  /// What this program writes: the embedded schema.sql.
  package static let current = Schema(
    version: migrations.count + 1, sql: String(decoding: PackageResources.schema_sql, as: UTF8.self),
    migrations: migrations)

  /// The steps from a version to this one in order; nil if one is unknown.
  func path(from start: Int) -> [Migration]? {
    var steps: [Migration] = []
    for version in start..<version {
      guard let step = migrations.first(where: { $0.from == version }) else { return nil }
      steps.append(step)
    }
    return steps
  }
}
