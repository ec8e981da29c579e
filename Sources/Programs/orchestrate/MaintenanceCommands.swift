import ArgumentParser
import Foundation
import Printing
import ResultsStore

/// Copies the database.
struct BackupCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backup", abstract: "Copy the database to a new file and check the copy; also while a run writes.",
    discussion: """
      The copy appears under its name when it is whole and on the disk. It holds everything but the stored files in artifacts/ and
      the logs: 'orchestrate export --format bundle' copies those too.
      """)
  @Argument(help: "The new file.", completion: .file())
  var path: String
  @OptionGroup var store: StoreOptions

  func run() async throws {
    try await reportingFailures {
      try store.open(.readOnly).backup(to: path)
      try Terminal.write("\(path) is a whole copy of \(store.path)\n")
    }
  }
}

/// Settles what a killed run left.
struct RecoverCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "recover", abstract: "Settle runs whose process was killed, and bring an older database up to date.",
    discussion: """
      Results that were complete on the disk are taken over, other attempts are marked as lost. Every 'orchestrate run' does the same
      when it starts; there is no lock that would have to be removed by hand.
      """)
  @OptionGroup var store: StoreOptions

  func run() async throws {
    try await reportingFailures {
      guard FileManager.default.fileExists(atPath: store.path) else {
        throw CommandFailure("there is no results database '\(store.path)'; name its folder with --results")
      }
      let opened = try store.open(.readWrite)
      if let backup = opened.migrationBackup {
        try Terminal.write("brought up to date; the database before is \(backup)\n")
      }
      let recovery = opened.recovery
      let counts = [
        "\(recovery.adopted.count.counted("result")) taken over", "\(recovery.lost.count.counted("attempt")) lost",
        "\(recovery.interruptedRuns.count.counted("run")) interrupted",
      ]
      try Terminal.write(counts.joined(separator: ", ") + "\n")
    }
  }
}

/// Excludes results from reuse.
struct InvalidateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "invalidate",
    abstract: "Mark results as wrong, and what was made with them; the next run makes them anew.",
    discussion: """
      Nothing is deleted: rows and files stay, with the reason. Conditions add up, as in
      'orchestrate invalidate --stage teacher --run 3 --reason "wrong seed"'.
      """)
  @Argument(help: "A job's number in the latest run (or --run), or the first six or more digits of its fingerprint.")
  var job: String?
  @Option(help: "Results of this stage.")
  var stage: String?
  @Option(help: "Results made by this run.")
  var run: Int64?
  @Option(help: "This attempt, as 'orchestrate show' numbers it.")
  var attempt: Int64?
  @Option(help: "Results of this experiment.")
  var experiment: String?
  @Option(help: "Why; kept with the results.")
  var reason: String
  @Flag(help: "Only say what would be marked.")
  var dryRun = false
  @OptionGroup var store: StoreOptions

  func validate() throws {
    guard job != nil || stage != nil || run != nil || attempt != nil else {
      throw ValidationError("name a job, a fingerprint, --attempt, --stage or --run")
    }
    if reason.allSatisfy(\.isWhitespace) { throw ValidationError("--reason must not be empty") }
  }

  func run() async throws {
    try await reportingFailures {
      var selection = AttemptSelection()
      (selection.stage, selection.run, selection.attempt, selection.experiment) = (stage, run, attempt, experiment)
      if let job {
        let isFingerprint = job.count >= 6 && job.allSatisfy(\.isHexDigit)
        if isFingerprint { selection.fingerprintPrefix = job } else { selection.job = Int(job) }
        guard isFingerprint || selection.job != nil else {
          throw CommandFailure("'\(job)' is neither a job's number nor the beginning of a fingerprint")
        }
      }
      let marked =
        dryRun
        ? try store.open(.readOnly).invalidation(of: selection)
        : try store.open(.readWrite).invalidate(selection, reason: reason)
      let stages = marked.countByStage.sorted { $0.key < $1.key }.map { "\($0.value) of \($0.key)" }
      try Terminal.write(
        "\(dryRun ? "would mark" : "marked") \(marked.attempts.count.counted("result")) and \(marked.dependents.count) made with "
          + "\(marked.attempts.count == 1 ? "it" : "them"): "
          + "\(stages.joined(separator: ", "))\n")
    }
  }
}

/// Removes what nothing needs.
struct CollectGarbageCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gc", abstract: "List files that nothing needs, and remove them after a question.",
    discussion: """
      Files that only invalidated results refer to, checkpoints of jobs that have their result, and what crashes left behind. Rows of the
      database are never removed. While a run is under way it only lists (--dry-run) and refuses to remove.
      """)
  @Flag(help: "Only list.")
  var dryRun = false
  @Option(help: "Also remove files that only runs before the latest N of each experiment refer to.")
  var keepRuns: Int?
  @Flag(help: "Do not ask.")
  var yes = false
  @OptionGroup var store: StoreOptions

  func validate() throws {
    if let keepRuns, keepRuns < 1 { throw ValidationError("--keep-runs must be at least 1") }
  }

  func run() async throws {
    try await reportingFailures {
      if !dryRun { _ = try store.open(.readOnly) }
      let store = try store.open(dryRun ? .readOnly : .readWrite)
      let garbage = try store.garbage(keepingRuns: keepRuns)
      let output = BufferedOutput()
      for item in garbage { try output.write("\(item)".printable + "\n") }
      try output.flush()
      let total = garbage.reduce(0) { $0 + $1.byteCount }
      let files = garbage.count.counted("file or folder", plural: "files and folders")
      let sum = "\(files), \(Int(total).counted("byte"))"
      guard !garbage.isEmpty else { return try Terminal.write("nothing to remove\n") }
      guard !dryRun else { return try Terminal.write("\(sum) would be removed\n") }
      guard try isAgreed(to: sum) else { return try Terminal.write("nothing was removed\n") }
      try store.remove(garbage)
      try Terminal.write("\(sum) removed\n")
    }
  }

  private func isAgreed(to sum: String) throws -> Bool {
    if yes { return true }
    guard isatty(STDIN_FILENO) == 1 else {
      throw CommandFailure("\(sum) are to be removed; say --yes where there is nobody to ask")
    }
    try Terminal.write("remove \(sum)? [y/N] ")
    return ["y", "yes"].contains((readLine() ?? "").lowercased())
  }
}
