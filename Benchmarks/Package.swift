// swift-tools-version: 6.2
import PackageDescription

// What is measured is a ratio to a peer or a baseline in the same run, over minutes and in processes of its own, which no
// library of benchmarks does; the programs print what Docs/Performance.md says.

func benchmark(_ name: String, starting programs: [String] = []) -> Target {
  .executableTarget(
    name: name,
    dependencies: (["Modules"] + programs).map { .product(name: $0, package: "PriorBrushOrchestrator") }, path: name,
    swiftSettings: [
      .swiftLanguageMode(.v6),
      .enableUpcomingFeature("ExistentialAny"),
      .enableUpcomingFeature("InternalImportsByDefault"),
      .enableUpcomingFeature("MemberImportVisibility"),
      .treatAllWarnings(as: .error),
    ])
}

let package = Package(
  name: "Benchmarks",
  dependencies: [.package(name: "PriorBrushOrchestrator", path: "..")],
  targets: [
    benchmark("KernelBenchmarks"),
    benchmark("MetricBenchmarks"),
    benchmark("PlanBenchmark"),
    benchmark("ReportBenchmark"),
    benchmark("SchedulingBenchmark", starting: ["orchestrate", "job-supervisor"]),
    benchmark("StatisticsBenchmark"),
    benchmark("StoreBenchmark", starting: ["orchestrate", "job-supervisor"]),
    benchmark("UNetBenchmark"),
  ]
)
