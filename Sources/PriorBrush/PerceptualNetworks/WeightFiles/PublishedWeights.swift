import Files
import NeuralNetwork

/// A weights file as it was published: safetensors, or a state dictionary that PyTorch saved.
public struct PublishedWeights: TensorSource {
  private enum Content: Sendable {
    case safeTensors(SafeTensors)
    case torch(TorchFile)
  }

  /// The file, as the caller wrote it.
  public let label: String
  /// The names of all tensors, sorted.
  public let names: [String]
  private let content: Content

  /// Reads a file; its kind is told from its first bytes.
  ///
  /// - Parameter path: The file.
  /// - Throws: `PerceptualNetworkError` with code `.fileAccess`, `.malformed` or `.refused`; `NeuralNetworkError` for a
  ///   broken safetensors file.
  public init(contentsOf path: String) throws {
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try WholeFile.read(path, limit: SafeTensors.greatestFileSize)
    } catch {
      throw PerceptualNetworkError(.fileAccess, error.description)
    }
    try self.init(path: path, bytes: bytes)
  }

  /// Reads the bytes of a file.
  ///
  /// - Parameters:
  ///   - path: What error messages call the file.
  ///   - bytes: The whole file.
  /// - Throws: `PerceptualNetworkError` with code `.malformed` or `.refused`; `NeuralNetworkError` for a broken
  ///   safetensors file.
  public init(path: String, bytes: [UInt8]) throws {
    label = path
    // A zip archive begins with PK, a bare pickle with its protocol mark, a safetensors file with a length.
    if bytes.starts(with: [0x50, 0x4B]) || bytes.starts(with: [0x80, 0x02]) {
      let file = try TorchFile(path: path, bytes: bytes)
      names = file.tensors.keys.sorted()
      content = .torch(file)
    } else {
      let file = try SafeTensors(path: path, bytes: bytes)
      names = file.entries.keys.sorted()
      content = .safeTensors(file)
    }
  }

  /// Returns the extents of a tensor, or nil if there is none of that name.
  ///
  /// - Parameter name: The name in the file.
  /// - Returns: The extents; empty for a scalar.
  public func shape(of name: String) -> [Int]? {
    switch content {
    case .safeTensors(let file): file.entries[name]?.shape
    case .torch(let file): file.tensors[name]?.shape
    }
  }

  /// Returns the elements of a tensor.
  ///
  /// - Parameters:
  ///   - name: The name in the file.
  ///   - shape: The extents that the network needs.
  /// - Returns: The elements in row-major order.
  /// - Throws: `PerceptualNetworkError` with code `.missingTensor`, `.shapeMismatch` or `.unsupportedType`, or
  ///   `NeuralNetworkError` for a safetensors file.
  public func values(of name: String, shape: [Int]) throws -> [Float] {
    guard let found = self.shape(of: name) else { throw missing(name) }
    guard found == shape else { throw mismatch(name, found, shape) }
    switch content {
    case .safeTensors(let file): return try file.floats(name)
    case .torch(let file): return try file.floats(name)
    }
  }
}
