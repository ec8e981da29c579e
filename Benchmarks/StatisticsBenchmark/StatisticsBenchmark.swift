/// Measures the statistics: `StatisticsBenchmark coverage|alarms|bootstrap`; `coverage 4000 median` prints some rows only.
@main
enum StatisticsBenchmark {
  static func main() throws {
    let arguments = CommandLine.arguments.dropFirst()
    let number = arguments.dropFirst().first.flatMap { Int($0) }
    switch arguments.first {
    case "coverage": try CoverageTable(trials: number ?? 4000, filter: arguments.dropFirst(2).first ?? "").write()
    case "alarms": try AlarmTable(trials: number ?? 1000).write()
    case "bootstrap": try BootstrapTiming(rounds: number ?? 5).write()
    default: print("usage: StatisticsBenchmark coverage|alarms|bootstrap [TRIALS or ROUNDS] [METHOD]")
    }
  }
}
