import GRDB

extension Schema {
  /// Something in a database that is not what this schema says, as a clause; nil if there is none.
  ///
  /// A view that was put in the place of another could go on for ever; one in the place of a table would answer for it; a trigger of
  /// someone else's would change what is written.
  func stranger(in database: Database) throws -> String? {
    let expected = try definitions()
    let found = try Self.definitions(in: database).sorted { $0.key < $1.key }
    let stranger = found.first { name, definition in
      guard let own = expected[name] else { return definition.kind == "trigger" }
      return switch own.kind {
      case "table": definition.kind != "table" || definition.isVirtual
      case "view", "trigger": definition != own
      default: false
      }
    }
    return stranger.map { "the \($0.value.kind) '\($0.key)' is not the one of schema \(version)" }
  }

  /// Everything in which a database differs from this schema, each as a clause; tables and views of one's own do not count.
  func deviations(in database: Database) throws -> [String] {
    let expected = try definitions()
    let found = try Self.definitions(in: database)
    let own = expected.sorted { $0.key < $1.key }.compactMap { name, definition -> String? in
      guard let there = found[name] else { return "the \(definition.kind) '\(name)' is missing" }
      return there == definition ? nil : "the \(there.kind) '\(name)' is not the one of schema \(version)"
    }
    let added = found.sorted { $0.key < $1.key }.filter { name, definition in
      expected[name] == nil && ["index", "trigger"].contains(definition.kind) && expected[definition.table] != nil
    }
    return own + added.map { "the \($0.value.kind) '\($0.key)' is not one of schema \(version)" }
  }
}
