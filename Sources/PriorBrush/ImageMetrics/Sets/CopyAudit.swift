/// How many generated images lie nearer to a training image than real images that were never trained on do.
///
/// What the ratio of `MemorisationAudit` cannot say: how near is suspicious. Held-out real images give the scale; a generator that
/// copies nothing has a share of about `quantile`.
public struct CopyAudit: Sendable {
  /// The distance of the nearest training image below which an image counts as a copy.
  public let threshold: Double
  /// The share of generated images below the threshold, in [0, 1].
  public let share: Double
  /// How many generated images lie below the threshold.
  public let copies: Int

  /// Compares distances to the nearest training image.
  ///
  /// - Parameters:
  ///   - distances: Those of generated images.
  ///   - heldOut: Those of real images that were kept from training, measured in the same way.
  ///   - quantile: Which share of the held-out images may be called copies by mistake, in (0, 1).
  /// - Throws: `MetricError` with code `.tooFew` if there is no distance, `.notFinite`, or `.badParameter`.
  public init(distances: [Double], heldOut: [Double], quantile: Double = 0.01) throws(MetricError) {
    guard !distances.isEmpty, !heldOut.isEmpty else {
      throw MetricError(
        .tooFew, "an audit for copies needs generated images and real ones that were kept from training")
    }
    guard quantile > 0, quantile < 1 else {
      throw MetricError(.badParameter, "a quantile of \(quantile) does not lie between 0 and 1; use 0.01")
    }
    guard (distances + heldOut).allSatisfy(\.isFinite) else {
      throw MetricError(.notFinite, "a distance to the training images is not finite; look for broken images")
    }
    let sorted = heldOut.sorted()
    let place = quantile * Double(sorted.count - 1)
    let lower = Int(place)
    let upper = min(lower + 1, sorted.count - 1)
    threshold = sorted[lower] + (sorted[upper] - sorted[lower]) * (place - Double(lower))
    let threshold = threshold
    copies = distances.count { $0 < threshold }
    share = Double(copies) / Double(distances.count)
  }
}
