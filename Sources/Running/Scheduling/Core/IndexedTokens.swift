import ExperimentSpec
package import JobGraph

/// The pools whose tokens have names: which of them are free, and how a job learns which it got.
///
/// The counts are the core's business; this only picks names, always the first free ones, so that a worker process that owns a name
/// meets it again.
package struct IndexedTokens: Sendable {
  private let pools: [String: PoolIndices]
  private var isTaken: [String: [Bool]]

  package init(_ pools: [String: PoolIndices]) {
    self.pools = pools
    isTaken = pools.mapValues { [Bool](repeating: false, count: $0.names.count) }
  }

  /// Takes what a job asks for.
  ///
  /// - Parameter amounts: Amounts by pool; pools without names do not matter.
  /// - Returns: The names by pool, in the pool's order; pools of which nothing is taken are left out.
  package mutating func take(_ amounts: [String: Int]) -> [String: [String]] {
    var taken: [String: [String]] = [:]
    for (name, pool) in pools {
      guard let amount = amounts[name], amount > 0 else { continue }
      let free = pool.names.indices.filter { isTaken[name]?[$0] == false }.prefix(amount)
      precondition(free.count == amount, "\(amount) of '\(name)' taken, but only \(free.count) are free")
      for index in free { isTaken[name]?[index] = true }
      taken[name] = free.map { pool.names[$0] }
    }
    return taken
  }

  /// Gives names back.
  package mutating func giveBack(_ taken: [String: [String]]) {
    for (name, names) in taken {
      for index in pools[name]?.names.indices ?? 0..<0 where names.contains(pools[name]?.names[index] ?? "") {
        isTaken[name]?[index] = false
      }
    }
  }

  /// Returns the environment variables that tell a job its names; a pool's own variable is empty for a job that has none of it.
  package func variables(for taken: [String: [String]]) -> [String: String] {
    var variables: [String: String] = [:]
    for (name, pool) in pools {
      let text = (taken[name] ?? []).joined(separator: ",")
      if let variable = pool.variable { variables[variable] = text }
      if !text.isEmpty { variables[VariableName.resource(name)] = text }
    }
    return variables
  }
}
