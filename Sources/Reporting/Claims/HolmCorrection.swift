/// Holm's step-down correction of a family of tests.
///
/// - Source: Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of Statistics 1979; for
///   decisions in either direction Shaffer, "Control of directional errors", Annals of Statistics 1980.
enum HolmCorrection {
  /// Returns for each p value the factor that it is multiplied by, and the adjusted value.
  static func adjusted(_ values: [Double]) -> [(factor: Int, p: Double)] {
    var result = values.map { (factor: values.count, p: $0) }
    var greatest = 0.0
    // Equal values keep their order, so that the result does not depend on the sorting.
    let order = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
    for (rank, position) in order.enumerated() {
      let factor = values.count - rank
      greatest = max(greatest, min(1, values[position] * Double(factor)))
      result[position] = (factor, greatest)
    }
    return result
  }
}
