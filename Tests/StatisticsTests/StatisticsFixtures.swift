import Foundation
import JSON
import Statistics
import Testing

/// The reference values of Fixtures/make_fixtures.py.
struct StatisticsFixtures {
  let root: JSONValue

  init() throws {
    let folder = Bundle.module.url(forResource: "Fixtures", withExtension: nil)
    let url = try #require(folder).appendingPathComponent("statistics.json")
    root = try JSONValue(parsing: Array(Data(contentsOf: url)))
  }

  var samples: [(name: String, fields: JSONValue)] {
    (root["samples"]?.objectValue ?? []).map { ($0.key, $0.value) }
  }
}

extension JSONValue {
  /// The numbers of an array, empty for anything else.
  var numbers: [Double] { (arrayValue ?? []).compactMap(\.doubleValue) }
}

/// Whether two numbers agree to a relative (or, near 0, absolute) tolerance.
func agree(_ a: Double, _ b: Double?, _ tolerance: Double) -> Bool {
  guard let b else { return false }
  return abs(a - b) <= tolerance * max(abs(b), 1e-12) || abs(a - b) <= 1e-15
}
