public import AttemptModel

/// One named step of a trial.
public struct Stage: Sendable {
  /// What runs.
  public enum Action: Sendable {
    /// A task of a worker.
    case task(worker: String, name: String)
    /// A command line; texts may also hold `${inputs.NAME}` and `${outputDirectory}`, which are filled in when the job starts.
    case command([ValueTemplate])
  }

  /// Where a command starts.
  public enum WorkingDirectory: String, Sendable, CaseIterable {
    /// The project's folder.
    case project
    /// The attempt's own output folder, empty at first.
    case output
  }

  /// One of the commands that a stage compares.
  public struct Variant: Sendable {
    /// The name; its times are the samples `time.NAME`.
    public var name: String
    /// Program and arguments.
    public var command: [ValueTemplate]
  }

  /// Something a stage reads.
  public struct Input: Sendable {
    /// The name under which the task finds it.
    public var name: String
    /// Where it comes from.
    public var source: Source
    /// Where the path, or the name of the stage it comes from, stands.
    package var place: Range<Int>
    /// Where the path, or the name of the artifact, stands.
    package var artifactPlace: Range<Int>

    /// Where an input comes from.
    public enum Source: Sendable {
      /// A file or folder, relative to the project root.
      case file(ValueTemplate)
      /// An artifact of another stage.
      case artifact(stage: String, name: String)
    }
  }

  /// The name; letters, digits, `_` and `-`.
  public var name: String
  /// What runs.
  public var action: Action
  /// The commands that are timed in turns; empty unless the stage compares, whose action is then the program that times them.
  public var variants: [Variant]
  /// The parameters of a task.
  public var parameters: ValueTemplate
  /// What it reads, in document order.
  public var inputs: [Input]
  /// Stages that must succeed first, as the spec lists them; the stages of `inputs` are not repeated here.
  public var needs: [String]
  /// Variables over which the stage runs once; the members of a zip group are always together.
  public var collect: [String]
  /// Restricts the trials for which the stage has a job.
  public var when: AssignmentPattern?
  /// For commands: files and folders in the output directory by artifact name.
  public var outputs: [String: String]
  /// Extra environment variables.
  public var environment: [(name: String, value: ValueTemplate)]
  /// Whether a job shares the machine.
  public var lane: Lane
  /// Amounts taken from the named pools while running.
  public var resources: [String: Int]
  /// Wall-clock limit of one attempt in seconds.
  public var timeLimitSeconds: Double?
  /// Between SIGTERM (or a cancelled task) and SIGKILL, in seconds.
  public var graceSeconds: Double?
  /// Most memory that the processes of an attempt may hold together, in bytes.
  public var memoryLimitBytes: Int?
  /// How many further attempts follow a failed one.
  public var retries: Int
  /// The pauses before them, if declared.
  public var backoff: RetryBackoff?
  /// Higher runs first.
  public var priority: Int
  /// How the stage repeats, if it says so itself.
  public var measurement: Measurement?
  /// Where a command starts.
  public var workingDirectory: WorkingDirectory
  /// Patterns of files that its jobs depend on besides those that are found by themselves; `!` before one takes files out.
  public var sources: [SourcePattern] = []
  /// Whether what its jobs read is observed, if it says so itself.
  public var observes: Bool?
  /// Where the name stands.
  package var place: Range<Int>
  /// Where the task or command stands.
  package var actionPlace: Range<Int>
  /// Where the names in `needs` stand.
  package var needsPlaces: [Range<Int>]

  /// All stages that must succeed first: `needs` and the stages of `inputs`, each once.
  public var predecessors: [String] {
    var names: [String] = []
    for name in needs where !names.contains(name) { names.append(name) }
    for case .artifact(let name, _) in inputs.map(\.source) where !names.contains(name) { names.append(name) }
    return names
  }
}
