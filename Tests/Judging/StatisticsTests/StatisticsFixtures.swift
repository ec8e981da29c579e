import Foundation
import JSON
import Statistics
import Testing

/// The reference values of Fixtures/make_fixtures.py, or with another name those of its neighbours.
struct StatisticsFixtures {
  let root: JSONValue

  init(_ name: String = "statistics") throws {
    let folder = Bundle.module.url(forResource: "Fixtures", withExtension: nil)
    let url = try #require(folder).appendingPathComponent("\(name).json")
    root = try JSONValue(parsing: Array(Data(contentsOf: url)))
  }

  var samples: [(name: String, fields: JSONValue)] {
    (root["samples"]?.objectValue ?? []).map { ($0.key, $0.value) }
  }
}

extension JSONValue {
  /// The numbers of a member, empty if there are none.
  func numbers(_ name: String) -> [Double] { self[name]?.numbers ?? [] }

  /// The number of a member.
  func number(_ name: String) -> Double { self[name]?.doubleValue ?? .nan }

  /// The entries of an array, empty for anything else.
  var entries: [JSONValue] { arrayValue ?? [] }

  /// The numbers of an array, empty for anything else.
  var numbers: [Double] { (arrayValue ?? []).compactMap(\.doubleValue) }
}

/// Whether two numbers agree to a relative (or, near 0, absolute) tolerance.
func agree(_ a: Double, _ b: Double?, _ tolerance: Double) -> Bool {
  guard let b else { return false }
  return abs(a - b) <= tolerance * max(abs(b), 1e-12) || abs(a - b) <= 1e-15
}

/// Whether the bounds of an interval agree with a pair of numbers.
func agree(_ interval: ConfidenceInterval?, _ bounds: [Double], _ tolerance: Double) -> Bool {
  guard let interval, bounds.count >= 2 else { return false }
  return agree(interval.lower, bounds[0], tolerance) && agree(interval.upper, bounds[1], tolerance)
}
