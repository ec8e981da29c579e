import Glibc

/// Measures the results store: the disk's own limit, ingest, commits, and the no-op resume of a large finished plan.
///
/// Options: `--samples N` (1,000,000), `--pace N` (55,000 samples a second), `--jobs N` (100,000), `--folder DIR` (a new folder below it;
/// the current one),
/// `--orchestrate PATH` (beside this program).
@main enum StoreBenchmark {
  static func main() async throws {
    let options = Options(CommandLine.arguments)
    mkdir(options.folder, 0o755)
    print("| what | measured | |\n|---|--:|---|")
    let rate = try DiskLimit.synchronizationsPerSecond(in: options.folder)
    row("fsync of 4 KiB", "\(Int(rate)) /s", "limit of this disk for one durable commit after the other")
    for pace in [nil, options.pace] {
      try await Ingest(folder: options.folder, samples: options.samples, pace: pace).run()
    }
    try await Commits(folder: options.folder).run()
    try await Resume(options: options).run()
    system("rm -rf '\(options.folder)'")
  }

  static func row(_ what: String, _ value: String, _ remark: String) {
    print("| \(what) | \(value) | \(remark) |")
    fflush(nil)
  }

  /// Seconds of the monotonic clock.
  static var now: Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}

/// What the command line asks for.
struct Options {
  var samples = 1_000_000
  /// Samples that arrive in a second when their delay is measured.
  var pace = 55_000.0
  var jobs = 100_000
  var folder = "."
  var orchestrate: String

  init(_ arguments: [String]) {
    let own = arguments[0]
    orchestrate = (own.lastIndex(of: "/").map { String(own[...$0]) } ?? "./") + "orchestrate"
    for (name, value) in zip(arguments.dropFirst(), arguments.dropFirst(2)) {
      switch name {
      case "--samples": samples = Int(value) ?? samples
      case "--pace": pace = Double(value) ?? pace
      case "--jobs": jobs = Int(value) ?? jobs
      case "--folder": folder = value
      case "--orchestrate": orchestrate = value
      default: break
      }
    }
    folder += "/store-benchmark-\(getpid())"
  }
}

/// What the disk allows.
enum DiskLimit {
  static func synchronizationsPerSecond(in folder: String) throws -> Double {
    let descriptor = open("\(folder)/fsync", O_RDWR | O_CREAT, 0o644)
    defer { close(descriptor) }
    let block = [UInt8](repeating: 1, count: 4096)
    let start = StoreBenchmark.now
    let count = 300
    for _ in 0..<count {
      pwrite(descriptor, block, block.count, 0)
      fsync(descriptor)
    }
    return Double(count) / (StoreBenchmark.now - start)
  }
}
