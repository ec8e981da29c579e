public import JSON

/// What a worker says on its standard output.
public enum WorkerMessage: Sendable, Hashable {
  /// The first message.
  case hello(WorkerHello)
  /// How far a task has come.
  case progress(TaskProgress)
  /// A task succeeded.
  case result(TaskResult)
  /// A task failed.
  case error(TaskFailure)

  /// Reads one line.
  ///
  /// - Parameter line: UTF-8 without the line end.
  /// - Throws: `WorkerProtocolError` that names the mistake.
  public init(line: [UInt8]) throws(WorkerProtocolError) {
    let (type, reader) = try readMessage(line, dialect: .measured)
    switch type {
    case "hello": self = .hello(try WorkerHello(reader))
    case "progress": self = .progress(try TaskProgress(reader))
    case "result": self = .result(try TaskResult(reader))
    case "error": self = .error(try TaskFailure(reader))
    default: throw unknownType(type, known: "hello, progress, result, error")
    }
  }

  /// The message as JSON.
  public var json: JSONValue {
    switch self {
    case .hello(let message): message.json
    case .progress(let message): message.json
    case .result(let message): message.json
    case .error(let message): message.json
    }
  }
}

/// What the orchestrator says on a worker's standard input.
public enum OrchestratorMessage: Sendable, Hashable {
  /// Run a task.
  case run(TaskRequest)
  /// Give up the task with this id and answer with its error or result.
  case cancel(id: String)
  /// End; no task is running.
  case shutdown

  /// Reads one line.
  ///
  /// - Parameter line: UTF-8 without the line end.
  /// - Throws: `WorkerProtocolError` that names the mistake.
  public init(line: [UInt8]) throws(WorkerProtocolError) {
    let (type, reader) = try readMessage(line, dialect: .strict)
    switch type {
    case "run": self = .run(try TaskRequest(reader))
    case "cancel": self = .cancel(id: try reader.string("id"))
    case "shutdown": self = .shutdown
    default: throw unknownType(type, known: "run, cancel, shutdown")
    }
  }

  /// The message as JSON.
  public var json: JSONValue {
    switch self {
    case .run(let request): request.json
    case .cancel(let id): ["type": "cancel", "id": .string(id)]
    case .shutdown: ["type": "shutdown"]
    }
  }
}

private func readMessage(
  _ line: [UInt8], dialect: JSONDialect
) throws(WorkerProtocolError) -> (type: String, reader: MessageReader) {
  let value: JSONValue
  do throws(JSONError) {
    value = try JSONValue(parsing: line, dialect: dialect)
  } catch {
    throw WorkerProtocolError(.notJSON, "it is not JSON (\(error.message))")
  }
  guard value.objectValue != nil else {
    throw WorkerProtocolError(.notJSON, "it is \(value.kindName), not an object")
  }
  guard let type = value["type"]?.stringValue else {
    throw WorkerProtocolError(.unknownType, "it has no member 'type' that is a string")
  }
  return (type, try MessageReader(value, path: "the '\(type)' message"))
}

private func unknownType(_ type: String, known: String) -> WorkerProtocolError {
  WorkerProtocolError(.unknownType, "its type '\(type.prefix(100))' is unknown; known types are \(known)")
}
