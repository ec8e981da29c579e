/// The gradient of variational score distillation: what the difference of two scores says about a generated image.
///
/// The same noised image is denoised twice: by the teacher, which knows real images, and by the fake score, which knows the
/// student's images. Both results and the image may have any number of values.
package struct ScoreDistillationGradient: Sendable {
  /// How the difference is weighted.
  package var form: StudentRecipe.GradientForm
  /// The least mean distance that the `dmd` form divides by, above 0.
  package var floor: Float

  /// Creates the difference.
  ///
  /// - Parameters:
  ///   - form: How it is weighted.
  ///   - floor: The least mean distance that the `dmd` form divides by, above 0.
  package init(_ form: StudentRecipe.GradientForm, floor: Float = 0.05) {
    self.form = form
    self.floor = floor
  }

  /// Returns the gradient of the image, to be descended.
  ///
  /// - Parameters:
  ///   - image: The generated image, before it was noised.
  ///   - teacher: The teacher's clean image.
  ///   - fake: The clean image of the fake score.
  ///   - time: The diffusion time of the noised image, in [0, 1].
  /// - Returns: As many values as the image has.
  /// - Source: Nguyen and Tran, "SwiftBrush", CVPR 2024: `sigma² (e_teacher - e_fake)`; Yin et al., "One-step Diffusion with
  ///   Distribution Matching Distillation", 2024, with a lower limit for the mean distance.
  package func gradient(
    of image: ArraySlice<Float>, teacher: ArraySlice<Float>, fake: ArraySlice<Float>, time: Float
  ) -> [Float] {
    let weight: Float
    switch form {
    case .swiftbrush:
      weight = NoiseSchedule.alpha(time) * NoiseSchedule.sigma(time)
    case .dmd:
      let distance = zip(image, teacher).reduce(Float(0)) { $0 + abs($1.0 - $1.1) } / Float(image.count)
      weight = 1 / max(distance, floor)
    }
    return zip(fake, teacher).map { weight * ($0 - $1) }
  }
}
