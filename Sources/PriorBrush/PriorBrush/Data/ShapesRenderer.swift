/// Draws scenes with smooth edges at any resolution, from the distance of each pixel to the outline.
enum ShapesRenderer {
  /// Fills `side * side * 3` values in [-1, 1], `[H, W, C]`.
  static func render(_ scene: ShapesScene, side: Int, into pixels: UnsafeMutableBufferPointer<Float>) {
    precondition(pixels.count >= side * side * 3, "room for \(pixels.count) values, \(side * side * 3) needed")
    guard let output = pixels.baseAddress else { return }
    let background = values(scene.background)
    for pixel in 0..<(side * side) {
      for channel in 0..<3 { output[pixel * 3 + channel] = background[channel] }
    }
    for object in scene.objects {
      let colour = values(object.colour)
      let size = Double(side)
      let (x, y, radius) = (object.x * size, object.y * size, object.radius * size)
      let corners = outline(object.form)
      let columns = max(Int(x - radius) - 1, 0)..<max(min(Int(x + radius) + 2, side), 0)
      let rows = max(Int(y - radius) - 1, 0)..<max(min(Int(y + radius) + 2, side), 0)
      corners.withUnsafeBufferPointer { corners in
        for row in rows {
          for column in columns {
            let offset = SIMD2(Double(column) + 0.5 - x, Double(row) + 0.5 - y)
            let coverage = Float(coverage(at: offset, radius: radius, corners))
            guard coverage > 0 else { continue }
            let target = output + (row * side + column) * 3
            for channel in 0..<3 { target[channel] += (colour[channel] - target[channel]) * coverage }
          }
        }
      }
    }
  }

  /// Returns how much of a pixel a form of that radius covers, in [0, 1]; `offset` leads from the form's centre to the pixel's.
  static func coverage(
    at offset: SIMD2<Double>, radius: Double, _ corners: UnsafeBufferPointer<SIMD2<Double>>
  ) -> Double {
    let point = offset / radius
    let distance = corners.isEmpty ? (point * point).sum().squareRoot() - 1 : signedDistance(point, corners)
    return min(max(0.5 - distance * radius, 0), 1)
  }

  private static func values(_ colour: NamedColour) -> SIMD4<Float> {
    SIMD4(Float(colour.red), Float(colour.green), Float(colour.blue), 0) / 127.5 - 1
  }

  /// Returns the distance of a point to a polygon, negative inside.
  private static func signedDistance(_ point: SIMD2<Double>, _ corners: UnsafeBufferPointer<SIMD2<Double>>) -> Double {
    var nearest = Double.infinity
    var isInside = false
    var previous = corners[corners.count - 1]
    for corner in corners {
      let edge = previous - corner
      let offset = point - corner
      let share = min(max((offset * edge).sum() / (edge * edge).sum(), 0), 1)
      let away = offset - edge * share
      nearest = min(nearest, (away * away).sum())
      let crosses = (corner.y > point.y) != (previous.y > point.y)
      if crosses, point.x < edge.x * (point.y - corner.y) / edge.y + corner.x { isInside.toggle() }
      previous = corner
    }
    return isInside ? -nearest.squareRoot() : nearest.squareRoot()
  }

  /// Returns the corners of a form of radius 1, y downwards; none for the circle.
  static func outline(_ form: ShapesScene.Form) -> [SIMD2<Double>] {
    switch form {
    case .circle: []
    case .square: square
    case .triangle: triangle
    case .diamond: diamond
    case .star: star
    case .cross: cross
    }
  }

  private static let square = [SIMD2(-0.85, -0.85), SIMD2(0.85, -0.85), SIMD2(0.85, 0.85), SIMD2(-0.85, 0.85)]
  private static let triangle = [SIMD2(0, -0.95), SIMD2(0.98, 0.8), SIMD2(-0.98, 0.8)]
  private static let diamond = [SIMD2(0.0, -1), SIMD2(0.75, 0), SIMD2(0, 1), SIMD2(-0.75, 0)]
  private static let star: [SIMD2<Double>] = [
    SIMD2(0, -1), SIMD2(0.2351, -0.3236), SIMD2(0.9511, -0.309), SIMD2(0.3804, 0.1236), SIMD2(0.5878, 0.809),
    SIMD2(0, 0.4), SIMD2(-0.5878, 0.809), SIMD2(-0.3804, 0.1236), SIMD2(-0.9511, -0.309), SIMD2(-0.2351, -0.3236),
  ]
  private static let cross: [SIMD2<Double>] = [
    SIMD2(-0.3, -0.95), SIMD2(0.3, -0.95), SIMD2(0.3, -0.3), SIMD2(0.95, -0.3), SIMD2(0.95, 0.3), SIMD2(0.3, 0.3),
    SIMD2(0.3, 0.95), SIMD2(-0.3, 0.95), SIMD2(-0.3, 0.3), SIMD2(-0.95, 0.3), SIMD2(-0.95, -0.3), SIMD2(-0.3, -0.3),
  ]
}
