/// What a spec says of a metric once, for tables, claims and nights alike.
package struct MetricDescription: Sendable, Equatable {
  /// Which values of a metric are better.
  package enum Better: String, Sendable, CaseIterable { case greater, less, neither }

  /// What a reader calls it; `nil` for its name.
  package var label: String?
  /// The printed unit; `nil` if nothing is said, empty if dimensionless.
  package var unit: String?
  /// Decimals; `nil` if nothing is said.
  package var digits: Int?
  /// Which values are better; `nil` if nothing is said.
  package var better: Better?

  /// Whether less is better; `nil` if neither is, or nothing is said.
  package var lessIsBetter: Bool? {
    switch better {
    case .less: true
    case .greater: false
    case .neither, nil: nil
    }
  }
}
