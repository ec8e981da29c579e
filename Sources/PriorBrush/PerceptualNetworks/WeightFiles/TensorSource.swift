/// Where the tensors of a published network come from.
public protocol TensorSource: Sendable {
  /// What error messages call the source, such as a path.
  var label: String { get }

  /// Returns the extents of a tensor, or nil if there is none of that name.
  func shape(of name: String) -> [Int]?

  /// Returns the elements of a tensor, in row-major order.
  ///
  /// - Parameters:
  ///   - name: The name in the published file.
  ///   - shape: The extents that the network needs.
  /// - Returns: The product of the extents many numbers.
  /// - Throws: An error that names the tensor if it is missing, of another shape, or not of floating-point numbers.
  func values(of name: String, shape: [Int]) throws -> [Float]
}

extension TensorSource {
  /// Whether there is a tensor of that name.
  func contains(_ name: String) -> Bool { shape(of: name) != nil }

  /// Returns the extents of a tensor that must exist.
  func requiredShape(of name: String) throws(PerceptualNetworkError) -> [Int] {
    guard let shape = shape(of: name) else { throw missing(name) }
    return shape
  }

  func missing(_ name: String) -> PerceptualNetworkError {
    PerceptualNetworkError(.missingTensor, "\(label) has no tensor '\(name)'; use the published file of this network")
  }

  func mismatch(_ name: String, _ found: [Int], _ wanted: [Int]) -> PerceptualNetworkError {
    PerceptualNetworkError(
      .shapeMismatch,
      "tensor '\(name)' of \(label) has the shape \(found) where the network needs \(wanted); use the published file of "
        + "this network")
  }
}
