import AttemptModel
import Foundation
import ResultsStore
import WorkerProtocol

@testable import Scheduling

/// The file in which a command leaves what it measured: read, checked, booked.
final class ResultEntrance: Entrance {
  private let books: Bookkeeping

  init() throws { books = try Bookkeeping() }

  static let seeds = [
    #"{"metrics": [{"name": "ssim", "value": 0.93, "unit": ""}, {"name": "loss", "value": NaN}]}"#,
    """
    {"samples": [{"metric": "time", "unit": "s", "repetition": 0, "warmup": true, "block": 0, "position": 0, "value": 2},
    {"metric": "time", "unit": "s", "repetition": 1, "value": 2.5}],
    "artifacts": [{"name": "image", "path": "image.png", "mediaType": "image/png"}, {"name": "f", "path": "folder"},
    {"name": "text", "path": "folder/text"}]}
    """,
  ].map { Array($0.utf8) }

  func take(_ bytes: [UInt8]) throws {
    let lease = try books.begin()
    let path = "\(lease.scratchDirectory)/result.json"
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    let outcome: AttemptOutcome
    switch ResultFile(path: path, limit: 1 << 26).measurements().flatMap({
      ResultCheck.accept($0, from: lease.outputDirectory)
    }) {
    case .success(let measured): outcome = AttemptOutcome(.succeeded, period: AttemptPeriod(), measurements: measured)
    case .failure(let rejection):
      outcome = AttemptOutcome(failedBy: .job, message: rejection.reason, period: AttemptPeriod())
    }
    try books.end(lease, outcome)
  }
}
