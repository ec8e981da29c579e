import COneDNN
import Synchronization

/// Copies of convolution weights in the layouts that oneDNN asked for, shared by all sessions that read the same weights.
final class PackedKernels: Sendable {
  struct Kernel: @unchecked Sendable {
    let pointer: OpaquePointer
  }

  private struct Key: Hashable {
    var offset: Int
    var layout: Int32
  }

  private struct Entry {
    var kernel: Kernel
    var version: Int
  }

  private let entries = Mutex<[Key: Entry]>([:])

  deinit {
    entries.withLock { entries in
      for entry in entries.values { nn_packed_destroy(entry.kernel.pointer) }
    }
  }

  /// Returns the weights of a parameter in the layout of a convolution, copied anew only if they changed.
  func kernel(for parameter: Parameter, of weights: Weights, convolution: OpaquePointer) -> Kernel {
    let key = Key(offset: parameter.offset, layout: nn_convolution_layout(convolution))
    return entries.withLock { entries in
      if let entry = entries[key] {
        if entry.version != weights.version {
          require(nn_packed_refresh(entry.kernel.pointer), "repack", parameter)
          entries[key]?.version = weights.version
        }
        return entry.kernel
      }
      guard let pointer = nn_packed_create(convolution, weights[parameter].baseAddress) else {
        preconditionFailure("oneDNN cannot lay out the weights '\(parameter.name)' of shape \(parameter.shape)")
      }
      require(nn_packed_refresh(pointer), "pack", parameter)
      let kernel = Kernel(pointer: pointer)
      entries[key] = Entry(kernel: kernel, version: weights.version)
      return kernel
    }
  }

  private func require(_ status: Int32, _ verb: String, _ parameter: Parameter) {
    precondition(status == 0, "oneDNN cannot \(verb) the weights '\(parameter.name)' (status \(status))")
  }
}
