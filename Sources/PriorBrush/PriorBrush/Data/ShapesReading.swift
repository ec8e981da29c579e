public import PNGImage

/// What can be seen in a picture of shapes, without knowing its caption.
///
/// The background is the palette's colour nearest to the border. Objects are areas of one colour of the palette, the purest first;
/// the mixed pixels around an area belong to it. Each area gets the form that explains it best. Reads pictures of the renderer
/// without a mistake from 32 pixels on; what a generator draws is read as what it most resembles.
public struct ShapesReading: Sendable {
  /// One object.
  public struct Object: Sendable, Equatable {
    /// The outline.
    public var form: ShapesScene.Form
    /// The word for the colour.
    public var colour: String
    /// The centre, as a share of the width from the left.
    public var x: Double
    /// The centre, as a share of the height from the top.
    public var y: Double
    /// Half the extent, as a share of the side of the image.
    public var radius: Double
  }

  /// The objects, the most distinct first; at most six.
  public private(set) var objects: [Object] = []
  /// The word for the background.
  public let background: String

  private typealias Colour = SIMD3<Float>

  /// Reads an image.
  ///
  /// - Parameter image: A square image of three channels.
  public init(_ image: Image) {
    precondition(
      image.width == image.height && image.channels == 3, "a picture of shapes is square and has three channels")
    let side = image.width
    let pixels = (0..<side * side).map { place in
      Colour(
        Float(image.pixels[3 * place]), Float(image.pixels[3 * place + 1]), Float(image.pixels[3 * place + 2]))
    }
    let ground = Self.ground(pixels, side: side)
    background = ground.name
    let palette = [ground] + ShapesScene.colours
    let colours = palette.map { Colour(Float($0.red), Float($0.green), Float($0.blue)) }
    // Label 0 is the background.
    let labels = pixels.map { pixel in
      colours.indices.min { Self.distance(pixel, colours[$0]) < Self.distance(pixel, colours[$1]) } ?? 0
    }
    var isFree = [Bool](repeating: true, count: side * side)
    while objects.count < 6 {
      let areas = Areas(labels: labels, isFree: isFree, side: side)
      func purity(_ area: [Int]) -> Float {
        area.reduce(0) { $0 + max(0, 1 - Self.distance(pixels[$1], colours[labels[$1]]).squareRoot() / 80) }
      }
      let purities = areas.members.map(purity)
      guard let best = purities.indices.max(by: { purities[$0] < purities[$1] }),
        purities[best] >= max(1.5, 0.004 * Float(side * side))
      else { return }
      let area = areas.members[best]
      let own = Areas.grown(area, by: side >= 64 ? 2 : 1, side: side)
      let label = labels[area[0]]
      let toColour = colours[label] - colours[0]
      let length = (toColour * toColour).sum()
      let fit = ShapesFit(
        Self.window(around: own, side: side) { place in
          let share = ((pixels[place] - colours[0]) * toColour).sum() / length
          return (Double(min(max(share, 0), 1)), own.contains(place) || labels[place] == 0)
        })
      objects.append(
        Object(
          form: fit.form, colour: palette[label].name, x: fit.x / Double(side), y: fit.y / Double(side),
          radius: fit.radius / Double(side)))
      for place in own { isFree[place] = false }
    }
  }

  private static func distance(_ a: Colour, _ b: Colour) -> Float { ((a - b) * (a - b)).sum() }

  /// The background nearest to most of the border; far pixels count no more than a limit.
  private static func ground(_ pixels: [Colour], side: Int) -> NamedColour {
    let border = pixels.indices.filter { place in
      let (x, y) = (place % side, place / side)
      return x == 0 || y == 0 || x == side - 1 || y == side - 1
    }
    func misfit(_ colour: NamedColour) -> Float {
      let wanted = Colour(Float(colour.red), Float(colour.green), Float(colour.blue))
      return border.reduce(0) { $0 + min(distance(pixels[$1], wanted).squareRoot(), 80) }
    }
    return ShapesScene.backgrounds.reduce(.white) { misfit($1) < misfit($0) ? $1 : $0 }
  }

  private static func window(
    around area: Set<Int>, side: Int, _ pixel: (_ place: Int) -> (coverage: Double, counts: Bool)
  ) -> ShapesFit.Window {
    let columns = area.map { $0 % side }
    let rows = area.map { $0 / side }
    let (left, right) = (max((columns.min() ?? 0) - 1, 0), min((columns.max() ?? 0) + 1, side - 1))
    let (top, bottom) = (max((rows.min() ?? 0) - 1, 0), min((rows.max() ?? 0) + 1, side - 1))
    var window = ShapesFit.Window(left: left, top: top, width: right - left + 1, coverage: [], counts: [])
    for row in top...bottom {
      for column in left...right {
        let (coverage, counts) = pixel(row * side + column)
        window.coverage.append(coverage)
        window.counts.append(counts)
      }
    }
    return window
  }
}

/// Areas of touching pixels with one label.
private struct Areas {
  var members: [[Int]] = []

  /// Finds all areas but those of label 0, over four neighbours.
  init(labels: [Int], isFree: [Bool], side: Int) {
    var isOpen = labels.indices.map { isFree[$0] && labels[$0] != 0 }
    for start in labels.indices where isOpen[start] {
      var area = [start]
      isOpen[start] = false
      var next = 0
      while next < area.count {
        let place = area[next]
        next += 1
        for neighbour in Self.neighbours(of: place, side: side) where isOpen[neighbour] {
          guard labels[neighbour] == labels[start] else { continue }
          isOpen[neighbour] = false
          area.append(neighbour)
        }
      }
      members.append(area)
    }
  }

  private static func neighbours(of place: Int, side: Int) -> [Int] {
    let (x, y) = (place % side, place / side)
    return (x > 0 ? [place - 1] : []) + (x < side - 1 ? [place + 1] : []) + (y > 0 ? [place - side] : [])
      + (y < side - 1 ? [place + side] : [])
  }

  /// Returns an area with all pixels up to a distance in either direction.
  static func grown(_ area: [Int], by reach: Int, side: Int) -> Set<Int> {
    var grown = Set(area)
    for place in area {
      let (x, y) = (place % side, place / side)
      for row in max(y - reach, 0)...min(y + reach, side - 1) {
        for column in max(x - reach, 0)...min(x + reach, side - 1) { grown.insert(row * side + column) }
      }
    }
    return grown
  }
}
