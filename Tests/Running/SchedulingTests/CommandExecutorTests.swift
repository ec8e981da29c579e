import AttemptModel
import JobGraph
import JSON
import Scheduling
import Testing
import WorkerProtocol
import TestSupport

@Suite struct CommandExecutorTests {
  private let directory: TemporaryFolder
  private let recording: MemoryRecording

  init() throws {
    directory = try TemporaryFolder()
    recording = MemoryRecording(directory)
  }

  @discardableResult
  private func run(_ jobs: [Job], pools: [String: Int] = ["cpu": 2]) async throws -> ScheduleResult {
    let supervisor = ProcessSupervisor()
    let executor = CommandExecutor(
      supervisor: supervisor, projectRoot: directory.path, limits: .init(logBytes: 20_000, graceSeconds: 0.2))
    let scheduler = try Scheduler(
      plan: plan(jobs, pools: pools), executor: executor, recording: recording,
      options: .init(projectRoot: directory.path))
    return await scheduler.run()
  }

  private func sh(_ script: String) -> [String] { ["sh", "-c", script] }

  @Test func `outputs of one command are inputs of the next`() async throws {
    let result = try await run([
      job(0, command: sh("echo one > '${outputDirectory}/a.txt'"), outputs: ["text": "a.txt"]),
      job(1, command: sh("echo two > \"$ORCHESTRATE_OUTPUT_DIRECTORY/a.txt\""), outputs: ["text": "a.txt"]),
      job(
        2, command: ["sh", "-c", "cat \"$@\" > ${outputDirectory}/all.csv", "x", "${inputs.texts}"],
        outputs: ["all": "all.csv"], inputs: ["texts": .artifacts(jobs: [0, 1], name: "text")], needs: [0, 1]),
    ])
    #expect(result.isComplete)
    let artifact = try #require(recording.outcome(of: 2)?.measurements.artifacts.first)
    #expect(directory.read(artifact.path) == "one\ntwo\n")
    #expect(artifact.mediaType == "text/csv")
  }

  @Test func `an output can be a folder, and be an input of the next`() async throws {
    let json = #"{"artifacts":[{"name":"more","path":"more"},{"name":"web","path":"more","mediaType":"x/site"}]}"#
    let script = "cd ${outputDirectory}; mkdir a.set more; echo one > a.set/1; echo '\(json)' > $ORCHESTRATE_RESULT"
    let result = try await run([
      job(
        0, command: sh(script),
        outputs: ["set": "a.set"]),
      job(
        1, command: ["sh", "-c", "cat $1/1 > ${outputDirectory}/all.txt", "x", "${inputs.set}"],
        outputs: ["all": "all.txt"], inputs: ["set": .artifact(job: 0, name: "set")], needs: [0]),
    ])
    #expect(result.isComplete)
    let artifacts = try #require(recording.outcome(of: 0)?.measurements.artifacts)
    #expect(artifacts.map(\.name) == ["more", "web", "set"])
    #expect(artifacts.map(\.mediaType) == ["inode/directory", "x/site", "inode/directory"])
    let all = try #require(recording.outcome(of: 1)?.measurements.artifacts.first)
    #expect(directory.read(all.path) == "one\n")
  }

  @Test func `a command may announce what its stage declares`() async throws {
    let json = #"{"artifacts":[{"name":"a","path":"./a.png"},{"name":"b","path":"b.csv","mediaType":"text/own"}]}"#
    let script = "cd ${outputDirectory}; touch a.png b.csv; echo '\(json)' > $ORCHESTRATE_RESULT"
    let result = try await run([job(0, command: sh(script), outputs: ["a": "a.png", "b": "b.csv"])])
    #expect(result.isComplete)
    let artifacts = try #require(recording.outcome(of: 0)?.measurements.artifacts)
    #expect(artifacts.map(\.name) == ["a", "b"])
    #expect(artifacts.map(\.mediaType) == ["image/png", "text/own"])
  }

  @Test func `one name for two files is a mistake`() async throws {
    let json = #"{"artifacts":[{"name":"a","path":"b"}]}"#
    let script = "cd ${outputDirectory}; touch a b; echo '\(json)' > $ORCHESTRATE_RESULT"
    try await run([job(0, command: sh(script), outputs: ["a": "a"])])
    #expect(recording.outcome(of: 0)?.message?.contains("announced artifact 'a' twice") == true)
  }

  @Test func `the result file gives metrics and samples`() async throws {
    let json = """
      {"metrics":[{"name":"ssim","value":0.5}],"samples":[{"metric":"t","unit":"s","repetition":0,"value":2}]}
      """
    try await run([job(0, command: sh("printf '%s' '\(json)' > $ORCHESTRATE_RESULT"))])
    let outcome = try #require(recording.outcome(of: 0))
    #expect(outcome.exitKind == .succeeded)
    #expect(outcome.measurements.metrics == [.init(name: "ssim", value: 0.5)])
    #expect(outcome.measurements.samples == [.init(metric: "t", unit: "s", repetition: 0, value: 2)])
    #expect(outcome.resourceUsage != nil)
    #expect(outcome.period.seconds > 0)
  }

  @Test func `a wrong result file fails the attempt with its place`() async throws {
    try await run([job(0, command: sh("echo '{\"metrics\":[{\"name\":\"a\"}]}' > $ORCHESTRATE_RESULT"))])
    let message = try #require(recording.outcome(of: 0)?.message)
    #expect(message.contains("the command ended well, but its result file"))
    #expect(message.contains("member 'value' of 'metrics[0]' of the result should be a number"))
  }

  @Test func `a missing output is named`() async throws {
    let result = try await run([job(0, command: ["true"], outputs: ["image": "image.png"])])
    #expect(result.states == [.failed])
    let message = try #require(recording.outcome(of: 0)?.message)
    #expect(message.contains("it made no file or folder '"))
    #expect(message.contains("/output/image.png' for artifact 'image'"))
  }

  @Test func `a failure names job, trial, attempt, exit code, log and last lines`() async throws {
    try await run([job(0, stage: "refine", command: sh("echo working; echo 'no such model' >&2; exit 3"))])
    let outcome = try #require(recording.outcome(of: 0))
    let log = try #require(recording.entries.first?.place.standardErrorPath)
    #expect(outcome.exitCode == 3)
    #expect(
      outcome.message == "#0 refine seed=43, attempt 1: the command ended with exit code 3; the last lines of \(log):\n"
        + "    no such model")
  }

  @Test func `a signal and a missing program are explained`() async throws {
    try await run([job(0, command: sh("kill -SEGV $$")), job(1, command: ["no-such-program"])])
    let signalled = try #require(recording.outcome(of: 0))
    #expect(signalled.exitKind == .signalled && signalled.signal == 11)
    #expect(signalled.message?.contains("the command was killed by SIGSEGV (Segmentation fault)") == true)
    #expect(recording.outcome(of: 1)?.message?.contains("cannot start 'no-such-program': No such file") == true)
  }

  @Test func `a time limit is a kind of its own`() async throws {
    try await run([job(0, command: sh("trap '' TERM; sleep 600 & wait; wait"), timeLimitSeconds: 0.3)])
    let outcome = try #require(recording.outcome(of: 0))
    #expect(outcome.exitKind == .timedOut)
    #expect(outcome.message?.contains("exceeded its time limit of 0.3 s and had to be killed") == true)
  }

  @Test func `a command finds its attempt in the environment`() async throws {
    let script = "env | grep -E '^(ORCHESTRATE|OMP|MINE)' | sort"
    try await run([
      job(
        0, stage: "s", command: sh(script), parameters: ["n": 1], inputs: ["a model": .file("models/m")],
        resources: ["cpu": 2], environment: ["MINE": "yes"])
    ])
    let place = try #require(recording.entries.first?.place)
    let lines = Set(directory.read(place.standardOutputPath).split(separator: "\n").map(String.init))
    let expected = [
      "MINE=yes", "OMP_NUM_THREADS=2", "ORCHESTRATE_ATTEMPT=1", "ORCHESTRATE_INPUT_A_MODEL=\(directory.path)/models/m",
      "ORCHESTRATE_MEASUREMENT=null", "ORCHESTRATE_OUTPUT_DIRECTORY=\(place.outputDirectory)",
      "ORCHESTRATE_PARAMETERS={\"n\":1}", "ORCHESTRATE_SCRATCH_DIRECTORY=\(place.scratchDirectory)",
      "ORCHESTRATE_SEED=7", "ORCHESTRATE_STAGE=s",
    ]
    for line in expected { #expect(lines.contains(line)) }
  }

  @Test func `thousands of inputs arrive as arguments and in a file`() async throws {
    let name = String(repeating: "n", count: 60)
    let makers = (0..<2500).map { job($0, resources: [:]) }
    let script = "echo $#; wc -l < $ORCHESTRATE_INPUT_ALL_FILE; head -n 1 $ORCHESTRATE_INPUT_ALL_FILE"
    let collector = job(
      2500, command: ["sh", "-c", script, "x", "${inputs.all}"],
      inputs: ["all": .artifacts(jobs: Array(0..<2500), name: "a")])
    let paths = (0..<2500).map { ($0, ["a": "/made/\(name)/\($0)"]) }
    let scheduler = try Scheduler(
      plan: plan(makers + [collector]),
      executor: CommandExecutor(supervisor: ProcessSupervisor(), projectRoot: directory.path), recording: recording,
      options: .init(projectRoot: directory.path), satisfied: Dictionary(uniqueKeysWithValues: paths))
    #expect(await scheduler.run().isComplete, "\(recording.outcome(of: 2500)?.message ?? "")")
    let place = try #require(recording.entries.first?.place)
    #expect(directory.read(place.standardOutputPath) == "2500\n2500\n/made/\(name)/0\n")
  }

  @Test func `interrupting twice ends running commands`() async throws {
    let supervisor = ProcessSupervisor()
    let executor = CommandExecutor(supervisor: supervisor, projectRoot: directory.path)
    let scheduler = try Scheduler(
      plan: plan([job(0, command: sh("echo $$ > pid; exec sleep 600")), job(1, needs: [0])]), executor: executor,
      recording: recording, options: .init(projectRoot: directory.path))
    async let running = scheduler.run()
    #expect(await eventually { !directory.read("pid").isEmpty })
    await scheduler.interrupt(.drain)
    await scheduler.interrupt(.terminate)
    let result = await running
    #expect(result.states == [.cancelled, .waiting])
    #expect(recording.outcome(of: 0)?.exitKind == .cancelled)
  }
}
