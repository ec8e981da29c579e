/// A background colour that captions name.
public struct NamedColour: Sendable, Equatable {
  /// The word in captions.
  public let name: String
  /// Red, green and blue, each 0...255.
  public let red, green, blue: UInt8

  /// Creates a colour.
  ///
  /// - Parameters:
  ///   - name: The word in captions.
  ///   - red: Red, 0...255.
  ///   - green: Green, 0...255.
  ///   - blue: Blue, 0...255.
  public init(_ name: String, _ red: UInt8, _ green: UInt8, _ blue: UInt8) {
    self.name = name
    self.red = red
    self.green = green
    self.blue = blue
  }

  /// The plain background, which captions do not name.
  public static let white = NamedColour("white", 255, 255, 255)

  /// The nine backgrounds that captions name.
  public static let backgrounds = [
    NamedColour("red", 222, 66, 60), NamedColour("orange", 245, 150, 50), NamedColour("yellow", 250, 216, 80),
    NamedColour("green", 84, 178, 90), NamedColour("blue", 66, 128, 236), NamedColour("purple", 140, 76, 176),
    NamedColour("pink", 246, 160, 192), NamedColour("gray", 150, 150, 150), NamedColour("black", 22, 22, 24),
  ]
}

/// How training examples are varied.
public struct Augmentation: Sendable, Equatable {
  /// The side of the canvas that shifts are counted on, in pixels.
  public static let canvasSide = 64

  /// The side of a translucent image on the canvas.
  public var foregroundSide = 60
  /// The largest shift in each direction on the canvas, in pixels.
  public var maximumShift = 2
  /// How often a mirrorable image is mirrored.
  public var mirrorProbability: Float = 0.25
  /// How often a translucent image gets a white background that the caption does not name.
  public var whiteProbability: Float = 0.65
  /// The share of (image, colour) pairs that are kept from training.
  public var heldOutPairFraction = 0.12
  /// How often the caption is the name alone.
  public var nameProbability: Float = 0.6
  /// How often the caption is the name with one or two keywords; else it is one to three keywords.
  public var nameAndKeywordsProbability: Float = 0.2
  /// How often the caption's parts are said as a sentence: shuffled, and joined by words such as "a" and "with".
  public var sentenceProbability: Float = 0
  /// The backgrounds that captions name.
  public var backgrounds = NamedColour.backgrounds

  /// Creates the variation of the recipe.
  public init() {}

  /// Whether a pair of image and background colour is kept from training; depends on the two names only.
  ///
  /// - Parameters:
  ///   - id: The identifier of the example.
  ///   - colour: The word for the colour.
  /// - Returns: True for about `heldOutPairFraction` of all pairs.
  public func isHeldOut(id: String, colour: String) -> Bool {
    StableHash.fraction("held-out pair|\(id)|\(colour)") < heldOutPairFraction
  }

  /// Returns a caption with its background, if that is one of the named ones.
  ///
  /// - Parameters:
  ///   - caption: What the image shows.
  ///   - colour: The word for the background, or nil for a plain one.
  /// - Returns: The caption, with "on … background" appended if there is a colour.
  public static func caption(_ caption: String, on colour: String?) -> String {
    guard let colour else { return caption }
    return "\(caption) on \(colour) background"
  }
}
