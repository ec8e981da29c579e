import JSON
import Printing
import SeriesReview
public import ResultsStore

extension ReportCheck {
  /// Returns what is known of how well timings of the judged experiments can be told apart on the machines of their runs.
  ///
  /// - Parameters:
  ///   - experiments: The results of all experiments in the database.
  ///   - selection: Names of the experiments that are judged; empty means all.
  ///   - records: All calibrations.
  /// - Returns: One line for each calibrated comparison.
  public static func calibrations(
    of experiments: [ExperimentResults], selection: [String] = [], in records: [CalibrationRecord]
  ) -> [String] {
    experiments.filter { selection.isEmpty || selection.contains($0.name) }.flatMap { results in
      records.filter { record in
        record.experiment == Calibration.experiment(of: results.name)
          && record.machine == results.run.machine["fingerprint"]?.stringValue
      }.map { "calibration   \(results.name): \($0.summary)" }
    }
  }

  /// Says which numbers of a page rest on results that were invalidated after its run; nil if none does.
  static func staleLine(_ page: ReportPage) -> String? {
    let invalid = ResultNotices.attempts(of: page.results).filter { $0.invalidReason != nil }
    guard !invalid.isEmpty else { return nil }
    let addresses = ResultNotices.staleAddresses(page.results, traces: page.traces)
    let reasons = Set(invalid.compactMap(\.invalidReason)).sorted().joined(separator: "; ")
    let isSingle = invalid.count == 1
    let results = invalid.count.counted("result") + (isSingle ? " was" : " were")
    return "stale         \(page.name): \(results) marked as wrong (\(reasons)); "
      + "\(addresses.count.counted("number")) rest\(addresses.count == 1 ? "s" : "") on "
      + (isSingle ? "it" : "them")
  }
}
