import AttemptModel
public import JSON

extension TaskMeasurements {
  /// The names of the members, and of theirs.
  private static let members = ["metrics", "samples", "artifacts"]
  private static let metricMembers = ["name", "value", "unit"]
  private static let sampleMembers = ["metric", "unit", "repetition", "warmup", "block", "position", "value"]
  private static let artifactMembers = ["name", "path", "mediaType"]

  /// Reads a result file: an object with the optional members `metrics`, `samples` and `artifacts`, and no others.
  ///
  /// - Parameter bytes: The file's content, JSON in UTF-8; the words NaN, Infinity and -Infinity are numbers.
  /// - Throws: `WorkerProtocolError` that names the member or the place of the mistake.
  public init(parsing bytes: [UInt8]) throws(WorkerProtocolError) {
    let value: JSONValue
    do throws(JSONError) {
      value = try JSONValue(parsing: bytes, dialect: .measured)
    } catch {
      throw WorkerProtocolError(.notJSON, "the result is not JSON: \(error)")
    }
    try self.init(try MessageReader(value, path: "the result"))
  }

  /// Reads the members of a result; `envelope` names those that are read elsewhere.
  init(_ reader: MessageReader, besides envelope: [String] = []) throws(WorkerProtocolError) {
    try reader.requireMembers(
      Self.members + envelope,
      form: "values stand in a list, as in {\"metrics\": [{\"name\": \"accuracy\", \"value\": 0.93}]}")
    let metrics = try reader.objects("metrics") { (metric) throws(WorkerProtocolError) in
      try metric.requireMembers(Self.metricMembers, form: Self.form(Self.metricMembers))
      return Metric(
        name: try metric.name("name"), value: try metric.real("value"), unit: try metric.optionalName("unit") ?? "")
    }
    let samples = try reader.objects("samples") { (sample) throws(WorkerProtocolError) in
      try sample.requireMembers(Self.sampleMembers, form: Self.form(Self.sampleMembers))
      return Sample(
        metric: try sample.name("metric"), unit: try sample.optionalName("unit") ?? "",
        repetition: try sample.ordinal("repetition"), isWarmup: try sample.optionalBool("warmup") ?? false,
        block: try sample.optionalOrdinal("block"), position: try sample.optionalOrdinal("position"),
        value: try sample.real("value"))
    }
    let artifacts = try reader.objects("artifacts") { (artifact) throws(WorkerProtocolError) in
      try artifact.requireMembers(Self.artifactMembers, form: Self.form(Self.artifactMembers))
      return Artifact(
        name: try artifact.name("name"), path: try artifact.path("path"),
        mediaType: try artifact.optionalName("mediaType") ?? "application/octet-stream")
    }
    self.init(metrics: metrics, samples: samples, artifacts: artifacts)
  }

  private static func form(_ members: [String]) -> String {
    "it has " + members.map { "'\($0)'" }.joined(separator: ", ")
  }

  /// The members as a JSON object.
  public var json: JSONValue {
    [
      "metrics": .array(
        metrics.map { ["name": .string($0.name), "value": .real($0.value), "unit": .string($0.unit)] }),
      "samples": .array(samples.map(Self.json(of:))),
      "artifacts": .array(
        artifacts.map {
          ["name": .string($0.name), "path": .string($0.path), "mediaType": .string($0.mediaType)]
        }),
    ]
  }

  private static func json(of sample: Sample) -> JSONValue {
    var value: JSONValue = [
      "metric": .string(sample.metric), "unit": .string(sample.unit), "repetition": .integer(Int64(sample.repetition)),
      "warmup": .bool(sample.isWarmup),
    ]
    value["block"] = sample.block.map { .integer(Int64($0)) }
    value["position"] = sample.position.map { .integer(Int64($0)) }
    value["value"] = .real(sample.value)
    return value
  }
}
