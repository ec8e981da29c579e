import COneDNN
import Files

/// One tensor to be written to a file.
public struct NamedTensor: Sendable {
  /// The elements.
  public enum Storage: Sendable {
    /// Written as F32, or as F16 on request.
    case floats([Float])
    /// Written as I64.
    case integers([Int64])
  }

  /// The name, unique in its file.
  public var name: String
  /// The extents; none for a scalar.
  public var shape: [Int]
  /// The elements, in row-major order.
  public var storage: Storage

  /// Creates a tensor of floating-point numbers.
  public init(_ name: String, shape: [Int], values: [Float]) {
    precondition(shape.reduce(1, *) == values.count, "tensor '\(name)': \(values.count) numbers do not fill \(shape)")
    self.name = name
    self.shape = shape
    storage = .floats(values)
  }

  /// Creates a tensor of whole numbers.
  public init(_ name: String, shape: [Int], integers: [Int64]) {
    precondition(
      shape.reduce(1, *) == integers.count, "tensor '\(name)': \(integers.count) numbers do not fill \(shape)")
    self.name = name
    self.shape = shape
    storage = .integers(integers)
  }
}

/// The contents of a safetensors file, checked completely before anything is handed out.
///
/// - Source: the format of github.com/huggingface/safetensors: an 8-byte length, a JSON header, the data.
public struct SafeTensors: Sendable {
  /// Where a tensor lies in a file.
  public struct Entry: Hashable, Sendable {
    /// The element type as the file writes it, such as F32, F16, BF16 or I64.
    public var type: String
    /// The extents.
    public var shape: [Int]
    /// The bytes, counted from the end of the header.
    public var bytes: Range<Int>

    /// The number of elements.
    public var count: Int { shape.reduce(1, *) }
  }

  /// The file, as the caller wrote it.
  public let path: String
  /// All tensors by name.
  public let entries: [String: Entry]
  /// Free text of the writer.
  public let metadata: [String: String]
  private let bytes: [UInt8]
  private let dataStart: Int

  /// The most bytes of a file of weights: it is held in memory as a whole.
  public static let greatestFileSize = 8 << 30

  /// Reads and checks a file.
  ///
  /// - Parameter path: The file.
  /// - Returns: Its contents.
  /// - Throws: `NeuralNetworkError` with code `.fileAccess` or `.malformed`.
  public static func read(_ path: String) throws -> SafeTensors {
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try WholeFile.read(path, limit: greatestFileSize)
    } catch {
      throw NeuralNetworkError(error)
    }
    return try SafeTensors(path: path, bytes: bytes)
  }

  /// Checks the bytes of a file.
  ///
  /// - Parameters:
  ///   - path: What error messages call the file.
  ///   - bytes: The whole file.
  /// - Throws: `NeuralNetworkError` with code `.malformed`.
  public init(path: String, bytes: [UInt8]) throws {
    let header = try SafeTensorsHeader(path: path, file: bytes)
    self.path = path
    self.bytes = bytes
    entries = header.entries
    metadata = header.metadata
    dataStart = header.dataStart
  }

  /// Returns the elements of a tensor of type F32, F16 or BF16.
  ///
  /// - Throws: `NeuralNetworkError` with code `.missingTensor` or `.unsupportedType`.
  public func floats(_ name: String) throws -> [Float] {
    let entry = try entry(name)
    var result = [Float](repeating: 0, count: entry.count)
    try result.withUnsafeMutableBufferPointer { try copy(name, shape: entry.shape, to: $0) }
    return result
  }

  /// Returns the elements of a tensor of type I64.
  ///
  /// - Throws: `NeuralNetworkError` with code `.missingTensor` or `.unsupportedType`.
  public func integers(_ name: String) throws -> [Int64] {
    let entry = try entry(name)
    if entry.type != "I64" { throw unsupported(name, entry, "I64") }
    return bytes.withUnsafeBytes { all in
      let source = UnsafeRawBufferPointer(rebasing: all[shifted(entry)])
      return (0..<entry.count).map { Int64(littleEndian: source.loadUnaligned(fromByteOffset: 8 * $0, as: Int64.self)) }
    }
  }

  /// Copies a floating-point tensor of a known shape.
  ///
  /// - Parameters:
  ///   - name: The tensor.
  ///   - shape: The shape that it must have.
  ///   - target: Room for all elements.
  /// - Throws: `NeuralNetworkError` with code `.missingTensor`, `.shapeMismatch` or `.unsupportedType`.
  public func copy(_ name: String, shape: [Int], to target: UnsafeMutableBufferPointer<Float>) throws {
    let entry = try entry(name)
    if entry.shape != shape {
      throw NeuralNetworkError(
        .shapeMismatch, path: path,
        "tensor '\(name)' has the shape \(entry.shape) where the network needs \(shape); "
          + "use the settings with which the file was made")
    }
    precondition(target.count == entry.count, "room for \(target.count) numbers where \(entry.count) are needed")
    let size = ["F32": 4, "F16": 2, "BF16": 2][entry.type]
    guard let size else { throw unsupported(name, entry, "F32, F16 or BF16") }
    bytes.withUnsafeBytes { all in
      let source = UnsafeRawBufferPointer(rebasing: all[shifted(entry)])
      if size == 4 {
        for index in target.indices {
          let word = source.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self)
          target[index] = Float(bitPattern: UInt32(littleEndian: word))
        }
      } else {
        let words = target.indices.map {
          UInt16(littleEndian: source.loadUnaligned(fromByteOffset: 2 * $0, as: UInt16.self))
        }
        if entry.type == "F16" {
          nn_half_to_float(target.baseAddress, words, Int64(words.count))
        } else {
          nn_bfloat_to_float(target.baseAddress, words, Int64(words.count))
        }
      }
    }
  }

  private func shifted(_ entry: Entry) -> Range<Int> {
    entry.bytes.lowerBound + dataStart..<entry.bytes.upperBound + dataStart
  }

  private func entry(_ name: String) throws(NeuralNetworkError) -> Entry {
    if let entry = entries[name] { return entry }
    throw NeuralNetworkError(
      .missingTensor, path: path,
      "has no tensor '\(name)' among its \(entries.count); use a file of the same network")
  }

  private func unsupported(_ name: String, _ entry: Entry, _ wanted: String) -> NeuralNetworkError {
    NeuralNetworkError(
      .unsupportedType, path: path, "tensor '\(name)' is of type \(entry.type); convert it to \(wanted)")
  }
}
