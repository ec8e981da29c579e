/// How much of the variance of nested measurements each level contributes: seeds, processes of a seed, repetitions
/// inside a process.
///
/// Estimates by equating mean squares with their expectations; unequal numbers are allowed. For equal numbers the
/// estimates are those of REML, unless one is below 0 and therefore set to 0.
///
/// - Source: Searle, Casella and McCulloch, "Variance Components", 1992, sections 3.6 and 5.2; agrees with R's lme4 on
///   Davies' dyestuff data.
public struct VarianceComponents: Sendable, Hashable {
  /// Variance between seeds; `nil` if the data have no such level.
  public var seed: Double?
  /// Variance between processes of a seed.
  public var process: Double
  /// Variance between repetitions inside a process.
  public var repetition: Double
  /// Names of components whose estimate was below 0 and is given as 0: too small to be seen with these data.
  public var truncated: [String]

  /// Estimates the components of repetitions inside processes.
  ///
  /// - Parameter processes: The values of each process: at least two processes and one with two values or more.
  /// - Throws: `StatisticsError` with code `.tooFewValues` or `.notFinite`.
  public init(processes: [[Double]]) throws(StatisticsError) {
    let squares = try MeanSquares([processes])
    guard let between = squares.process, let inside = squares.repetition else {
      throw StatisticsError(
        .tooFewValues, "variance components need two processes and repetitions inside a process")
    }
    repetition = inside
    let raw = (between - inside) / squares.perProcess
    process = max(0, raw)
    truncated = raw < 0 ? ["process"] : []
  }

  /// Estimates the components of repetitions inside processes inside seeds.
  ///
  /// - Parameter seeds: The values of each process of each seed: at least two seeds, one with two processes or more,
  ///   and one process with two values or more.
  /// - Throws: `StatisticsError` with code `.tooFewValues` or `.notFinite`.
  public init(seeds: [[[Double]]]) throws(StatisticsError) {
    let squares = try MeanSquares(seeds)
    guard let top = squares.seed, let between = squares.process, let inside = squares.repetition else {
      throw StatisticsError(
        .tooFewValues, "variance components need two seeds, two processes of a seed and repetitions inside a process")
    }
    repetition = inside
    let rawProcess = (between - inside) / squares.perProcess
    let rawSeed = (top - inside - squares.processShareOfSeed * rawProcess) / squares.perSeed
    process = max(0, rawProcess)
    seed = max(0, rawSeed)
    truncated = (rawSeed < 0 ? ["seed"] : []) + (rawProcess < 0 ? ["process"] : [])
  }

  /// Returns the standard error that a mean would have.
  ///
  /// - Parameters:
  ///   - seeds: Number of seeds, at least 1.
  ///   - processes: Processes of each seed, at least 1.
  ///   - repetitions: Repetitions in each process, at least 1.
  /// - Returns: The standard error, in the unit of the values.
  public func standardErrorOfMean(seeds: Int = 1, processes: Int, repetitions: Int) -> Double {
    precondition(seeds >= 1 && processes >= 1 && repetitions >= 1, "a plan without measurements")
    let inside = repetition / Double(repetitions)
    return (((seed ?? 0) + (process + inside) / Double(processes)) / Double(seeds)).squareRoot()
  }

  /// Returns how many repetitions a process should run to make the mean as precise as possible for its cost.
  ///
  /// - Parameters:
  ///   - processCost: Cost of starting a process, warm-up included, above 0.
  ///   - repetitionCost: Cost of one repetition in the same unit, above 0.
  /// - Returns: The number, at least 1; `nil` if processes do not differ, so that one process is enough.
  /// - Source: Cochran, "Sampling Techniques", 1977, section 10.6; Kalibera and Jones, "Rigorous benchmarking in
  ///   reasonable time", ISMM 2013.
  public func bestRepetitions(processCost: Double, repetitionCost: Double) -> Int? {
    precondition(processCost > 0 && repetitionCost > 0, "a cost that is not above 0")
    guard process > 0 else { return nil }
    let best = (processCost / repetitionCost * repetition / process).squareRoot()
    return best < 1e9 ? max(1, Int(best.rounded())) : nil
  }
}

/// The mean squares of a nested design and the factors of the components in their expectations.
private struct MeanSquares {
  var seed: Double?
  var process: Double?
  var repetition: Double?
  var perProcess = 0.0
  var processShareOfSeed = 0.0
  var perSeed = 0.0

  init(_ seeds: [[[Double]]]) throws(StatisticsError) {
    let seeds = seeds.map { $0.filter { !$0.isEmpty } }.filter { !$0.isEmpty }
    let all = seeds.flatMap { $0.flatMap(\.self) }
    try check(all, atLeast: 3, for: "an estimate of variance components")
    let grand = mean(of: all)
    var (top, between, inside) = (0.0, 0.0, 0.0)
    // Sums of squared numbers of values: over processes within their seed, over processes, over seeds.
    var (processInSeed, processInAll, seedInAll) = (0.0, 0.0, 0.0)
    for processes in seeds {
      let values = processes.flatMap(\.self)
      let centre = mean(of: values)
      let size = Double(values.count)
      top += size * (centre - grand) * (centre - grand)
      seedInAll += size * size
      for repetitions in processes {
        let local = mean(of: repetitions)
        let count = Double(repetitions.count)
        between += count * (local - centre) * (local - centre)
        inside += repetitions.reduce(0) { $0 + ($1 - local) * ($1 - local) }
        processInSeed += count * count / size
        processInAll += count * count
      }
    }
    let total = Double(all.count)
    let processCount = seeds.reduce(0) { $0 + $1.count }
    let freedom = (seeds.count - 1, processCount - seeds.count, all.count - processCount)
    if freedom.0 > 0 {
      seed = top / Double(freedom.0)
      perSeed = (total - seedInAll / total) / Double(freedom.0)
      processShareOfSeed = (processInSeed - processInAll / total) / Double(freedom.0)
    }
    if freedom.1 > 0 {
      process = between / Double(freedom.1)
      perProcess = (total - processInSeed) / Double(freedom.1)
    }
    if freedom.2 > 0 { repetition = inside / Double(freedom.2) }
  }
}
