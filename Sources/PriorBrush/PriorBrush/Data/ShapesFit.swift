/// The form that explains an area best: each one is fitted by centre and radius, and the least squared error wins.
struct ShapesFit {
  /// How much of each pixel of a window is covered, and which pixels count.
  struct Window {
    var left: Int
    var top: Int
    var width: Int
    /// Coverage in [0, 1], row by row.
    var coverage: [Double]
    /// Pixels of other objects do not count.
    var counts: [Bool]
  }

  private(set) var form = ShapesScene.Form.circle
  private(set) var x = 0.0
  private(set) var y = 0.0
  private(set) var radius = 0.0
  /// The squared error, in pixels.
  private(set) var error = Double.infinity

  init(_ window: Window) {
    let moments = Moments(window)
    for form in ShapesScene.Form.allCases {
      let corners = ShapesRenderer.outline(form)
      let unit = Moments(of: corners)
      let radius = max((moments.area / unit.area).squareRoot(), 0.5)
      corners.withUnsafeBufferPointer { corners in
        var place = SIMD4(moments.x - unit.x * radius, moments.y - unit.y * radius, radius, 0)
        var error = Self.error(place, corners, window)
        for step in [0.8, 0.4, 0.2, 0.1] {
          for _ in 0..<3 {
            var moved = false
            for axis in 0..<3 {
              for sign in [-1.0, 1] {
                var next = place
                next[axis] += sign * step
                let nextError = next.z > 0.3 ? Self.error(next, corners, window) : .infinity
                if nextError < error { (place, error, moved) = (next, nextError, true) }
              }
            }
            if !moved { break }
          }
        }
        if error < self.error {
          (self.form, x, y, self.radius, self.error) = (form, place.x, place.y, place.z, error)
        }
      }
    }
  }

  private static func error(
    _ place: SIMD4<Double>, _ corners: UnsafeBufferPointer<SIMD2<Double>>, _ window: Window
  ) -> Double {
    var total = 0.0
    for (index, wanted) in window.coverage.enumerated() where window.counts[index] {
      let column = Double(window.left + index % window.width) + 0.5
      let row = Double(window.top + index / window.width) + 0.5
      let found = ShapesRenderer.coverage(
        at: SIMD2(column - place.x, row - place.y), radius: place.z, corners)
      total += (found - wanted) * (found - wanted)
    }
    return total
  }

  /// Area and centroid.
  private struct Moments {
    var area: Double
    var x: Double
    var y: Double

    /// Those of a window's coverage.
    init(_ window: Window) {
      var sums = SIMD3<Double>.zero
      for (index, value) in window.coverage.enumerated() where window.counts[index] {
        let column = Double(window.left + index % window.width) + 0.5
        sums += value * SIMD3(1, column, Double(window.top + index / window.width) + 0.5)
      }
      area = max(sums.x, 1e-6)
      (x, y) = (sums.y / area, sums.z / area)
    }

    /// Those of a polygon of radius 1; without corners, of the disc.
    init(of corners: [SIMD2<Double>]) {
      guard var previous = corners.last else {
        (area, x, y) = (.pi, 0, 0)
        return
      }
      var sums = SIMD3<Double>.zero
      for corner in corners {
        let cross = previous.x * corner.y - corner.x * previous.y
        sums += cross * SIMD3(0.5, (previous.x + corner.x) / 6, (previous.y + corner.y) / 6)
        previous = corner
      }
      area = abs(sums.x)
      (x, y) = (sums.y / sums.x, sums.z / sums.x)
    }
  }
}
