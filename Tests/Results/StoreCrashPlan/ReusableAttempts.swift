public import Digest
public import ResultsStore

extension ResultsStore {
  /// Finds for each fingerprint the latest attempt that may stand for its job and has all its files, as a run does.
  public func reusableAttempts(
    for jobs: [(fingerprint: SHA256Digest, isTimed: Bool)], machine: MachineFingerprint = .current()
  ) throws -> [SHA256Digest: ReusableAttempt] {
    try reuseCandidates(for: jobs, machine: machine).compactMapValues { $0.first(where: holdsFiles) }
  }
}
