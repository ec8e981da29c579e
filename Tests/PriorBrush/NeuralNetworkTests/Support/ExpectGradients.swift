import NeuralNetwork
import Testing

/// Compares an operation with a plain reference in double precision: its value, and every gradient with the central
/// differences of the reference.
///
/// - Parameters:
///   - inputs: The shapes of the tensors given to the operation.
///   - parameters: The shapes of the parameters given to it.
///   - seed: Chooses the values.
///   - tolerance: The largest error, relative to the largest value of its array.
///   - sourceLocation: Where failures are reported.
///   - operation: What is tested.
///   - reference: The same function of flat arrays, inputs first.
func expectGradients(
  inputs: [Shape], parameters: [[Int]] = [], seed: UInt64 = 1, tolerance: Double = 5e-5,
  sourceLocation: SourceLocation = #_sourceLocation,
  operation: (Pass, [Tensor], [Parameter]) -> Tensor,
  reference: (_ inputs: [[Double]], _ parameters: [[Double]]) -> [Double]
) {
  var layout = ParameterLayout()
  let named = parameters.enumerated().map { layout.add("p\($0)", $1, .normal(standardDeviation: 0.7)) }
  let weights = Weights(layout, seed: seed)
  var stream = RandomStream(seed: seed, stream: 77)
  let values = inputs.map { shape in (0..<shape.count).map { _ in stream.normal() } }
  let exactInputs = values.map { $0.map(Double.init) }
  let exactParameters = named.map { weights[$0].map(Double.init) }

  let expected = reference(exactInputs, exactParameters)
  let direction = expected.map { _ in stream.normal() }
  func objective(_ inputs: [[Double]], _ parameters: [[Double]]) -> Double {
    zip(reference(inputs, parameters), direction).reduce(0) { $0 + $1.0 * Double($1.1) }
  }

  for (tracked, wanted) in [(true, true), (true, false), (false, true)] {
    let session = Session()
    session.reset(recording: true)
    let gradients = Gradients(layout)
    gradients.values.update(repeating: 0.5)  // Gradients are added to what is there.
    let pass = Pass(session: session, weights: weights, gradients: wanted ? gradients : nil)
    let tensors = zip(inputs, values).map { shape, values in
      tracked ? session.variable(shape, copying: values) : session.constant(shape, copying: values)
    }
    let output = operation(pass, tensors, named)
    expectClose(output.values, expected, tolerance, "value", sourceLocation)
    if !tracked && named.isEmpty { continue }
    session.backward(from: [(output, direction)])

    if tracked {
      for (index, tensor) in tensors.enumerated() {
        let found = session.gradient(of: tensor).map(Array.init) ?? Array(repeating: 0, count: tensor.count)
        let places = sample(tensor.count, &stream)
        let slopes = places.map { place in
          slope(exactInputs, index, place) { objective($0, exactParameters) }
        }
        expectClose(places.map { found[$0] }, slopes, tolerance, "gradient of input \(index)", sourceLocation)
      }
    }
    for (index, parameter) in named.enumerated() {
      let found = gradients[parameter].map { $0 - 0.5 }
      let places = sample(parameter.count, &stream)
      let slopes = places.map { place in
        wanted ? slope(exactParameters, index, place) { objective(exactInputs, $0) } : 0
      }
      expectClose(places.map { found[$0] }, slopes, tolerance, "gradient of parameter \(index)", sourceLocation)
    }
  }
}

/// `expectGradients` for an operation without parameters.
func expectTensorGradients(
  inputs: [Shape], sourceLocation: SourceLocation = #_sourceLocation,
  operation: (Session, [Tensor]) -> Tensor, reference: ([[Double]]) -> [Double]
) {
  expectGradients(inputs: inputs, sourceLocation: sourceLocation) { pass, inputs, _ in
    operation(pass.session, inputs)
  } reference: { inputs, _ in
    reference(inputs)
  }
}

/// Compares arrays relative to the largest expected value.
func expectClose(
  _ found: [Float], _ expected: [Double], _ tolerance: Double, _ what: String,
  _ sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(found.count == expected.count, "\(what): length", sourceLocation: sourceLocation)
  let scale = max(1, expected.reduce(0) { max($0, abs($1)) })
  var worst = (0.0, 0)
  for (index, (a, b)) in zip(found, expected).enumerated() {
    let distance = abs(Double(a) - b)
    if !(distance <= worst.0) { worst = (distance, index) }
  }
  let message = "\(what): element \(worst.1) is off by \(worst.0) of \(scale)"
  #expect(worst.0 <= tolerance * scale, "\(message)", sourceLocation: sourceLocation)
}

private func sample(_ count: Int, _ stream: inout RandomStream) -> [Int] {
  count <= 12 ? Array(0..<count) : (0..<12).map { _ in stream.integer(below: count) }
}

private func slope(_ arrays: [[Double]], _ array: Int, _ place: Int, _ function: ([[Double]]) -> Double) -> Double {
  let step = 1e-5
  var moved = arrays
  moved[array][place] += step
  let above = function(moved)
  moved[array][place] -= 2 * step
  return (above - function(moved)) / (2 * step)
}
