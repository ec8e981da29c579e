import ExperimentSpec

/// Where one number of a report comes from.
package struct TraceEntry: Sendable {
  /// The number's address without the experiment: "table1:2:time-swiftbrush".
  package var address: String
  /// What the number is, in words.
  package var title: String
  /// The number as the report prints it, in inline Markdown.
  package var text: String
  /// What is read from each attempt.
  var sources: [MetricSource]
  /// The attempts and the value that each contributes.
  var observations: [Measurement.Observation]
  /// Values that are missing.
  var gaps: [Measurement.Gap] = []
}
