/// How much of a generator's input noise is left in the outermost pixels of its images, where a plain background should not depend on it.
///
/// Images of one prompt differ in their noise only, so whatever varies at the border beside the drawing is noise that came through. The
/// slope tells how much of it is the pixel's own: `x = mean + slope · z`.
public struct BorderNoise: Sendable {
  /// The slope of a border value over the noise value of the same place; 0 without a leak.
  public let slope: Double
  /// Their correlation, in [-1, 1]; 0 if either does not vary.
  public let correlation: Double
  /// The standard deviation of a border value within a prompt, in the images' unit.
  public let deviation: Double

  /// Measures images.
  ///
  /// - Parameters:
  ///   - images: `perPrompt` images of each prompt in a row, `side · side · 3` values each.
  ///   - noise: What each was made of, as many values; nil measures the deviation alone.
  ///   - side: Side of the images in pixels, at least 2.
  ///   - perPrompt: Images of each prompt, at least 2.
  /// - Throws: `MetricError` with code `.countMismatch` or `.tooFew`.
  public init(_ images: [Float], noise: [Float]?, side: Int, perPrompt: Int) throws(MetricError) {
    let size = side * side * 3
    guard perPrompt > 1, side > 1, images.count >= perPrompt * size else {
      throw MetricError(
        .tooFew, "noise at the border needs two images of a prompt; generate each prompt with several seeds")
    }
    guard images.count % (perPrompt * size) == 0, noise.map({ $0.count == images.count }) ?? true else {
      throw MetricError(
        .countMismatch,
        "\(images.count) values are not \(perPrompt) images of \(size) values for each prompt with as much noise")
    }
    let places = (0..<size).filter { place in
      let (row, column) = (place / 3 / side, place / 3 % side)
      return row == 0 || column == 0 || row == side - 1 || column == side - 1
    }
    let prompts = images.count / (perPrompt * size)
    var sums = (images: 0.0, noise: 0.0, both: 0.0)
    for prompt in 0..<prompts {
      for place in places {
        let values = (0..<perPrompt).map { (prompt * perPrompt + $0) * size + place }
        let mean = values.reduce(0) { $0 + Double(images[$1]) } / Double(perPrompt)
        let noiseMean = noise.map { noise in values.reduce(0) { $0 + Double(noise[$1]) } / Double(perPrompt) } ?? 0
        for value in values {
          let own = Double(images[value]) - mean
          let input = noise.map { Double($0[value]) - noiseMean } ?? 0
          sums.images += own * own
          sums.noise += input * input
          sums.both += own * input
        }
      }
    }
    slope = sums.noise > 0 ? sums.both / sums.noise : 0
    let scale = (sums.images * sums.noise).squareRoot()
    correlation = scale > 0 ? sums.both / scale : 0
    deviation = (sums.images / Double(prompts * places.count * (perPrompt - 1))).squareRoot()
  }
}
