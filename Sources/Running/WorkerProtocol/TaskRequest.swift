public import JSON

/// The order to run one task.
public struct TaskRequest: Sendable, Hashable {
  /// What an input's name stands for.
  public enum InputPaths: Sendable, Hashable {
    /// One file or folder.
    case one(String)
    /// The files of collected jobs, in trial order.
    case many([String])

    /// All paths in order.
    public var all: [String] {
      switch self {
      case .one(let path): [path]
      case .many(let paths): paths
      }
    }
  }

  /// Seeds are below this bound, so that every JSON reader keeps them exactly.
  public static let seedBound: UInt64 = 1 << 53

  /// Names the attempt in all messages about it.
  public var id: String
  /// The task's name, without the worker's.
  public var task: String
  /// The task's parameters, an object.
  public var parameters: JSONValue
  /// Absolute paths by input name.
  public var inputs: [String: InputPaths]
  /// Existing empty folder for the artifacts.
  public var outputDirectory: String
  /// Existing folder that is the same for every attempt of the job; checkpoints go here.
  public var scratchDirectory: String
  /// Seed of the job's own random stream, in `0 ..< 2^53`.
  public var seed: UInt64
  /// Warm-up, repetitions and order, an object or null.
  public var measurement: JSONValue
  /// The names of the tokens that the task got, by pool, such as `gpu: ["0"]`; pools without names are not here.
  public var tokens: [String: [String]]

  /// Creates a request.
  ///
  /// - Parameters:
  ///   - id: Names the attempt in all messages about it.
  ///   - task: The task's name, without the worker's.
  ///   - parameters: The task's parameters, an object.
  ///   - inputs: Absolute paths by input name.
  ///   - outputDirectory: Existing empty folder for the artifacts.
  ///   - scratchDirectory: Existing folder that is the same for every attempt of the job.
  ///   - seed: Seed of the job's own random stream; only its lower 53 bits are kept.
  ///   - measurement: Warm-up, repetitions and order, an object or null.
  ///   - tokens: The names of the tokens that the task got, by pool.
  public init(
    id: String, task: String, parameters: JSONValue = [:], inputs: [String: InputPaths] = [:], outputDirectory: String,
    scratchDirectory: String, seed: UInt64, measurement: JSONValue = .null, tokens: [String: [String]] = [:]
  ) {
    self.id = id
    self.task = task
    self.parameters = parameters
    self.inputs = inputs
    self.outputDirectory = outputDirectory
    self.scratchDirectory = scratchDirectory
    self.seed = seed % Self.seedBound
    self.measurement = measurement
    self.tokens = tokens
  }

  init(_ reader: MessageReader) throws(WorkerProtocolError) {
    id = try reader.string("id")
    task = try reader.string("task")
    parameters = reader.member("parameters") ?? [:]
    outputDirectory = try reader.string("outputDirectory")
    scratchDirectory = try reader.string("scratchDirectory")
    let seed = try reader.integer("seed")
    guard seed >= 0, UInt64(seed) < Self.seedBound else { throw reader.invalid("seed", expected: "in 0 ..< 2^53") }
    self.seed = UInt64(seed)
    measurement = reader.member("measurement") ?? .null
    tokens = [:]
    for (name, value) in reader.member("tokens")?.objectValue ?? [] {
      guard let names = value.arrayValue?.map(\.stringValue), !names.contains(nil) else {
        throw reader.invalid("tokens", expected: "an object of lists of names")
      }
      tokens[name] = names.compactMap(\.self)
    }
    inputs = [:]
    let members = reader.member("inputs") ?? [:]
    for (name, value) in members.objectValue ?? [] {
      if let path = value.stringValue {
        inputs[name] = .one(path)
      } else if let paths = value.arrayValue, paths.allSatisfy({ $0.stringValue != nil }) {
        inputs[name] = .many(paths.compactMap(\.stringValue))
      } else {
        throw reader.invalid("inputs", expected: "an object of paths and lists of paths")
      }
    }
  }

  /// The message as JSON.
  public var json: JSONValue {
    let inputs = self.inputs.sorted { $0.key < $1.key }.map { (name, paths) -> (key: String, value: JSONValue) in
      switch paths {
      case .one(let path): (name, .string(path))
      case .many(let paths): (name, .array(paths.map { .string($0) }))
      }
    }
    var value: JSONValue = [
      "type": "run", "id": .string(id), "task": .string(task), "parameters": parameters, "inputs": .object(inputs),
      "outputDirectory": .string(outputDirectory), "scratchDirectory": .string(scratchDirectory),
      "seed": .integer(Int64(seed)), "measurement": measurement,
    ]
    if !tokens.isEmpty {
      let sorted = tokens.sorted { $0.key < $1.key }
      value["tokens"] = .object(sorted.map { ($0.key, .array($0.value.map { .string($0) })) })
    }
    return value
  }
}
