// swift-tools-version: 6.2
import PackageDescription

let swift: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

/// What computes much is optimised in debug builds as well: its tests would take minutes.
let optimised = swift + [.unsafeFlags(["-O"], .when(configuration: .debug))]

let isSanitized = Context.environment["SANITIZED"] != nil

// Each group of modules is a folder of Sources, and its tests are the folder of that name in Tests.

func module(
  _ name: String, in group: String, _ dependencies: [Target.Dependency] = [], resources: [Resource]? = nil,
  settings: [SwiftSetting] = swift
) -> Target {
  .target(
    name: name, dependencies: dependencies, path: "Sources/\(group)/\(name)", resources: resources,
    swiftSettings: settings)
}

func program(
  _ name: String, in group: String, _ dependencies: [Target.Dependency], settings: [SwiftSetting] = swift
) -> Target {
  .executableTarget(name: name, dependencies: dependencies, path: "Sources/\(group)/\(name)", swiftSettings: settings)
}

func systemLibrary(_ name: String, in group: String, pkgConfig: String, debian: String) -> Target {
  .systemLibrary(name: name, path: "Sources/\(group)/\(name)", pkgConfig: pkgConfig, providers: [.apt([debian])])
}

func tests(
  _ name: String, in group: String, _ dependencies: [Target.Dependency], exclude: [String] = [],
  resources: [Resource]? = nil
) -> Target {
  .testTarget(
    name: name, dependencies: dependencies + ["TestSupport"], path: "Tests/\(group)/\(name)", exclude: exclude,
    resources: resources, swiftSettings: swift)
}

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")

/// What every part stands on: values, files, digests, processes, and what is printed.
let base: [Target] = [
  systemLibrary("CCrypto", in: "Base", pkgConfig: "libcrypto", debian: "libssl-dev"),
  .target(name: "CProcess", path: "Sources/Base/CProcess"),
  module("AttemptModel", in: "Base"),
  module("Digest", in: "Base", ["CCrypto"]),
  module("Files", in: "Base"),
  module("JSON", in: "Base"),
  module("Printing", in: "Base"),
  module("RandomNumbers", in: "Base"),
  module("Spawning", in: "Base", ["CProcess"]),
  module("SystemLimits", in: "Base", ["CProcess", "Printing"]),

  tests("DigestTests", in: "Base", ["Digest"]),
  tests("FilesTests", in: "Base", ["Files"]),
  tests("JSONTests", in: "Base", ["JSON"]),
  tests("PrintingTests", in: "Base", ["Printing"]),
  tests("SpawningTests", in: "Base", ["Spawning"]),
]

/// What a job reads: named by its command, or observed while it runs.
let inputs: [Target] = [
  .target(name: "CReadLog", path: "Sources/Inputs/CReadLog"),
  // Without the libraries that SwiftPM gives every program: it is loaded into every process of a job.
  .target(
    name: "ReadObserver", dependencies: ["CReadLog"], path: "Sources/Inputs/ReadObserver", exclude: ["link.cfg"],
    cSettings: [.unsafeFlags(["-O2", "-fvisibility=hidden", "-ftls-model=initial-exec"])],
    linkerSettings: [
      .unsafeFlags([
        "-nostartfiles", "-no-toolchain-stdlib-rpath", "-Xclang-linker",
        "--config=\(Context.packageDirectory)/Sources/Inputs/ReadObserver/link.cfg",
      ])
    ]),
  module("InputTracing", in: "Inputs", ["CReadLog", "Digest", "JSON"]),

  tests("InputTracingTests", in: "Inputs", ["Digest", "InputTracing", "JSON"]),
]

/// Experiment specs, and the job graphs that are made of them.
let experiments: [Target] = [
  module("ExperimentSpec", in: "Experiments", ["AttemptModel", "Files", "JSON"]),
  module(
    "JobGraph", in: "Experiments",
    ["AttemptModel", "Digest", "ExperimentSpec", "Files", "InputTracing", "JSON", "Printing"]),

  tests("ExperimentSpecTests", in: "Experiments", ["AttemptModel", "ExperimentSpec", "JSON"]),
  tests(
    "JobGraphTests", in: "Experiments",
    ["AttemptModel", "Digest", "ExperimentSpec", "InputTracing", "JSON", "JobGraph"]),
]

/// The running of jobs: the scheduler, processes, workers, and fair timing.
let running: [Target] = [
  module("WorkerProtocol", in: "Running", ["AttemptModel", "Files", "JSON"]),
  module(
    "Scheduling", in: "Running",
    [
      "AttemptModel", "CProcess", "Digest", "ExperimentSpec", "InputTracing", "JSON", "JobGraph", "Printing",
      "Spawning", "WorkerProtocol", .product(name: "HeapModule", package: "swift-collections"),
    ]),
  module("InterleavedTiming", in: "Running", ["AttemptModel", "JSON", "Statistics", "WorkerProtocol"]),
  // Static: with the libraries that SwiftPM gives every program, each fork would copy their page tables. Sanitizers need them.
  .executableTarget(
    name: "job-supervisor", dependencies: ["CProcess"], path: "Sources/Running/job-supervisor",
    linkerSettings: isSanitized
      ? [] : [.unsafeFlags(["-nostartfiles", "-static-stdlib", "-Xclang-linker", "-static"])]),
  // Started by orchestrate for stages that compare commands; their processes are forked by the small supervisor.
  program(
    "command-timer", in: "Running",
    ["AttemptModel", "InterleavedTiming", "JSON", "Printing", "Scheduling", "WorkerProtocol"]),

  module(
    "RunSession", in: "Running",
    [
      "AttemptModel", "Digest", "ExperimentSpec", "InputTracing", "JSON", "JobGraph", "ResultsStore", "Scheduling",
      "SeriesReview", "WorkerProtocol",
    ]),

  tests("WorkerProtocolTests", in: "Running", ["AttemptModel", "JSON", "WorkerProtocol"]),
  .target(
    name: "RunningFakes", dependencies: ["AttemptModel", "JobGraph", "Scheduling", "WorkerProtocol"],
    path: "Tests/Running/RunningFakes", swiftSettings: swift),
  tests(
    "SchedulingTests", in: "Running",
    ["AttemptModel", "Digest", "JSON", "JobGraph", "RunningFakes", "Scheduling", "WorkerProtocol", "job-supervisor"]),
  tests(
    "RunSessionTests", in: "Running",
    [
      "AttemptModel", "Digest", "ExperimentSpec", "InputTracing", "JSON", "JobGraph", "ResultsStore", "RunSession",
      "RunningFakes", "Scheduling", "WorkerProtocol",
    ]),
  tests("InterleavedTimingTests", in: "Running", ["InterleavedTiming", "JSON"]),
]

/// The results database and the stored files.
let results: [Target] = [
  .target(name: "CDisk", path: "Sources/Results/CDisk"),
  module(
    "ResultsStore", in: "Results",
    [
      "AttemptModel", "CDisk", "Digest", "Files", "InputTracing", "JSON", "Printing", "Spawning", grdb,
      // Binds the values of many rows without a detour.
      .product(name: "GRDBSQLite", package: "GRDB.swift"),
    ], resources: [.embedInCode("Schema/schema.sql"), .embedInCode("Schema/schema-1.sql")]),

  .target(
    name: "StoreCrashPlan", dependencies: ["AttemptModel", "Digest", "JSON", "ResultsStore"],
    path: "Tests/Results/StoreCrashPlan",
    swiftSettings: swift),
  .executableTarget(
    name: "StoreCrashHelper", dependencies: ["ResultsStore", "StoreCrashPlan"],
    path: "Tests/Results/StoreCrashHelper", swiftSettings: swift),
  .target(name: "StoreFaults", path: "Tests/Results/StoreFaults"),
  tests(
    "ResultsStoreTests", in: "Results",
    [
      "AttemptModel", "Digest", "InputTracing", "JSON", "ResultsStore", "Spawning", "StoreCrashHelper",
      "StoreCrashPlan", "StoreFaults", grdb,
    ],
    exclude: ["Schemas"]),
]

let statistics = module("Statistics", in: "Judging", ["RandomNumbers"], settings: optimised)

/// What the numbers say: statistics, series of nights, tables, charts and verdicts.
let judging: [Target] = [
  statistics,
  module("SeriesReview", in: "Judging", ["AttemptModel", "JSON", "ResultsStore", "Statistics"]),
  module(
    "Reporting", in: "Judging",
    [
      "AttemptModel", "ExperimentSpec", "Files", "JSON", "PNGImage", "Printing", "ResultsStore", "SeriesReview",
      "Statistics",
    ],
    resources: [.embedInCode("Output/page.css"), .embedInCode("Output/page.js")]),

  .target(
    name: "StatisticsSimulation", dependencies: ["Statistics"], path: "Tests/Judging/StatisticsSimulation",
    swiftSettings: optimised),
  tests(
    "StatisticsTests", in: "Judging", ["JSON", "Statistics", "StatisticsSimulation"],
    resources: [.copy("Fixtures")]),
  tests(
    "SeriesReviewTests", in: "Judging",
    ["AttemptModel", "Digest", "JSON", "Reporting", "ResultsStore", "SeriesReview", "Statistics"]),
  tests(
    "ReportingTests", in: "Judging",
    ["AttemptModel", "Digest", "ExperimentSpec", "JSON", "PNGImage", "Reporting", "ResultsStore", "report"],
    exclude: ["Browser", "Golden"]),
]

let imaging: [Target] = [
  systemLibrary("CPNG", in: "Imaging", pkgConfig: "libpng", debian: "libpng-dev"),
  module("PNGImage", in: "Imaging", ["CPNG", "Files"], settings: optimised),

  tests("PNGImageTests", in: "Imaging", ["PNGImage"]),
]

/// Tensors that can be differentiated.
let neuralNetwork: [Target] = [
  .target(
    name: "COneDNN", path: "Sources/PriorBrush/COneDNN",
    cSettings: [.unsafeFlags(["-O3", "-fno-math-errno", "-ffp-contract=fast"])],
    linkerSettings: [.linkedLibrary("dnnl")]),
  module("NeuralNetwork", in: "PriorBrush", ["COneDNN", "Files"], settings: optimised),

  tests("NeuralNetworkTests", in: "PriorBrush", ["COneDNN", "NeuralNetwork"]),
]

/// The workload that reproduces the paper: networks, their training, and the metrics of their images.
let priorBrush: [Target] = [
  // Eigenvalues and double-precision matrix products of the set metrics.
  systemLibrary("COpenBLAS", in: "PriorBrush", pkgConfig: "openblas", debian: "libopenblas-dev"),
  // Unpacks the published merges of CLIP's tokenizer.
  systemLibrary("CZlib", in: "PriorBrush", pkgConfig: "zlib", debian: "zlib1g-dev"),
  module("ImageMetrics", in: "PriorBrush", ["COpenBLAS", "PNGImage", "RandomNumbers"], settings: optimised),
  module(
    "PerceptualNetworks", in: "PriorBrush", ["COneDNN", "CZlib", "Files", "NeuralNetwork", "PNGImage"],
    settings: optimised),
  module(
    "PriorBrush", in: "PriorBrush", ["Digest", "Files", "JSON", "NeuralNetwork", "PNGImage", "RandomNumbers"],
    settings: optimised),
  program(
    "priorbrush-worker", in: "PriorBrush",
    [
      "AttemptModel", "Digest", "Files", "ImageMetrics", "InterleavedTiming", "JSON", "NeuralNetwork", "PNGImage",
      "PerceptualNetworks", "Printing", "PriorBrush", "Statistics", "WorkerProtocol",
    ], settings: optimised),

  tests("ImageMetricsTests", in: "PriorBrush", ["ImageMetrics", "PNGImage"], resources: [.copy("Fixtures")]),
  tests(
    "PerceptualNetworksTests", in: "PriorBrush",
    ["NeuralNetwork", "PNGImage", "PerceptualNetworks", "RandomNumbers"],
    resources: [.copy("Fixtures")]),
  tests(
    "PriorBrushTests", in: "PriorBrush", ["JSON", "NeuralNetwork", "PNGImage", "PriorBrush", "RandomNumbers"]),
]

let programs: [Target] = [
  module("CommandEntry", in: "Programs", ["JSON", "Printing", argumentParser]),
  module(
    "Torture", in: "Programs",
    ["AttemptModel", "Digest", "JSON", "RandomNumbers", "ResultsStore", "Spawning", "WorkerProtocol"]),
  program(
    "orchestrate", in: "Programs",
    [
      "AttemptModel", "CommandEntry", "Digest", "ExperimentSpec", "InputTracing", "JSON", "JobGraph", "Printing",
      "ResultsStore", "RunSession", "Scheduling", "SeriesReview", "Spawning", "SystemLimits", "Torture",
      "WorkerProtocol", argumentParser,
    ]),
  program(
    "report", in: "Programs",
    [
      "AttemptModel", "CommandEntry", "Printing", "Reporting", "ResultsStore", "SeriesReview", "SystemLimits",
      argumentParser,
    ]),

  tests("TortureTests", in: "Programs", ["ResultsStore", "Torture", "job-supervisor", "orchestrate"]),
  tests(
    "EndToEndTests", in: "Programs",
    [
      "NeuralNetwork", "PNGImage", "StoreFaults", "command-timer", "job-supervisor", "orchestrate",
      "priorbrush-worker", "report",
    ]),
]

/// What holds for the package as a whole.
let project: [Target] = [
  tests("ProjectTests", in: "Project", ["JSON"])
]

let testSupport = Target.target(
  name: "TestSupport", dependencies: ["RandomNumbers"], path: "Tests/TestSupport", swiftSettings: swift)

/// The fuzzer of the doors; it is built with `--sanitize fuzzer` alone, by Scripts/fuzz.sh, which brings its main function.
let fuzzing: [Target] =
  Context.environment["FUZZING"] == nil
  ? []
  : [
    .executableTarget(
      name: "fuzz",
      dependencies: [
        "AttemptModel", "Digest", "ExperimentSpec", "JSON", "JobGraph", "Reporting", "ResultsStore", "Scheduling",
        "TestSupport",
        "WorkerProtocol", grdb,
      ], path: "Tests/Fuzzing/fuzz", swiftSettings: swift)
  ]

/// What has threads, and what that rests upon: all that Scripts/sanitize.sh builds with ThreadSanitizer.
let concurrent = base + inputs + experiments + running + results + neuralNetwork + [statistics, testSupport]
let everything =
  base + inputs + experiments + running + results + judging + imaging + neuralNetwork + priorBrush + programs + project
  + fuzzing + [testSupport]

let preloaded: [Product] = [
  // Into jobs, to note the files that they read.
  .library(name: "ReadObserver", type: .dynamic, targets: ["ReadObserver"]),
  // By tests, to make file operations fail.
  .library(name: "StoreFaults", type: .dynamic, targets: ["StoreFaults"]),
]

let commands: [Product] = [
  "orchestrate", "report", "priorbrush-worker", "job-supervisor", "command-timer",
].map { .executable(name: $0, targets: [$0]) }

/// For the package of benchmarks.
let modules = Product.library(
  name: "Modules",
  targets: [
    "AttemptModel", "COneDNN", "Digest", "ExperimentSpec", "ImageMetrics", "InputTracing", "JSON", "JobGraph",
    "NeuralNetwork", "PNGImage", "PerceptualNetworks", "PriorBrush", "Reporting", "ResultsStore", "Scheduling",
    "Statistics", "StatisticsSimulation", "WorkerProtocol",
  ])

let package = Package(
  name: "PriorBrushOrchestrator",
  products: preloaded + (isSanitized ? [] : commands + [modules]),
  dependencies: [
    // Subcommands, help and completion of the command lines.
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    // The heap of ready jobs.
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    // The results database.
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
  ],
  targets: isSanitized ? concurrent : everything
)
