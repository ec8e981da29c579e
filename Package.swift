// swift-tools-version: 6.2
import PackageDescription

let swift: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

// Static: with the libraries that SwiftPM gives every program, each fork would copy their page tables. Sanitizers need them.
let supervisorLinking: [LinkerSetting] =
  Context.environment["SANITIZED"] != nil
  ? [] : [.unsafeFlags(["-nostartfiles", "-static-stdlib", "-Xclang-linker", "-static"])]

let package = Package(
  name: "PriorBrushOrchestrator",
  products: [
    .executable(name: "orchestrate", targets: ["orchestrate"]),
    .executable(name: "report", targets: ["report"]),
    .executable(name: "priorbrush-worker", targets: ["priorbrush-worker"]),
    .executable(name: "job-supervisor", targets: ["job-supervisor"]),
    .executable(name: "command-timer", targets: ["command-timer"]),
    // Preloaded into jobs to note the files that they read.
    .library(name: "ReadObserver", type: .dynamic, targets: ["ReadObserver"]),
    // Preloaded by tests to make file operations fail.
    .library(name: "StoreFaults", type: .dynamic, targets: ["StoreFaults"]),
  ],
  dependencies: [
    // Subcommands, help and completion of the command lines.
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    // The heap of ready jobs.
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    // The results database.
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
  ],
  targets: [
    .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"])]),
    // Eigenvalues and double-precision matrix products of the set metrics.
    .systemLibrary(name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
    .target(
      name: "COneDNN", cSettings: [.unsafeFlags(["-O3", "-fno-math-errno", "-ffp-contract=fast"])],
      linkerSettings: [.linkedLibrary("dnnl")]),
    .target(name: "CProcess"),

    .target(name: "CReadLog"),
    // Without the libraries that SwiftPM gives every program: it is loaded into every process of a job.
    .target(
      name: "ReadObserver", dependencies: ["CReadLog"], exclude: ["link.cfg"],
      cSettings: [.unsafeFlags(["-O2", "-fvisibility=hidden", "-ftls-model=initial-exec"])],
      linkerSettings: [
        .unsafeFlags([
          "-nostartfiles", "-no-toolchain-stdlib-rpath", "-Xclang-linker",
          "--config=\(Context.packageDirectory)/Sources/ReadObserver/link.cfg",
        ])
      ]),

    .target(name: "Files", swiftSettings: swift),
    // What is printed: texts that cannot upset a terminal, and the standard streams.
    .target(name: "Printing", swiftSettings: swift),
    .target(name: "JSON", swiftSettings: swift),
    .target(name: "Digest", dependencies: ["CCrypto"], swiftSettings: swift),
    .target(name: "InputTracing", dependencies: ["CReadLog", "Digest", "JSON"], swiftSettings: swift),
    .target(name: "ExperimentSpec", dependencies: ["Files", "JSON"], swiftSettings: swift),
    .target(
      name: "JobGraph", dependencies: ["Digest", "ExperimentSpec", "Files", "InputTracing", "JSON", "Printing"],
      swiftSettings: swift),
    .target(name: "WorkerProtocol", dependencies: ["JSON"], swiftSettings: swift),
    .target(
      name: "Scheduling",
      dependencies: [
        "CProcess", "Digest", "ExperimentSpec", "InputTracing", "JSON", "JobGraph", "Printing", "WorkerProtocol",
        .product(name: "HeapModule", package: "swift-collections"),
      ], swiftSettings: swift),
    .target(
      name: "ResultsStore",
      dependencies: [
        "Digest", "Files", "InputTracing", "JSON", "Printing", .product(name: "GRDB", package: "GRDB.swift"),
        // Binds the values of many rows without a detour.
        .product(name: "GRDBSQLite", package: "GRDB.swift"),
      ],
      resources: [.embedInCode("schema.sql"), .embedInCode("schema-1.sql")], swiftSettings: swift),
    .target(name: "Statistics", swiftSettings: swift),
    .target(name: "Nightly", dependencies: ["JSON", "ResultsStore", "Statistics"], swiftSettings: swift),
    .target(name: "Timing", dependencies: ["JSON", "Statistics", "WorkerProtocol"], swiftSettings: swift),
    .target(
      name: "Reporting",
      dependencies: ["Files", "JSON", "Nightly", "PNGImage", "Printing", "ResultsStore", "Statistics"],
      swiftSettings: swift),
    .target(name: "PNGImage", dependencies: ["CPNG", "Files"], swiftSettings: swift),
    .target(name: "NeuralNetwork", dependencies: ["COneDNN", "Files"], swiftSettings: swift),
    .target(name: "ImageMetrics", dependencies: ["COpenBLAS", "PNGImage"], swiftSettings: swift),
    .target(
      name: "PriorBrush", dependencies: ["Digest", "Files", "JSON", "NeuralNetwork", "PNGImage"], swiftSettings: swift),
    // Unpacks the published merges of CLIP's tokenizer.
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .target(
      name: "PerceptualNetworks", dependencies: ["COneDNN", "CZlib", "Files", "NeuralNetwork", "PNGImage"],
      swiftSettings: swift),
    .target(name: "Torture", dependencies: ["JSON", "ResultsStore", "WorkerProtocol"], swiftSettings: swift),

    .executableTarget(
      name: "job-supervisor", dependencies: ["CProcess"], linkerSettings: supervisorLinking),
    // Started by orchestrate for stages that compare commands; their processes are forked by the small supervisor.
    .executableTarget(
      name: "command-timer", dependencies: ["JSON", "Scheduling", "Timing", "WorkerProtocol"], swiftSettings: swift),
    .executableTarget(
      name: "orchestrate",
      dependencies: [
        "Digest", "ExperimentSpec", "InputTracing", "JSON", "JobGraph", "Nightly", "Printing", "ResultsStore",
        "Scheduling", "Statistics", "Torture", "WorkerProtocol",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], swiftSettings: swift),
    .executableTarget(
      name: "priorbrush-worker",
      dependencies: [
        "Digest", "Files", "ImageMetrics", "JSON", "NeuralNetwork", "PNGImage", "PerceptualNetworks", "PriorBrush",
        "Statistics", "Timing", "WorkerProtocol",
      ],
      swiftSettings: swift),
    .executableTarget(
      name: "report",
      dependencies: [
        "Nightly", "Printing", "Reporting", "ResultsStore",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: swift),

    .executableTarget(
      name: "KernelBenchmarks", dependencies: ["COneDNN", "NeuralNetwork"], path: "Benchmarks/KernelBenchmarks",
      swiftSettings: swift),
    .executableTarget(
      name: "MetricBenchmarks",
      dependencies: ["CPNG", "ImageMetrics", "NeuralNetwork", "PNGImage", "PerceptualNetworks"],
      path: "Benchmarks/MetricBenchmarks", swiftSettings: swift),
    .executableTarget(
      name: "PlanBenchmark", dependencies: ["Digest", "ExperimentSpec", "InputTracing", "JSON", "JobGraph"],
      path: "Benchmarks/PlanBenchmark", swiftSettings: swift),
    .executableTarget(
      name: "ReportBenchmark", dependencies: ["Digest", "JSON", "Reporting", "ResultsStore"],
      path: "Benchmarks/ReportBenchmark", swiftSettings: swift),
    .executableTarget(
      name: "SchedulingBenchmark", dependencies: ["JSON", "JobGraph", "Scheduling", "WorkerProtocol"],
      path: "Benchmarks/SchedulingBenchmark", swiftSettings: swift),
    .executableTarget(
      name: "StatisticsBenchmark", dependencies: ["Statistics", "StatisticsSimulation"],
      path: "Benchmarks/StatisticsBenchmark", swiftSettings: swift),
    .executableTarget(
      name: "StoreBenchmark",
      dependencies: ["Digest", "ExperimentSpec", "InputTracing", "JSON", "JobGraph", "ResultsStore", "Scheduling"],
      path: "Benchmarks/StoreBenchmark", swiftSettings: swift),
    .executableTarget(
      name: "UNetBenchmark", dependencies: ["NeuralNetwork", "PriorBrush"], path: "Benchmarks/UNetBenchmark",
      swiftSettings: swift),

    .testTarget(name: "FilesTests", dependencies: ["Files"], swiftSettings: swift),
    .testTarget(name: "PrintingTests", dependencies: ["Printing"], swiftSettings: swift),
    .testTarget(name: "JSONTests", dependencies: ["JSON"], swiftSettings: swift),
    .testTarget(name: "InputTracingTests", dependencies: ["Digest", "InputTracing", "JSON"], swiftSettings: swift),
    .testTarget(name: "DigestTests", dependencies: ["Digest"], swiftSettings: swift),
    .testTarget(name: "ExperimentSpecTests", dependencies: ["ExperimentSpec", "JSON"], swiftSettings: swift),
    .testTarget(
      name: "JobGraphTests", dependencies: ["Digest", "ExperimentSpec", "InputTracing", "JSON", "JobGraph"],
      swiftSettings: swift),
    .testTarget(name: "WorkerProtocolTests", dependencies: ["JSON", "WorkerProtocol"], swiftSettings: swift),
    .testTarget(
      name: "SchedulingTests",
      dependencies: ["Digest", "JSON", "JobGraph", "Scheduling", "WorkerProtocol", "job-supervisor"],
      swiftSettings: swift),
    .target(
      name: "StoreCrashPlan", dependencies: ["Digest", "JSON", "ResultsStore"], path: "Tests/StoreCrashPlan",
      swiftSettings: swift),
    .executableTarget(
      name: "StoreCrashHelper", dependencies: ["ResultsStore", "StoreCrashPlan"], path: "Tests/StoreCrashHelper",
      swiftSettings: swift),
    .testTarget(
      name: "ResultsStoreTests",
      dependencies: [
        "Digest", "JSON", "ResultsStore", "StoreCrashHelper", "StoreCrashPlan", "StoreFaults",
        .product(name: "GRDB", package: "GRDB.swift"),
      ], exclude: ["Schemas"], swiftSettings: swift),
    .target(name: "StoreFaults", path: "Tests/StoreFaults"),
    .testTarget(
      name: "TortureTests", dependencies: ["ResultsStore", "Torture", "job-supervisor", "orchestrate"],
      swiftSettings: swift),
    .target(
      name: "StatisticsSimulation", dependencies: ["Statistics"], path: "Tests/StatisticsSimulation",
      swiftSettings: swift),
    .testTarget(
      name: "StatisticsTests", dependencies: ["JSON", "Statistics", "StatisticsSimulation"],
      resources: [.copy("Fixtures")], swiftSettings: swift),
    .testTarget(
      name: "NightlyTests", dependencies: ["Digest", "JSON", "Nightly", "Reporting", "ResultsStore", "Statistics"],
      swiftSettings: swift),
    .testTarget(name: "TimingTests", dependencies: ["JSON", "Timing"], swiftSettings: swift),
    .testTarget(
      name: "ReportingTests", dependencies: ["Digest", "JSON", "PNGImage", "Reporting", "ResultsStore", "report"],
      exclude: ["Browser", "Golden"], swiftSettings: swift),
    .testTarget(name: "PNGImageTests", dependencies: ["PNGImage"], swiftSettings: swift),
    .testTarget(
      name: "ImageMetricsTests", dependencies: ["ImageMetrics", "PNGImage"], resources: [.copy("Fixtures")],
      swiftSettings: swift),
    .testTarget(name: "NeuralNetworkTests", dependencies: ["COneDNN", "NeuralNetwork"], swiftSettings: swift),
    .testTarget(
      name: "PerceptualNetworksTests", dependencies: ["NeuralNetwork", "PNGImage", "PerceptualNetworks"],
      resources: [.copy("Fixtures")], swiftSettings: swift),
    .testTarget(
      name: "PriorBrushTests", dependencies: ["JSON", "NeuralNetwork", "PNGImage", "PriorBrush"], swiftSettings: swift),
    .testTarget(
      name: "EndToEndTests",
      dependencies: [
        "NeuralNetwork", "PNGImage", "StoreFaults", "command-timer", "job-supervisor", "orchestrate",
        "priorbrush-worker", "report",
      ],
      swiftSettings: swift),
  ]
)
