/// Finds room for the names of points in a chart.
struct PointNames {
  /// A rectangle in pixels.
  struct Box {
    var left: Double
    var right: Double
    var top: Double
    var bottom: Double

    func meets(_ other: Box) -> Bool {
      left < other.right && other.left < right && top < other.bottom && other.top < bottom
    }

    func contains(_ other: Box) -> Bool {
      other.left >= left && other.right <= right && other.top >= top && other.bottom <= bottom
    }
  }

  /// Where a name stands, and the ends of the line that leads to its point, if it stands apart.
  struct Place {
    var x: Double
    var y: Double
    var anchor: SVGCanvas.Anchor
    var leader: (from: Double, to: Double)?
  }

  private static let lineHeight = 13.0

  private let area: Box
  private var taken: [Box]

  /// - Parameters:
  ///   - area: Where names may stand.
  ///   - taken: What no name may cover.
  init(in area: Box, around taken: [Box]) {
    self.area = area
    self.taken = taken
  }

  /// Takes the nearest free place.
  ///
  /// - Parameters:
  ///   - width: Of the name.
  ///   - x: The point.
  ///   - y: The point.
  ///   - top: The upper end of the point and its error bar.
  ///   - bottom: The lower end.
  /// - Returns: The place, which no further name gets; `nil` if there is none.
  mutating func place(width: Double, x: Double, y: Double, top: Double, bottom: Double) -> Place? {
    for place in Self.places(x, y, top, bottom) {
      let left =
        switch place.anchor {
        case .start: place.x
        case .middle: place.x - width / 2
        case .end: place.x - width
        }
      var boxes = [Box(left: left, right: left + width, top: place.y - 9, bottom: place.y + 3)]
      if let leader = place.leader {
        boxes.append(
          Box(left: x - 1, right: x + 1, top: min(leader.from, leader.to), bottom: max(leader.from, leader.to)))
      }
      if boxes.allSatisfy({ box in area.contains(box) && !taken.contains(where: box.meets) }) {
        taken += boxes
        return place
      }
    }
    return nil
  }

  /// Returns small boxes that cover lines through points.
  static func boxes(along points: [(x: Double, y: Double)]) -> [Box] {
    zip(points, points.dropFirst()).flatMap { start, end in
      let count = max(1, Int(max(abs(end.x - start.x), abs(end.y - start.y)) / 4))
      return (0...count).map { step in
        let share = Double(step) / Double(count)
        let (x, y) = (start.x + share * (end.x - start.x), start.y + share * (end.y - start.y))
        return Box(left: x - 2, right: x + 2, top: y - 2, bottom: y + 2)
      }
    }
  }

  /// Beside the point, then over and under its error bar, at first close to it and then led by a line.
  private static func places(_ x: Double, _ y: Double, _ top: Double, _ bottom: Double) -> [Place] {
    var places = [
      Place(x: x + 8, y: y - 5, anchor: .start), Place(x: x - 8, y: y - 5, anchor: .end),
      Place(x: x + 8, y: y + 13, anchor: .start), Place(x: x - 8, y: y + 13, anchor: .end),
    ]
    for row in 0..<8 {
      let distance = Double(row) * lineHeight
      for (baseline, leader) in [
        (top - 5 - distance, (top - 1 - distance, top - 2)),
        (bottom + 13 + distance, (bottom + 2, bottom + 3 + distance)),
      ] {
        for (shift, anchor) in [(0.0, SVGCanvas.Anchor.middle), (-6.0, .start), (6.0, .end)] {
          places.append(Place(x: x + shift, y: baseline, anchor: anchor, leader: row == 0 ? nil : leader))
        }
      }
    }
    return places
  }
}
