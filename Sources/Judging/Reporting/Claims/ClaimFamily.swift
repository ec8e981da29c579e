import Statistics

/// How the claims of one family share its risk: Holm's correction, in either direction.
///
/// For each claim only one of the two verdicts can be wrong, so that no further factor is needed.
///
/// - Source: Shaffer, "Control of directional errors with stagewise multiple test procedures", Annals of Statistics 1980.
enum ClaimFamily {
  /// Greatest accepted risk of a wrong verdict in a family.
  static let significance = 0.05

  /// What the family leaves to one of its members.
  struct Share: Sendable {
    /// The member's risk, corrected for the family.
    var adjustedP = 1.0
    /// What its uncorrected risk would have to fall below, the others being what they are.
    var threshold = ClaimFamily.significance
  }

  /// Returns the share of each member.
  ///
  /// - Parameter risks: The least risk of either decision on each, in [0, 1].
  /// - Returns: One share each, in the same order.
  static func shares(_ risks: [Double]) -> [Share] {
    guard let adjusted = try? MultiplicityCorrection.holm.adjusted(risks),
      let thresholds = try? MultiplicityCorrection.holm.thresholds(for: risks, significance: significance)
    else { return risks.map { _ in Share() } }
    return zip(adjusted, thresholds).map { Share(adjustedP: $0, threshold: $1) }
  }
}
