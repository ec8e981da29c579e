/// The most that a spec may ask for; more is a mistake of typing, or would take more memory or time than anyone has.
package enum SpecLimit {
  /// Bytes of a spec, and of all the specs it extends together.
  package static let fileBytes = 8 << 20
  /// Specs on the way from one to the last that it extends.
  package static let extendedSpecs = 32
  /// Mistakes, and remarks, that are shown of each kind of seriousness.
  package static let shownMistakes = 100
  /// Letters of a name that is limited to letters, digits, `_` and `-`.
  package static let nameBytes = 100
  /// Bytes of the name of an artifact, a metric, a task or a variable of the environment.
  package static let freeNameBytes = 250
  /// Stages, workers, axes with members of zip groups, each.
  package static let parts = 1_000
  /// Tables, charts, figures, claims and findings, each.
  package static let reportParts = 10_000
  /// Parameters.
  package static let parameters = 10_000
  /// Values of an axis.
  package static let axisValues = 1_000_000
  /// Values of all axes together.
  package static let allAxisValues = 8_000_000
  /// Elements of `exclude` and of `include`, each.
  package static let patterns = 100_000
  /// Trials that are tried before `exclude` drops some.
  package static let triedTrials = 20_000_000
  /// Values in all of them.
  package static let triedValues = 400_000_000
  /// Comparisons of trials with elements of `exclude` that look at different axes.
  package static let comparisons = 100_000_000
  /// Values in all trials together.
  package static let trialValues = 20_000_000
  /// Bytes of a parameter with its variables filled in, and of all that a stage hands to one job.
  package static let valueBytes = 16 << 20
  /// Bytes of what is handed to all jobs together, not counting the first KiB of each.
  package static let planBytes = 256 << 20
  /// Ways in which the jobs of a plan need each other.
  package static let needs = 20_000_000
  /// Lists and objects in each other in the value of a parameter or a stage's `with`.
  package static let valueDepth = 100
  /// Seconds of a duration, about thirty years.
  package static let durationSeconds = 1e9
  /// Tokens of a pool: the whole numbers up to which every number is exact.
  package static let poolSize = 1 << 53
}
