import NeuralNetwork
import PriorBrush
import WorkerProtocol

/// One kind of work the orchestrator can ask for.
protocol WorkerTask: SendableMetatype {
  /// The name that specs use.
  static var name: String { get }
  /// Changes whenever the task's results may change.
  static var version: String { get }
  /// Whether an interrupted one leaves something from which the next goes on.
  static var isResumable: Bool { get }
  /// Reads and checks the parameters.
  init(_ parameters: inout ParameterReader) throws
  /// Does the work.
  func run(_ environment: TaskEnvironment) throws -> TaskMeasurements
}

extension WorkerTask {
  static var isResumable: Bool { false }
}

/// What a task works with: its inputs, its folders and its way to report.
struct TaskEnvironment {
  let request: TaskRequest
  let context: WorkerServer.Context
  let models: ModelCache
  /// The session of the worker's own thread, warm from earlier tasks.
  let session: Session

  /// Returns the path of an input.
  func input(_ name: String) throws -> String {
    guard case .one(let path)? = request.inputs[name] else {
      throw ParameterError("the stage has no input '\(name)'; add it to the stage's \"inputs\"")
    }
    return path
  }

  /// Returns the paths of an input that may be a list.
  func inputs(_ name: String) throws -> [String] {
    guard let paths = request.inputs[name] else {
      throw ParameterError("the stage has no input '\(name)'; add it to the stage's \"inputs\"")
    }
    return paths.all
  }

  /// Returns the path of an input that may be left out.
  func optionalInput(_ name: String) -> String? {
    guard case .one(let path)? = request.inputs[name] else { return nil }
    return path
  }

  /// Returns the path of a new file in the output folder.
  func output(_ file: String) -> String { "\(request.outputDirectory)/\(file)" }

  /// Runs a training in the job's scratch folder, so that an interrupted one is resumed.
  func train(_ training: some Trainable, afterStep: () throws -> Void = {}) throws -> TrainingLoop {
    let loop = TrainingLoop(folder: request.scratchDirectory)
    try loop.run(training, afterStep: afterStep, isCancelled: { context.isCancelled }) { progress in
      context.report(
        done: progress.step, total: progress.steps,
        message: "loss \(rounded(progress.loss)), \(Int(progress.imagesPerSecond)) images/s",
        remainingSeconds: progress.remainingSeconds(batch: training.batch))
    }
    return loop
  }

  /// Makes the images of a system in batches, and gives up between two of them.
  func images(
    of system: GenerationSystem, _ models: ModelSet, captions: EncodedCaptions, seeds: [UInt64]
  ) throws -> [Float] {
    let context = context
    return try BatchRunner().images(captions: captions, seeds: seeds) { session, captions, seeds in
      try context.checkCancellation()
      return try system.images(models, captions: captions, seeds: seeds, session: session)
    }
  }

  /// Reads the networks the inputs name: a folder `model`, or the single files.
  ///
  /// From 1 on, `snapshot` is the number of a teacher of the folder `snapshots` that is read alone. Any of them may be a teacher of the
  /// latents of an input `autoencoder`.
  func modelSet(snapshot: Int = 0) throws -> ModelSet {
    var files = try modelFiles(snapshot: snapshot)
    files.autoencoder = optionalInput("autoencoder")
    return try models.set(files)
  }

  private func modelFiles(snapshot: Int) throws -> ModelSet.Files {
    if snapshot > 0 {
      let teacher = try "\(input("snapshots"))/\(TrainTeacherTask.snapshotName(snapshot))"
      let vocabulary = try optionalInput("model").map { "\($0)/vocabulary.json" } ?? input("vocabulary")
      return ModelSet.Files(vocabulary: vocabulary, teacher: teacher)
    }
    if let folder = optionalInput("model") { return ModelSet.Files(folder: folder) }
    return ModelSet.Files(
      vocabulary: try input("vocabulary"), teacher: try input("teacher"), student: optionalInput("student"),
      degradation: optionalInput("degradation"), refiner: optionalInput("refiner"))
  }

  private func rounded(_ value: Double) -> String {
    let scaled = (value * 10_000).rounded() / 10_000
    return "\(scaled)"
  }
}
