import Digest
package import JobGraph
package import ResultsStore

/// The frozen plans of earlier runs.
package struct StoredPlans {
  private let store: ResultsStore?

  package init(_ store: ResultsStore?) { self.store = store }

  /// The shortest beginning of a hash that names a plan.
  private static let shortestPrefix = 6

  /// Returns whether a text can be the beginning of a plan's hash.
  package static func isHashPrefix(_ text: String) -> Bool {
    (shortestPrefix...64).contains(text.count) && text.allSatisfy { $0.isHexDigit && $0.isASCII }
  }

  /// Returns the plan whose hash begins with some digits.
  package func plan(_ prefix: String) throws -> Plan {
    let hashes = try hashes(of: nil).filter { $0.hasPrefix(prefix.lowercased()) }
    guard Self.isHashPrefix(prefix), let hash = hashes.first else {
      throw SessionError.unknownPlan(prefix: prefix)
    }
    guard hashes.count == 1 else {
      throw SessionError.ambiguousPlan(prefix: prefix, count: hashes.count)
    }
    return try read(hash)
  }

  /// Returns the plan of the latest run of an experiment.
  package func latest(of experiment: String) throws -> Plan {
    guard let hash = try hashes(of: experiment).first else {
      throw SessionError.neverRun(experiment: experiment)
    }
    return try read(hash)
  }

  /// The hashes of the plans of all runs, or of one experiment's, the latest first.
  private func hashes(of experiment: String?) throws -> [String] {
    var hashes: [String] = []
    for run in try store?.runs() ?? [] where experiment == nil || run.experiment == experiment {
      if !hashes.contains(run.planHash) { hashes.append(run.planHash) }
    }
    return hashes
  }

  private func read(_ hash: String) throws -> Plan {
    guard let store, let digest = SHA256Digest(hex: hash), let text = try store.canonicalPlan(hash: digest) else {
      throw SessionError.missingPlan(hash: hash)
    }
    let plan = try Plan(parsing: text)
    return try store.latestWatched(ofPlan: digest).map(plan.watching) ?? plan
  }
}
