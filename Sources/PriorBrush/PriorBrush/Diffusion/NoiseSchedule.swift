import Foundation

/// The variance-preserving cosine schedule `x_t = alpha x_0 + sigma e`, with `alpha² + sigma² = 1`.
///
/// Time runs over [0, 1]; both ends stop short of the pure image and of pure noise, so that every conversion below is finite.
///
/// - Source: Nichol and Dhariwal, "Improved Denoising Diffusion Probabilistic Models", 2021; v-prediction after Salimans and
///   Ho, "Progressive Distillation", 2022.
public enum NoiseSchedule {
  /// Returns the share of the image at a time.
  ///
  /// - Parameter time: Diffusion time in [0, 1].
  /// - Returns: `alpha`, in (0, 1).
  public static func alpha(_ time: Float) -> Float { cos(angle(time)) }

  /// Returns the share of the noise at a time.
  ///
  /// - Parameter time: Diffusion time in [0, 1].
  /// - Returns: `sigma`, in (0, 1).
  public static func sigma(_ time: Float) -> Float { sin(angle(time)) }

  /// Returns half the logarithm of the signal-to-noise ratio, `log(alpha / sigma)`.
  ///
  /// - Parameter time: Diffusion time in [0, 1].
  /// - Returns: The half log-SNR in nats, falling with time.
  public static func halfLogSNR(_ time: Float) -> Float { log(alpha(time) / sigma(time)) }

  /// Returns the time at which the schedule has a given half log-SNR.
  ///
  /// - Parameter halfLogSNR: `log(alpha / sigma)` in nats.
  /// - Returns: Diffusion time, not limited to [0, 1].
  public static func time(halfLogSNR: Float) -> Float { (atan(exp(-halfLogSNR)) / (.pi / 2) - offset) / span }

  private static let offset: Float = 0.0025
  private static let span: Float = 0.995

  private static func angle(_ time: Float) -> Float { (offset + span * time) * .pi / 2 }
}
