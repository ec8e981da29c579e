/// A picture of one to three coloured shapes, described by words and numbers.
public struct ShapesScene: Sendable, Equatable {
  /// The outline of an object.
  public enum Form: String, Sendable, CaseIterable {
    /// A disc.
    case circle
    /// A square that stands on a side.
    case square
    /// A triangle that points up.
    case triangle
    /// A square that stands on a corner.
    case diamond
    /// A star with five points, one of them up.
    case star
    /// A cross of two bars.
    case cross
  }

  /// The size of an object.
  public enum Size: String, Sendable, CaseIterable {
    /// About an eighth of the side of the image.
    case small
    /// Between small and large.
    case medium
    /// As large as the layout allows.
    case large
  }

  /// One object.
  public struct Object: Sendable, Equatable {
    /// The outline.
    public var form: Form
    /// The colour of the area.
    public var colour: NamedColour
    /// The size that the caption names.
    public var size: Size
    /// The centre, as a share of the width from the left.
    public var x: Double
    /// The centre, as a share of the height from the top.
    public var y: Double
    /// Half the extent, as a share of the side of the image.
    public var radius: Double
  }

  /// The objects; no two overlap.
  public var objects: [Object]
  /// The colour behind them, white included.
  public var background: NamedColour
  /// The caption.
  public var caption: String

  /// The eight colours of objects.
  public static let colours = [
    NamedColour("red", 220, 50, 47), NamedColour("orange", 240, 140, 30), NamedColour("yellow", 240, 205, 40),
    NamedColour("green", 60, 160, 70), NamedColour("blue", 45, 105, 215), NamedColour("purple", 130, 65, 170),
    NamedColour("pink", 240, 130, 175), NamedColour("black", 25, 25, 28),
  ]

  /// The backgrounds that captions name; white is the one they do not.
  public static let backgrounds = [
    NamedColour("gray", 185, 185, 185), NamedColour("cyan", 170, 225, 230), NamedColour("beige", 238, 225, 195),
    NamedColour("brown", 120, 85, 60),
  ]

  /// Where a single object lies, by row and column of a grid of three by three.
  private static let places = [
    ["top left", "top", "top right"], ["left", "center", "right"], ["bottom left", "bottom", "bottom right"],
  ]

  /// Returns the row and column that captions call by a name.
  static func cell(named name: String) -> (row: Int, column: Int)? {
    for (row, names) in places.enumerated() {
      if let column = names.firstIndex(of: name) { return (row, column) }
    }
    return nil
  }

  /// Draws a scene at random.
  ///
  /// - Parameter generator: The source of randomness; the scene depends on nothing else.
  public init(using generator: inout some RandomNumberGenerator) {
    let kind = generator.uniform()
    let count = kind < 0.4 ? 1 : kind < 0.8 ? 2 : 3
    let background = generator.uniform() < 0.6 ? nil : generator.element(ShapesScene.backgrounds)
    var objects: [Object] = []
    while objects.count < count {
      let object = Object(
        form: generator.element(Form.allCases), colour: generator.element(ShapesScene.colours),
        size: generator.element(Size.allCases), x: 0.5, y: 0.5, radius: 0.2)
      if !objects.contains(where: { $0.form == object.form && $0.colour == object.colour }) { objects.append(object) }
    }
    var words: String
    switch count {
    case 1:
      let (row, column) = (generator.integer(below: 3), generator.integer(below: 3))
      objects[0].place(x: 0.25 + 0.25 * Double(column), y: 0.25 + 0.25 * Double(row), reach: 0.23, &generator)
      words = "\(objects[0].phrase) at the \(ShapesScene.places[row][column])"
    case 2:
      let isBeside = generator.uniform() < 0.5
      for index in 0..<2 {
        let along = index == 0 ? 0.26 : 0.74
        let across = 0.35 + 0.3 * Double(generator.uniform())
        objects[index].place(x: isBeside ? along : across, y: isBeside ? across : along, reach: 0.22, &generator)
      }
      words = "\(objects[0].phrase) \(isBeside ? "left of" : "above") \(objects[1].phrase)"
    default:
      for index in 0..<3 {
        objects[index].size = .small
        let across = 0.3 + 0.4 * Double(generator.uniform())
        objects[index].place(x: 0.18 + 0.32 * Double(index), y: across, reach: 0.24, &generator)
      }
      words = objects.map { "\($0.colour.name) \($0.form.rawValue)" }.joined(separator: " left of ")
    }
    words = Augmentation.caption(words, on: background?.name)
    self.objects = objects
    self.background = background ?? .white
    caption = words
  }

  /// Whether one of the objects joins a form and a colour that are never joined in training.
  public var isHeldOut: Bool {
    objects.contains { StableHash.fraction("held-out shape|\($0.form.rawValue)|\($0.colour.name)") < 0.12 }
  }
}

extension ShapesScene.Object {
  /// The words for the object.
  var phrase: String { "\(size.rawValue) \(colour.name) \(form.rawValue)" }

  /// Sets centre and radius: the largest size has the radius `reach`, the centre varies a little.
  mutating func place(x: Double, y: Double, reach: Double, _ generator: inout some RandomNumberGenerator) {
    let share = size == .small ? 0.48 : size == .medium ? 0.72 : 1.0
    radius = reach * share
    let jitter = 0.03
    self.x = x + jitter * (2 * Double(generator.uniform()) - 1)
    self.y = y + jitter * (2 * Double(generator.uniform()) - 1)
  }
}

extension RandomNumberGenerator {
  fileprivate mutating func element<Element>(_ elements: [Element]) -> Element {
    elements[integer(below: elements.count)]
  }
}
