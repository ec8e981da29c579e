/// What a comparison of paired timings can tell apart on one machine.
public struct CalibrationRecord: Sendable, Hashable {
  /// The experiment whose runs measured it, "NAME-calibration".
  public var experiment: String
  /// What is compared, "STAGE:METRIC/REFERENCE", with the axes that distinguish it.
  public var cell: String
  /// Row id of the latest run that it rests on; the calibration holds for that run's machine.
  public var run: Int64
  /// The accepted risk of a false alarm of one comparison, in (0, 1).
  public var significance: Double
  /// How often something was compared with itself.
  public var comparisons: Int
  /// How many of those comparisons found a difference.
  public var falseAlarms: Int
  /// 95 % interval of the share of false alarms.
  public var falseAlarmRange: ClosedRange<Double>
  /// Independent pairs in one comparison.
  public var pairs: Int
  /// Standard deviation of the logarithm of a pair's ratio that explains how the comparisons vary.
  public var noise: Double
  /// The chance with which ``detectable`` is found.
  public var power: Double
  /// Smallest slow-down that is found with that chance, a share such as 0.02; nil if it cannot be told.
  public var detectable: Double?
  /// 95 % interval of ``detectable``.
  public var detectableRange: ClosedRange<Double>?
  /// The slow-down that was planted, a share; nil if none was.
  public var planted: Double?
  /// How often the planted slow-down was measured.
  public var plantedComparisons: Int
  /// How often it was found.
  public var plantedFound: Int
  /// Hex fingerprint of the machine; empty in a record that is to be stored.
  public var machine = ""
  /// ISO 8601 UTC; empty in a record that is to be stored.
  public var computedAt = ""

  /// Makes a record.
  public init(
    experiment: String, cell: String, run: Int64, significance: Double, comparisons: Int, falseAlarms: Int,
    falseAlarmRange: ClosedRange<Double>, pairs: Int, noise: Double, power: Double, detectable: Double?,
    detectableRange: ClosedRange<Double>?, planted: Double?, plantedComparisons: Int, plantedFound: Int
  ) {
    self.experiment = experiment
    self.cell = cell
    self.run = run
    self.significance = significance
    self.comparisons = comparisons
    self.falseAlarms = falseAlarms
    self.falseAlarmRange = falseAlarmRange
    self.pairs = pairs
    self.noise = noise
    self.power = power
    self.detectable = detectable
    self.detectableRange = detectableRange
    self.planted = planted
    self.plantedComparisons = plantedComparisons
    self.plantedFound = plantedFound
  }

  /// Share of comparisons of something with itself that found a difference.
  public var falseAlarmRate: Double { Double(falseAlarms) / Double(max(1, comparisons)) }
}
