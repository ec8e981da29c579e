import AttemptModel
import ExperimentSpec
import Foundation
import Glibc
import JSON
import JobGraph
import Synchronization
public import WorkerProtocol

/// Runs command stages under the supervisor.
///
/// A command starts in the project's folder, or in its output folder if its stage says so, with the variables of ``InheritedEnvironment``
/// and those of its stage. It finds its attempt in environment variables: `ORCHESTRATE_OUTPUT_DIRECTORY`,
/// `ORCHESTRATE_SCRATCH_DIRECTORY`, `ORCHESTRATE_SEED`, `ORCHESTRATE_STAGE`, `ORCHESTRATE_ATTEMPT`, `ORCHESTRATE_PARAMETERS` and
/// `ORCHESTRATE_MEASUREMENT` (JSON), `ORCHESTRATE_INPUT_<NAME>` (several paths on one line each; more than 100 KiB of them in
/// the file `ORCHESTRATE_INPUT_<NAME>_FILE`), and may write metrics and samples to
/// the file named by `ORCHESTRATE_RESULT`. `OMP_NUM_THREADS` and `OPENBLAS_NUM_THREADS` are set to its `cpu` amount, unless its stage sets them.
public final class CommandExecutor: JobExecutor {
  /// Bounds of what a command may take.
  public struct Limits: Sendable {
    /// Greatest size of each log file in bytes; the middle of more is cut out.
    public var logBytes: Int
    /// Greatest size of a result file in bytes.
    public var resultBytes: Int
    /// Seconds between SIGTERM and SIGKILL.
    public var graceSeconds: Double

    /// Creates limits.
    ///
    /// - Parameters:
    ///   - logBytes: Greatest size of each log file.
    ///   - resultBytes: Greatest size of a result file.
    ///   - graceSeconds: Seconds between SIGTERM and SIGKILL.
    public init(logBytes: Int = 1 << 20, resultBytes: Int = 64 << 20, graceSeconds: Double = 5) {
      self.logBytes = logBytes
      self.resultBytes = resultBytes
      self.graceSeconds = graceSeconds
    }
  }

  private let supervisor: ProcessSupervisor
  private let projectRoot: String
  private let limits: Limits
  private let inherited: InheritedEnvironment
  private let running = Mutex<[String: ProcessSupervisor.ID]>([:])

  /// Creates an executor.
  ///
  /// - Parameters:
  ///   - supervisor: Starts the processes; shut down with the executor.
  ///   - projectRoot: Absolute path in which commands start.
  ///   - limits: Bounds of what a command may take.
  ///   - inherited: What commands see of this process's environment.
  public init(
    supervisor: ProcessSupervisor, projectRoot: String, limits: Limits = Limits(),
    inherited: InheritedEnvironment = InheritedEnvironment()
  ) {
    self.supervisor = supervisor
    self.projectRoot = projectRoot
    self.limits = limits
    self.inherited = inherited
  }

  /// Starts the attempt's command.
  public func start(
    _ attempt: AttemptRequest, onProgress: @escaping @Sendable (TaskProgress) -> Void,
    completion: @escaping @Sendable (AttemptOutcome) -> Void
  ) {
    let period = AttemptPeriod()
    guard case .command(_, let outputs) = attempt.job.action else {
      preconditionFailure("\(attempt.label) is no command")
    }
    let request: ProcessRequest
    do throws(SchedulingError) {
      request = try processRequest(for: attempt)
    } catch {
      return completion(
        AttemptOutcome(
          failedBy: error.fault, message: "\(attempt.label), attempt \(attempt.number): \(error.message)",
          period: period.ended()))
    }
    running.withLock { running in
      running[attempt.id] = supervisor.start(request) { [self] end in
        self.running.withLock { $0[attempt.id] = nil }
        let conclude = { @Sendable in
          completion(self.outcome(of: attempt, outputs: outputs, end: end, period: period))
        }
        // Off the reading thread if result files and logs are read now.
        let readsNothing =
          end.kind == .exited(0) && outputs.isEmpty && access(self.resultPath(of: attempt), F_OK) != 0
        if readsNothing { conclude() } else { DispatchQueue.global().async(execute: conclude) }
      }
    }
  }

  /// Ends a running command.
  public func cancel(_ id: String, how: CancellationManner) {
    guard let process = running.withLock({ $0[id] }) else { return }
    switch how {
    case .terminate: supervisor.terminate(process)
    case .kill: supervisor.kill(process)
    }
  }

  /// Ends the supervisor.
  public func shutDown() async { await supervisor.shutDown() }

  /// Linux takes no variable of 128 KiB or more.
  private static let longestVariable = 100 << 10

  private func folder(of attempt: AttemptRequest) -> String {
    let log = attempt.place.standardOutputPath
    return String(log[..<(log.lastIndex(of: "/") ?? log.startIndex)])
  }

  private func resultPath(of attempt: AttemptRequest) -> String { folder(of: attempt) + "/result.json" }

  private func processRequest(for attempt: AttemptRequest) throws(SchedulingError) -> ProcessRequest {
    var arguments = attempt.job.arguments(
      inputPaths: attempt.inputs.mapValues(\.all), outputDirectory: attempt.place.outputDirectory)
    guard let program = arguments.first, !program.isEmpty else {
      throw SchedulingError(.malformedPlan, "the command has no words; name a program in 'command'")
    }
    let startsInOutput = attempt.job.startsInOutputDirectory
    arguments[0] = ProgramLocation.program(program)
    if startsInOutput, program.contains("/") {
      arguments[0] = ProgramLocation.absolute(program, relativeTo: projectRoot)
    }
    unlink(resultPath(of: attempt))
    return ProcessRequest(
      arguments: arguments, environment: try environment(of: attempt),
      workingDirectory: startsInOutput ? attempt.place.outputDirectory : projectRoot,
      standardOutput: .file(attempt.place.standardOutputPath, limit: limits.logBytes),
      standardError: .file(attempt.place.standardErrorPath, limit: limits.logBytes),
      timeLimitSeconds: attempt.job.timeLimitSeconds,
      graceSeconds: attempt.job.limits.graceSeconds ?? limits.graceSeconds,
      memoryLimitBytes: attempt.job.limits.memoryBytes)
  }

  private func environment(of attempt: AttemptRequest) throws(SchedulingError) -> [String: String] {
    let job = attempt.job
    var variables = [
      "ORCHESTRATE_RESULT": resultPath(of: attempt),
      "ORCHESTRATE_OUTPUT_DIRECTORY": attempt.place.outputDirectory,
      "ORCHESTRATE_SCRATCH_DIRECTORY": attempt.place.scratchDirectory,
      "ORCHESTRATE_SEED": String(job.seed),
      "ORCHESTRATE_STAGE": job.stage,
      "ORCHESTRATE_ATTEMPT": String(attempt.number),
      "ORCHESTRATE_PARAMETERS": CanonicalJSON.text(of: job.parameters),
      "ORCHESTRATE_MEASUREMENT": CanonicalJSON.text(of: job.measurement),
    ]
    for (name, paths) in attempt.inputs {
      let variable = VariableName.input(name)
      let text = paths.all.joined(separator: "\n")
      if text.utf8.count < Self.longestVariable {
        variables[variable] = text
      } else {
        let file = folder(of: attempt) + "/input-\(name).txt"
        guard FileManager.default.createFile(atPath: file, contents: Data((text + "\n").utf8)) else {
          throw SchedulingError(.system, "cannot write the list of inputs '\(file)'; check the disk's free space")
        }
        variables[VariableName.inputList(name)] = file
      }
    }
    if let cores = job.resources["cpu"], cores > 0 {
      variables["OMP_NUM_THREADS"] = String(cores)
      variables["OPENBLAS_NUM_THREADS"] = String(cores)
    }
    return inherited.adding(variables.merging(attempt.environment) { $1 }.merging(job.environment) { $1 })
  }

  private func outcome(
    of attempt: AttemptRequest, outputs: [String: String], end: ProcessEnd, period: AttemptPeriod
  ) -> AttemptOutcome {
    let period = period.ended(at: end.endMonotonicNanoseconds)
    var outcome: AttemptOutcome
    if let (kind, reason) = ProcessFailure.explain(
      end, subject: "the command", limit: attempt.job.timeLimitSeconds, memoryLimit: attempt.job.limits.memoryBytes)
    {
      outcome = AttemptOutcome(
        kind, message: FailureReport.message(for: attempt, reason: reason, alsoOutput: true), period: period)
    } else {
      switch collect(attempt, outputs: outputs) {
      case .success(let measurements):
        outcome = AttemptOutcome(.succeeded, period: period, measurements: measurements)
      case .failure(let rejection):
        let reason = "the command ended well, but \(rejection.reason)"
        outcome = AttemptOutcome(
          .failed, message: FailureReport.message(for: attempt, reason: reason, alsoOutput: true), period: period)
      }
    }
    outcome.resourceUsage = end.usage
    switch end.kind {
    case .exited(let code): outcome.exitCode = code
    case .signalled(let number): outcome.signal = number
    case .notStarted, .lost: break
    }
    if end.strays > 0 {
      let strays = end.strays == 1 ? "a process" : "\(end.strays) processes"
      outcome.warnings.append("\(strays) outlived the command and had to be killed")
    }
    return outcome
  }

  private func collect(
    _ attempt: AttemptRequest, outputs: [String: String]
  ) -> Result<TaskMeasurements, ResultCheck.Rejection> {
    let directory = attempt.place.outputDirectory
    return ResultFile(path: resultPath(of: attempt), limit: limits.resultBytes).measurements().flatMap { measured in
      var measurements = measured
      let place = { (path: String) in
        (ProgramLocation.absolute(path, relativeTo: directory) as NSString).standardizingPath
      }
      let announced = Set(measured.artifacts.map { [$0.name, place($0.path)] })
      for (name, file) in outputs.sorted(by: { $0.key < $1.key }) {
        // A command may announce what its stage declares.
        if announced.contains([name, place(file)]) { continue }
        measurements.artifacts.append(.init(name: name, path: file, mediaType: ResultCheck.unknown))
      }
      return ResultCheck.accept(measurements, from: directory)
    }
  }
}
