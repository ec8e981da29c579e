import ExperimentSpec
import JSON

/// Tells of metrics that the report wants and a stage does not report, when the first job of the stage has reported.
struct MetricWatch {
  private var wanted: WantedMetrics
  private var seen: Set<String> = []

  /// Reads what the report section of a resolved spec wants; nothing of one that cannot be read.
  init(canonicalSpec: String) {
    let section = (try? JSONValue(parsing: canonicalSpec)).flatMap { try? ReportSection(storedSpec: $0) }
    wanted = WantedMetrics(section ?? ReportSection())
  }

  /// Returns what is wrong with the metrics of a stage; nothing for any of its jobs but the first.
  mutating func mistakes(of stage: String, reporting metrics: some Sequence<String>) -> [String] {
    seen.insert(stage).inserted ? wanted.mistakes(of: stage, reporting: Set(metrics)) : []
  }
}
