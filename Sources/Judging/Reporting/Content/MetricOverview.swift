import AttemptModel
import ExperimentSpec
import ResultsStore
import Statistics

/// All metrics of an experiment that asks for no table.
enum MetricOverview {
  /// Lines after which nobody reads on.
  static let maximumLines = 1000

  private struct Key: Hashable {
    var stage: String
    var metric: String
  }

  /// Returns one line per stage and metric, in the order of their first report, and how many more there are.
  static func model(_ index: ResultsIndex) -> (table: TableModel, omitted: Int) {
    var keys: [(stage: String, metric: String, unit: String)] = []
    var seen: Set<Key> = []
    for job in index.results.jobs {
      for sample in job.attempt?.samples ?? []
      where seen.insert(Key(stage: job.stage, metric: sample.metric)).inserted && keys.count < maximumLines {
        keys.append((job.stage, sample.metric, sample.unit))
      }
    }
    var table = TableModel(
      header: ["Stage", "Metric", "n", "Mean ± sd", "Median", "95 % interval of the mean"], leadingColumns: 2)
    for key in keys {
      let measurement = index.measurement(MetricSource(stage: key.stage, metric: key.metric))
      let unit = key.unit.isEmpty ? "" : " (\(key.unit))"
      let name = [Markdown.escaped(key.stage), Markdown.escaped(key.metric + unit)]
      let count =
        measurement.isIncomplete
        ? "\(measurement.values.count) of \(measurement.expectedCount) (\(measurement.shortfall.text))"
        : "\(measurement.values.count)"
      guard let summary = measurement.summary else {
        table.rows.append(name + [count] + Array(repeating: NumberFormat.missing, count: 3))
        continue
      }
      let deviation = summary.standardDeviation.map { " ± " + NumberFormat.significant($0, 2) } ?? ""
      let interval = measurement.meanInterval.map {
        "[\(NumberFormat.significant($0.lower, 4)), \(NumberFormat.significant($0.upper, 4))]"
      }
      table.rows.append(
        name + [
          count, NumberFormat.significant(summary.mean, 4) + deviation, NumberFormat.significant(summary.median, 4),
          interval ?? NumberFormat.missing,
        ])
    }
    return (table, seen.count - keys.count)
  }
}
