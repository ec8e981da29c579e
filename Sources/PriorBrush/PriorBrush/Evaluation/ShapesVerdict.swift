/// Which attributes that a caption names are in a picture of shapes.
///
/// The objects of the caption are matched with those of the picture so that as many as possible agree in form and colour.
public struct ShapesVerdict: Sendable, Equatable {
  /// Whether there are as many objects as the caption names.
  public let hasRightCount: Bool
  /// Share of the named objects whose match has the colour, in [0, 1].
  public let colours: Double
  /// Share of the named objects whose match has the form.
  public let forms: Double
  /// Share of the named objects whose match has both.
  public let bindings: Double
  /// Share of the named sizes that the match has; 1 if none is named.
  public let sizes: Double
  /// Whether the matches lie as the caption says.
  public let isRightlyPlaced: Bool
  /// Whether the background has the named colour.
  public let hasRightBackground: Bool

  /// Whether everything is as the caption says.
  public var isRight: Bool {
    hasRightCount && bindings == 1 && sizes == 1 && isRightlyPlaced && hasRightBackground
  }

  /// Compares a picture with a caption.
  ///
  /// - Parameters:
  ///   - reading: What is in the picture.
  ///   - caption: What the caption names.
  public init(of reading: ShapesReading, against caption: ShapesCaption) {
    let wanted = caption.objects
    var best: (score: Double, match: [ShapesReading.Object?]) = (-1, wanted.map { _ in nil })
    for match in Self.matches(wanted.count, reading.objects[...]) {
      var score = Self.isPlaced(match, caption.arrangement) ? 0.5 : 0
      for (object, found) in zip(wanted, match) {
        guard let found else { continue }
        let (colour, form) = (found.colour == object.colour, found.form == object.form)
        score += (colour ? 1 : 0) + (form ? 1 : 0) + (colour && form ? 2 : 0)
      }
      if score > best.score { best = (score, match) }
    }
    let pairs = Array(zip(wanted, best.match))
    func share(_ holds: (ShapesCaption.Object, ShapesReading.Object) -> Bool) -> Double {
      Double(pairs.count { pair in pair.1.map { holds(pair.0, $0) } ?? false }) / Double(pairs.count)
    }
    hasRightCount = reading.objects.count == wanted.count
    colours = share { $0.colour == $1.colour }
    forms = share { $0.form == $1.form }
    bindings = share { $0.colour == $1.colour && $0.form == $1.form }
    sizes = share { wanted, found in
      wanted.size.map { $0 == Self.size(of: found, among: pairs.count) } ?? true
    }
    isRightlyPlaced = Self.isPlaced(best.match, caption.arrangement)
    hasRightBackground = reading.background == caption.background
  }

  /// All ways to give each of `count` named objects another one of the picture, or none if there are too few.
  private static func matches(
    _ count: Int, _ objects: ArraySlice<ShapesReading.Object>
  ) -> [[ShapesReading.Object?]] {
    guard count > 0 else { return [[]] }
    guard !objects.isEmpty else { return [[ShapesReading.Object?](repeating: nil, count: count)] }
    var result: [[ShapesReading.Object?]] = []
    for index in objects.indices {
      var rest = objects
      let object = rest.remove(at: index)
      result += matches(count - 1, ArraySlice(Array(rest))).map { [object] + $0 }
    }
    if objects.count < count {
      result += matches(count - 1, objects).map { [nil] + $0 }
    }
    return result
  }

  /// The size by the radius: a large object of one or two has about 0.23 of the side.
  private static func size(of object: ShapesReading.Object, among count: Int) -> ShapesScene.Size {
    let share = object.radius / (count == 1 ? 0.23 : 0.22)
    return share < 0.6 ? .small : share < 0.86 ? .medium : .large
  }

  private static func isPlaced(_ match: [ShapesReading.Object?], _ arrangement: ShapesCaption.Arrangement) -> Bool {
    let objects = match.compactMap { $0 }
    guard objects.count == match.count else { return false }
    switch arrangement {
    case .cell(let row, let column):
      func cell(_ place: Double) -> Int { min(max(Int((place / 0.25 - 1).rounded()), 0), 2) }
      return cell(objects[0].x) == column && cell(objects[0].y) == row
    case .leftToRight:
      return zip(objects, objects.dropFirst()).allSatisfy { $1.x - $0.x > (objects.count == 2 ? abs($1.y - $0.y) : 0) }
    case .topToBottom:
      return zip(objects, objects.dropFirst()).allSatisfy { $1.y - $0.y > abs($1.x - $0.x) }
    }
  }
}
