import JSON
public import NeuralNetwork

/// A trained network as a safetensors file that also says how the network was made.
public struct ModelFile {
  /// The networks that a file can hold.
  public enum Kind: String, Sendable {
    /// Text encoder and U-Net of the teacher.
    case teacher
    /// U-Net of a student.
    case student
    /// U-Net of a distilled refiner.
    case refiner
    /// The degradation map's network.
    case degradation
    /// The image-text encoder of the metrics.
    case encoder
    /// The autoencoder whose latents a teacher sees.
    case autoencoder
  }

  /// The file.
  public let path: String
  private let tensors: SafeTensors

  /// Opens a file.
  ///
  /// - Parameters:
  ///   - path: A safetensors file that `write` made.
  ///   - kind: What it must hold.
  /// - Throws: `NeuralNetworkError` if it cannot be read, `PriorBrushError` with code `.invalidModel` if it holds another network.
  public init(_ path: String, kind: Kind) throws {
    tensors = try SafeTensors.read(path)
    self.path = path
    guard tensors.metadata["kind"] == kind.rawValue else {
      let found = tensors.metadata["kind"].map { "a \($0)" } ?? "no network of this program"
      throw PriorBrushError(
        .invalidModel, "\(path) holds \(found), not a \(kind.rawValue); name the file of a \(kind.rawValue)")
    }
  }

  /// Returns the sizes of the file's networks.
  ///
  /// - Returns: The configuration in the metadata.
  /// - Throws: `PriorBrushError` with code `.invalidModel` if it is missing or impossible.
  public func configuration() throws -> NetworkConfiguration {
    guard let text = tensors.metadata["configuration"], let json = try? JSONValue(parsing: Array(text.utf8)),
      let configuration = NetworkConfiguration(json: json)
    else {
      throw PriorBrushError(.invalidModel, "\(path) has no valid network configuration in its metadata")
    }
    return configuration
  }

  /// Returns a number from the metadata.
  ///
  /// - Parameter name: The number's name.
  /// - Returns: The number, or nil if there is none.
  public func number(_ name: String) -> Double? { tensors.metadata[name].flatMap(Double.init) }

  /// Returns a text from the metadata.
  ///
  /// - Parameter name: The text's name.
  /// - Returns: The text, or nil if there is none.
  public func text(_ name: String) -> String? { tensors.metadata[name] }

  /// Reads weights.
  ///
  /// - Parameters:
  ///   - layout: The parameters to read.
  ///   - prefix: What the tensor names begin with.
  /// - Returns: The weights.
  /// - Throws: `NeuralNetworkError` if a tensor is missing or has another shape.
  public func weights(_ layout: ParameterLayout, prefix: String) throws -> Weights {
    try Weights(layout, file: tensors, prefix: prefix)
  }

  /// Writes a file atomically, with half-precision weights.
  ///
  /// - Parameters:
  ///   - path: The file to write.
  ///   - kind: What it holds.
  ///   - configuration: The networks' sizes; nil for a network that has only one.
  ///   - weights: Weights by the prefix of their tensor names.
  ///   - numbers: Further metadata.
  ///   - texts: Further metadata.
  /// - Throws: `NeuralNetworkError` if the file cannot be written.
  public static func write(
    _ path: String, kind: Kind, configuration: NetworkConfiguration?, weights: [(prefix: String, weights: Weights)],
    numbers: [String: Double] = [:], texts: [String: String] = [:]
  ) throws {
    var metadata = texts
    metadata["kind"] = kind.rawValue
    metadata["configuration"] = configuration.map { CanonicalJSON.text(of: $0.json) }
    for (name, value) in numbers { metadata[name] = String(value) }
    try SafeTensors.write(
      path, tensors: weights.flatMap { $0.weights.tensors(prefix: $0.prefix) }, metadata: metadata, half: true)
  }
}
