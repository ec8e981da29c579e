import NeuralNetwork
import PriorBrush
import Testing

@Suite struct `Score distillation gradient` {
  @Test func `weighs the clean images like the released training weighs the noise`() {
    let (image, teacher, fake): ([Float], [Float], [Float]) = ([0.3, -0.8], [0.1, -0.5], [0.4, 0.2])
    for time in [Float(0.1), 0.5, 0.9] {
      let (alpha, sigma) = (NoiseSchedule.alpha(time), NoiseSchedule.sigma(time))
      let found = ScoreDistillationGradient(.swiftbrush).gradient(
        of: image[...], teacher: teacher[...], fake: fake[...], time: time)
      // With any noisy image x the predicted noise is (x - alpha X) / sigma, so x cancels.
      let expected = zip(teacher, fake).map { sigma * sigma * (alpha / sigma) * ($1 - $0) }
      #expect(distance(found, expected) < 1e-6)
    }
  }

  @Test func `divides by the distance to the teacher, but not by less than its floor`() {
    let difference = ScoreDistillationGradient(.dmd)
    let far = difference.gradient(of: [1, 0, 0][1...], teacher: [0.5, -0.3], fake: [1, 0.3], time: 0.5)
    #expect(distance(far, [0.5 / 0.4, 0.6 / 0.4]) < 1e-6)
    let near = difference.gradient(of: [0.5], teacher: [0.5], fake: [0.6], time: 0.5)
    #expect(distance(near, [2]) < 1e-5)
    let fine = ScoreDistillationGradient(.dmd, floor: 0.01).gradient(of: [0.5], teacher: [0.5], fake: [0.6], time: 0.5)
    #expect(distance(fine, [10]) < 1e-4)
  }

  @Test(arguments: StudentRecipe.GradientForm.allCases)
  func `is zero where both scores agree`(form: StudentRecipe.GradientForm) {
    let found = ScoreDistillationGradient(form).gradient(
      of: [0.5, 1], teacher: [0.1, 0.2], fake: [0.1, 0.2], time: 0.3)
    #expect(found == [0, 0])
  }
}

/// Distils a teacher that knows single numbers with a normal distribution exactly into the student `offset + gain · noise`.
///
/// The student's numbers are normal as well, so their score is known exactly, too.
@Suite struct `Variational score distillation of a normal distribution` {
  private static let real = Normal(mean: 0.7, deviation: 0.4)
  private static let start = Normal(mean: -0.5, deviation: 1)

  @Test(arguments: StudentRecipe.GradientForm.allCases)
  func `finds mean and deviation`(form: StudentRecipe.GradientForm) {
    let student = distil(form) { student, noisy, _, time in noisy.map { student.clean($0, time) } }
    #expect(abs(student.mean - Self.real.mean) < 0.05)
    #expect(abs(student.deviation - Self.real.deviation) < 0.05 * Self.real.deviation)
  }

  @Test func `collapses if the noise itself takes the place of the fake score`() {
    // The clean image that belongs to the true noise is the generated image: score distillation sampling.
    let student = distil(.swiftbrush) { _, _, generated, _ in generated }
    #expect(abs(student.deviation) < 0.5 * Self.real.deviation)
    #expect(abs(student.mean - Self.real.mean) < 0.05)
  }

  @Test func `needs more than the paper's Equation 3, which says nothing about the student's numbers`() {
    // E |f(x + sigma e, t) - e|² over real x: a generator does not occur in it, only the noise predictor f(y) = p + q y.
    var stream = RandomStream(seed: 9, stream: 0)
    let sigma = 0.8
    let draws = (0..<4096).map { _ in (image: 0.7 + 0.4 * Double(stream.normal()), noise: Double(stream.normal())) }
    func loss(_ parameters: [Double]) -> Double {
      let (offset, slope) = (parameters[2], parameters[3])
      return draws.reduce(0) { sum, draw in
        let residual = offset + slope * (draw.image + sigma * draw.noise) - draw.noise
        return sum + residual * residual / Double(draws.count)
      }
    }
    func slopes(_ parameters: [Double]) -> [Double] {
      parameters.indices.map { index in
        var (above, below) = (parameters, parameters)
        above[index] += 1e-4
        below[index] -= 1e-4
        return (loss(above) - loss(below)) / 2e-4
      }
    }
    var parameters = [-0.5, 1, 0, 0]
    #expect(slopes(parameters)[0...1].allSatisfy { $0 == 0 })
    #expect(slopes(parameters)[2...3].contains { abs($0) > 0.1 })
    for _ in 0..<400 { parameters = zip(parameters, slopes(parameters)).map { $0 - 0.3 * $1 } }
    #expect(parameters[0] == -0.5 && parameters[1] == 1)
    // What it trains is the score of the real images: denoising score matching.
    let variance = 0.4 * 0.4 + sigma * sigma
    #expect(abs(parameters[3] - sigma / variance) < 0.05)
    #expect(abs(parameters[2] + 0.7 * sigma / variance) < 0.05)
  }

  /// A normal distribution of images, with its best denoiser.
  private struct Normal {
    var mean: Float
    var deviation: Float

    func clean(_ noisy: Float, _ time: Float) -> Float {
      let (alpha, sigma) = (NoiseSchedule.alpha(time), NoiseSchedule.sigma(time))
      let variance = deviation * deviation
      return mean + variance * alpha / (alpha * alpha * variance + sigma * sigma) * (noisy - alpha * mean)
    }
  }

  /// Descends the gradient of the product with 4 images of 64 numbers a step.
  private func distil(
    _ form: StudentRecipe.GradientForm,
    fake: (_ student: Normal, _ noisy: [Float], _ generated: [Float], _ time: Float) -> [Float]
  ) -> Normal {
    var student = Self.start
    var stream = RandomStream(seed: 3, stream: 0)
    let difference = ScoreDistillationGradient(form)
    let (images, size, steps) = (4, 64, 3000)
    for step in 0..<steps {
      var slope = Normal(mean: 0, deviation: 0)
      for _ in 0..<images {
        let latent = (0..<size).map { _ in stream.normal() }
        let generated = latent.map { student.mean + student.deviation * $0 }
        let time = 0.02 + 0.96 * stream.uniform()
        let (alpha, sigma) = (NoiseSchedule.alpha(time), NoiseSchedule.sigma(time))
        let noisy = generated.map { alpha * $0 + sigma * stream.normal() }
        let teacher = noisy.map { Self.real.clean($0, time) }
        let gradient = difference.gradient(
          of: generated[...], teacher: teacher[...], fake: fake(student, noisy, generated, time)[...], time: time)
        for (value, latent) in zip(gradient, latent) {
          slope.mean += value / Float(images * size)
          slope.deviation += value * latent / Float(images * size)
        }
      }
      let rate = 0.05 * LearningRate(peak: 1, decayShare: 0.4).value(at: step, of: steps)
      student.mean -= rate * slope.mean
      student.deviation -= rate * slope.deviation
    }
    return student
  }
}
