import ArgumentParser
import Foundation
import Printing
import ResultsStore

/// Writes results for other programs and places.
struct ExportCommand: AsyncParsableCommand {
  /// What is written.
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case csv, jsonl, bundle
  }

  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Write samples as CSV or JSON Lines, or whole runs as a bundle.",
    discussion: """
      CSV and JSON Lines have one row a sample with experiment, axes, stage, metric, unit, value, repetition, warm-up, attempt, machine
      and commit, of the latest run of each experiment. A bundle is a folder with all runs, their files and logs, and digests:
      'orchestrate merge' adds it to another database, and every command reads it with --results.
      """)
  @Option(help: "What is written: csv, jsonl or bundle.")
  var format: Format
  @Argument(help: "The new file or folder; - for standard output (csv and jsonl).", completion: .file())
  var path: String
  @Option(help: "Only this experiment; may be repeated.")
  var experiment: [String] = []
  @Option(help: "Only this run; may be repeated.")
  var run: [Int64] = []
  @Flag(help: "All runs, not only the latest of each experiment (csv and jsonl).")
  var allRuns = false
  @OptionGroup var store: StoreOptions

  func run() async throws {
    try await reportingFailures {
      let store = try store.open(.readOnly)
      var selection = ExportSelection(
        experiments: experiment.isEmpty ? nil : experiment, runs: run.isEmpty ? nil : run)
      if format == .bundle {
        let content = try store.exportBundle(to: path, selection: selection)
        let left = content.unfinishedRuns.map { "; run \($0) is left out, because it has not ended" }.joined()
        Terminal.writeError(
          "\(path): \(content.addedRuns.count.counted("run")), \(content.addedAttempts.counted("attempt")), "
            + "\(content.addedFiles.counted("file"))\(left)\n")
        return
      }
      selection.latestOnly = !allRuns && run.isEmpty
      let samples: SampleFormat = format == .csv ? .csv : .jsonl
      if path == "-" {
        let output = BufferedOutput()
        do {
          try store.exportSamples(selection, as: samples) { try output.write($0) }
          try output.flush()
        } catch {
          throw output.failure ?? error
        }
      } else {
        let file = try NewFile(path)
        let count = try store.exportSamples(selection, as: samples) { try file.write($0) }
        try file.publish()
        Terminal.writeError("\(path): \(count) rows\n")
      }
    }
  }
}

/// Adds the results of other places.
struct MergeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge", abstract: "Add the runs of bundles or other results folders to the database.",
    discussion: """
      Any order and any number of times give the same rows: a run that is there already is not added again. Machine, commit, times and
      attempts stay as they were. Each source is added whole or not at all.
      """)
  @Argument(help: "Bundles, results folders or database files.", completion: .directory)
  var sources: [String]
  @OptionGroup var store: StoreOptions

  func run() async throws {
    try await reportingFailures {
      let store = try store.open(.readWrite)
      for source in sources {
        let merged = try store.merge(source)
        var parts = [
          "\(merged.addedRuns.count.counted("run")) added", "\(merged.knownRuns) known",
          merged.addedAttempts.counted("attempt"), merged.addedFiles.counted("file"),
        ]
        if merged.newlyInvalid > 0 { parts.append("\(merged.newlyInvalid.counted("attempt")) marked as invalid") }
        try Terminal.write("\(source): \(parts.joined(separator: ", "))\n")
        for run in merged.unfinishedRuns {
          Terminal.writeError(
            "warning: run \(run) of \(source) is left out, because it has not ended; "
              + "if its process is gone, 'orchestrate recover' there settles it\n")
        }
      }
    }
  }
}

/// A file that appears under its name when it is whole and on the disk.
private final class NewFile {
  private let path: String
  private let temporary: String
  private let handle: FileHandle
  private var buffer: [UInt8] = []

  init(_ path: String) throws {
    self.path = path
    temporary = "\(path).\(getpid()).tmp"
    guard FileManager.default.createFile(atPath: temporary, contents: nil) else {
      throw CommandFailure("'\(path)' cannot be written; check that its folder exists and may be written")
    }
    handle = try FileHandle(forWritingTo: URL(fileURLWithPath: temporary))
  }

  deinit { unlink(temporary) }

  func write(_ text: String) throws {
    buffer += text.utf8
    if buffer.count > 1 << 20 { try flush() }
  }

  func publish() throws {
    try flush()
    try handle.synchronize()
    try handle.close()
    guard rename(temporary, path) == 0 else { throw CommandFailure("'\(path)' cannot be written") }
  }

  private func flush() throws {
    try handle.write(contentsOf: buffer)
    buffer.removeAll(keepingCapacity: true)
  }
}
