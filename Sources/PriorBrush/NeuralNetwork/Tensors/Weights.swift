import COneDNN
import Synchronization

/// The values of all parameters of a layout, in one flat 64-byte aligned buffer.
///
/// Any number of threads may read; writing needs exclusive access, and `markChanged()` afterwards.
public final class Weights: @unchecked Sendable {
  /// Which parameters lie where.
  public let layout: ParameterLayout
  /// The numbers, in memory that this object owns; gaps between parameters are zero.
  public let values: UnsafeMutableBufferPointer<Float>
  /// Counts the calls of `markChanged()`.
  public private(set) var version = 0
  let kernels = PackedKernels()

  /// Creates weights that are all zero.
  public init(zeros layout: ParameterLayout) {
    self.layout = layout
    values = allocateFlat(layout)
  }

  /// Creates weights with the initial values that the layout asks for.
  ///
  /// Each parameter draws from its own counter-based stream, keyed by its name, so that adding a layer changes no other.
  ///
  /// - Parameters:
  ///   - layout: The parameters.
  ///   - seed: The seed; same seed, same values.
  public convenience init(_ layout: ParameterLayout, seed: UInt64) {
    self.init(zeros: layout)
    for (parameter, initializer) in zip(layout.parameters, layout.initializers) {
      var stream = RandomStream(seed: seed, name: parameter.name)
      let target = self[parameter]
      switch initializer {
      case .zeros: break
      case .ones: target.update(repeating: 1)
      case .normal(let deviation):
        stream.fill(normal: target)
        nn_scale_in_place(target.baseAddress, deviation, Int64(target.count))
      case .uniform(let bound):
        for index in target.indices { target[index] = (2 * stream.uniform() - 1) * bound }
      }
    }
  }

  /// Reads weights from a file.
  ///
  /// - Parameters:
  ///   - layout: The parameters that must all be in the file.
  ///   - file: The file's contents.
  ///   - prefix: What stands before each parameter's name in the file.
  /// - Throws: `NeuralNetworkError` with code `.missingTensor` or `.shapeMismatch`.
  public convenience init(_ layout: ParameterLayout, file: SafeTensors, prefix: String = "") throws {
    self.init(zeros: layout)
    for parameter in layout.parameters {
      try file.copy(prefix + parameter.name, shape: parameter.shape, to: self[parameter])
    }
  }

  deinit { nn_free(values.baseAddress) }

  /// The values of one parameter; the memory belongs to this object, so keep it in a variable meanwhile.
  public subscript(parameter: Parameter) -> UnsafeMutableBufferPointer<Float> {
    precondition(parameter.offset + parameter.count <= layout.count, "'\(parameter.name)' is of another layout")
    return UnsafeMutableBufferPointer(rebasing: values[parameter.offset..<parameter.offset + parameter.count])
  }

  /// Returns independent weights with the same values.
  public func copy() -> Weights {
    let result = Weights(zeros: layout)
    result.set(to: self)
    return result
  }

  /// Tells kernels that keep these weights in another layout that the values have changed.
  public func markChanged() { version += 1 }

  /// Overwrites all values with those of `other`, which must have the same layout.
  public func set(to other: Weights) {
    requireSameSize(layout, other.layout)
    values.baseAddress.map { target in
      other.values.baseAddress.map { target.update(from: $0, count: values.count) }
    }
    markChanged()
  }

  /// Adds `factor · other` to all values; the layouts must agree.
  public func add(_ other: Weights, scaled factor: Float) {
    requireSameSize(layout, other.layout)
    nn_accumulate_scaled(values.baseAddress, other.values.baseAddress, factor, Int64(values.count))
    markChanged()
  }

  /// The parameters as named tensors for `SafeTensors.write`.
  ///
  /// - Parameter prefix: What is put before each name.
  /// - Returns: One tensor a parameter, in the order of the layout.
  public func tensors(prefix: String = "") -> [NamedTensor] {
    layout.parameters.map { NamedTensor(prefix + $0.name, shape: $0.shape, values: Array(self[$0])) }
  }
}

func allocateFlat(_ layout: ParameterLayout) -> UnsafeMutableBufferPointer<Float> {
  let memory = allocateMemory(layout.count * MemoryLayout<Float>.stride)
  return UnsafeMutableBufferPointer(
    start: memory.bindMemory(to: Float.self, capacity: layout.count), count: layout.count)
}

func requireSameSize(_ a: ParameterLayout, _ b: ParameterLayout) {
  precondition(a.count == b.count, "two flat buffers of \(a.count) and \(b.count) numbers cannot be combined")
}
