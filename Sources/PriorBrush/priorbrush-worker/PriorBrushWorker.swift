import Glibc
import NeuralNetwork
import Printing
import WorkerProtocol

/// Serves the tasks of the PriorBrush workload over the worker protocol.
@main
enum PriorBrushWorker {
  private static let tasks: [any WorkerTask.Type] = [
    BuildDatasetTask.self, TrainEncoderTask.self, TrainAutoencoderTask.self, TrainTeacherTask.self,
    DrawPairsTask.self, RegressStudentTask.self, DistilStudentTask.self, TrainDegradationTask.self,
    DistilRefinerTask.self, ContactSheetTask.self, GenerateTask.self,
    TimePipelinesTask.self, EvaluateTask.self, EvaluateImagesTask.self, RecogniseTask.self, GenerateSetTask.self,
    AuditTask.self, AuditNoiseTask.self, ValidateEncoderTask.self, CertifyEncoderTask.self,
  ]

  static func main() {
    requireNoArguments()
    let server = WorkerServer(
      hello: WorkerHello(
        name: "priorbrush", version: "1.0",
        tasks: tasks.map { WorkerHello.Task(name: $0.name, version: $0.version) }))
    let models = ModelCache()
    let session = Session()
    server.run { request, context in
      guard let type = tasks.first(where: { $0.name == request.task }) else {
        throw TaskFailure(
          id: request.id, kind: .input,
          message: "priorbrush has no task '\(request.task)'; it has \(tasks.map { $0.name }.joined(separator: ", "))")
      }
      do {
        var parameters = ParameterReader(request.parameters)
        let task = try type.init(&parameters)
        try parameters.finish()
        // Within the grace that a job has unless its spec gives it another one.
        if !type.isResumable { context.endsProcess(afterCancellation: .seconds(2)) }
        return try task.run(
          TaskEnvironment(request: request, context: context, models: models, session: session))
      } catch let error as ParameterError {
        throw TaskFailure(id: request.id, kind: .input, message: "task \(request.task): \(error.message)")
      }
    }
  }

  /// Says to whoever starts the worker by hand, or with words meant for something else, what it waits for.
  private static func requireNoArguments() {
    do throws(ArgumentError) {
      let words = try ProgramArguments.checked()
      guard let word = words.first else { return }
      end(
        "there is no argument '\(word.abbreviated(to: 200))': the worker is started by 'orchestrate run', named in the 'workers' of "
          + "a spec as {\"command\": [\"priorbrush-worker\"]}")
    } catch {
      end(error.description)
    }
  }

  private static func end(_ message: String) -> Never {
    _ = DescriptorWriting.write(Array("priorbrush-worker: \(message)\n".printable.utf8), to: STDERR_FILENO)
    exit(64)
  }
}
