import AttemptModel
import Foundation
import Glibc
import JSON
import JobGraph
import Scheduling
import Testing
import WorkerProtocol
import TestSupport

/// What attempts may leave behind as results, by a command's file and by a worker's word.
@Suite struct ResultCheckTests {
  private let directory: TemporaryFolder
  private let recording: MemoryRecording

  init() throws {
    directory = try TemporaryFolder()
    recording = MemoryRecording(directory)
  }

  private func outcome(
    of job: Job, workers: [String: WorkerDefinition] = [:], resultBytes: Int = 64 << 20
  ) async throws -> AttemptOutcome {
    let supervisor = ProcessSupervisor()
    let executor = LocalExecutor(
      commands: CommandExecutor(
        supervisor: supervisor, projectRoot: directory.path, limits: .init(resultBytes: resultBytes)),
      workers: WorkerPool(definitions: workers, supervisor: supervisor, projectRoot: directory.path))
    let scheduler = try Scheduler(
      plan: plan([job], workers: workers), executor: executor, recording: recording,
      options: .init(projectRoot: directory.path))
    _ = await scheduler.run()
    return try #require(recording.outcome(of: 0))
  }

  /// The outcome of a command that leaves this as its result, and of a worker that says it.
  private func outcomes(ofResult members: String) async throws -> [AttemptOutcome] {
    _ = try directory.write("{\(members)}", to: "result.json")
    let script = """
      import json, sys
      print(json.dumps({"type": "hello", "protocol": 1, "name": "w", "version": "1", "tasks": [{"name": "t", "version": "1"}]}), flush=True)
      for line in sys.stdin:
          request = json.loads(line)
          if request["type"] != "run": break
          open(request["outputDirectory"] + "/own", "w").write("own")
          print('{"type": "result", "id": "%s", ' % request["id"] + open("result.json").read()[1:], flush=True)
      """
    let worker = WorkerDefinition(command: ["python3", try directory.write(script, to: "worker.py")])
    let copy = "echo own > $ORCHESTRATE_OUTPUT_DIRECTORY/own; cp result.json $ORCHESTRATE_RESULT"
    return [
      try await outcome(of: job(0, command: ["sh", "-c", copy])),
      try await outcome(of: task(0, "w", "t"), workers: ["w": worker]),
    ]
  }

  @Test(arguments: [
    ("mkdir $ORCHESTRATE_RESULT", "is a folder; write a file"),
    ("mkfifo $ORCHESTRATE_RESULT", "is a named pipe; write a file"),
    ("mkfifo p; ln -s $PWD/p $ORCHESTRATE_RESULT", "is a named pipe; write a file"),
    ("ln -s /dev/zero $ORCHESTRATE_RESULT", "is a device; write a file"),
    ("ln -s /no/such/file $ORCHESTRATE_RESULT", "cannot be read: No such file or directory"),
    ("ln -s $ORCHESTRATE_RESULT $ORCHESTRATE_RESULT", "cannot be read: Too many levels of symbolic links"),
    ("truncate -s 3G $ORCHESTRATE_RESULT", "has 3221225472 bytes, more than 1000"),
    ("head -c 1001 /dev/zero > $ORCHESTRATE_RESULT", "has 1001 bytes, more than 1000"),
    (": > $ORCHESTRATE_RESULT", "is wrong: the result is not JSON: 1:1: the text ends"),
  ])
  func `a result that is no readable file is called what it is`(script: String, reason: String) async throws {
    let outcome = try await outcome(of: job(0, command: ["sh", "-c", script]), resultBytes: 1000)
    #expect(outcome.exitKind == .failed && outcome.fault == .job)
    #expect(outcome.message?.contains("/result.json' \(reason)") == true, "\(outcome.message ?? "")")
  }

  @Test(arguments: [
    (#""x": 0.93"#, "has the unknown member 'x'; values stand in a list, as in {\"metrics\""),
    (#""metric": []"#, "has the unknown member 'metric'; did you mean 'metrics'?"),
    (#""samples": [{"metric": "a", "repetition": -1, "value": 1}]"#, "should be an integer from 0; it is -1"),
    (#""metrics": [{"name": "a\u0000b", "value": 1}]"#, "without control characters, not one with U+0000"),
    (#""artifacts": [{"name": "a", "path": "/etc/hostname"}]"#, "outside the attempt's output folder"),
    (#""artifacts": [{"name": "a", "path": "../../../result.json"}]"#, "outside the attempt's output folder"),
    (#""artifacts": [{"name": "a", "path": "."}]"#, "outside the attempt's output folder"),
    (#""artifacts": [{"name": "a", "path": "none"}]"#, "it made no file or folder"),
    (#""artifacts": [{"name": "é", "path": "own"}, {"name": "e\u0301", "path": "own"}]"#, "artifact 'é' twice"),
  ])
  func `a command's file and a worker's word are refused alike`(members: String, reason: String) async throws {
    for outcome in try await outcomes(ofResult: members) {
      #expect(outcome.exitKind == .failed && outcome.fault == .job)
      #expect(outcome.message?.contains(reason) == true, "\(outcome.message ?? "")")
    }
  }

  @Test func `a job that puts a link in the place of its output folder gets no file from elsewhere`() async throws {
    let script = """
      rm -rf "$ORCHESTRATE_OUTPUT_DIRECTORY"; ln -s /etc "$ORCHESTRATE_OUTPUT_DIRECTORY"
      echo '{"artifacts": [{"name": "a", "path": "hostname"}]}' > "$ORCHESTRATE_RESULT"
      """
    let outcome = try await outcome(of: job(0, command: ["sh", "-c", script]))
    #expect(outcome.exitKind == .failed && outcome.fault == .job && outcome.measurements.artifacts.isEmpty)
    #expect(outcome.message?.contains("in the place of its output folder") == true, "\(outcome.message ?? "")")
  }

  @Test func `a name has one spelling, and numbers that are none are values`() async throws {
    let members =
      #""metrics": [{"name": "e\u0301", "value": NaN}, {"name": "é", "value": -Infinity, "unit": "A\u030a"}]"#
    for outcome in try await outcomes(ofResult: members) {
      let metrics = outcome.measurements.metrics
      #expect(metrics.map { Array($0.name.unicodeScalars) } == [["\u{E9}"], ["\u{E9}"]])
      #expect(metrics.last.map { Array($0.unit.unicodeScalars) } == ["\u{C5}"])
      #expect(metrics.first?.value.isNaN == true && metrics.last?.value == -.infinity)
    }
  }

  @Test func `a link inside the output folder is followed, one that leads out is not an artifact`() async throws {
    let inside = try await outcome(
      of: job(0, command: ["sh", "-c", "cd ${outputDirectory}; echo 1 > a; ln -s a b"], outputs: ["b": "b"]))
    #expect(inside.exitKind == .succeeded)
    #expect(inside.measurements.artifacts.first?.path.hasSuffix("/output/a") == true)
    let outside = try await outcome(
      of: job(0, command: ["sh", "-c", "ln -s /etc/hostname ${outputDirectory}/b"], outputs: ["b": "b"]))
    #expect(
      outside.message?.contains("/output/b', which is '/etc/hostname', outside the attempt's output folder") == true,
      "\(outside.message ?? "")")
  }
}
