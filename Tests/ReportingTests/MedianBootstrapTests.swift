import Reporting
import Testing

@Suite struct MedianBootstrapTests {
  @Test(arguments: [
    [1.0, 2, 4], [1, 2, 4, 8], [3, 1, 4, 1, 5], [2, 7, 1, 8, 2, 9], [0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4],
  ])
  func `the interval is that of all resamples`(values: [Double]) throws {
    let medians = Self.allMedians(values)
    let interval = try #require(MedianBootstrap.interval(of: values))
    #expect(abs(interval.lower - medians[Int((0.025 * Double(medians.count)).rounded(.up)) - 1]) < 1e-12)
    #expect(abs(interval.upper - medians[Int((0.975 * Double(medians.count)).rounded(.up)) - 1]) < 1e-12)
  }

  @Test func `many values give a narrow interval around the median, few none`() throws {
    for count in [50, 51, 1_000, 1_001] {
      let interval = try #require(MedianBootstrap.interval(of: (0..<count).map(Double.init)))
      let (middle, reach) = (Double(count - 1) / 2, Double(count).squareRoot())
      // The median of n uniform ranks has a standard error of √n / 2.
      #expect(abs(interval.lower - (middle - 0.98 * reach)) < 1.5 + 0.02 * reach, "\(count): \(interval)")
      #expect(abs(interval.upper - (middle + 0.98 * reach)) < 1.5 + 0.02 * reach, "\(count): \(interval)")
    }
    #expect(MedianBootstrap.interval(of: [1])?.lower == nil)
    #expect(MedianBootstrap.interval(of: [2, 2, 2])?.upper == 2)
    #expect(MedianBootstrap.interval(of: [1, .nan, 2])?.lower == nil)
  }

  /// The medians of all nⁿ resamples, sorted.
  private static func allMedians(_ values: [Double]) -> [Double] {
    let count = values.count
    var medians: [Double] = []
    var draw = [Int](repeating: 0, count: count)
    while true {
      let sorted = draw.map { values[$0] }.sorted()
      medians.append((sorted[(count - 1) / 2] + sorted[count / 2]) / 2)
      var place = 0
      while place < count, draw[place] == count - 1 {
        draw[place] = 0
        place += 1
      }
      guard place < count else { return medians.sorted() }
      draw[place] += 1
    }
  }
}
