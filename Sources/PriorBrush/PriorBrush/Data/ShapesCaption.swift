/// What the caption of a picture of shapes says, as attributes that can be checked.
public struct ShapesCaption: Sendable, Equatable {
  /// One object.
  public struct Object: Sendable, Equatable {
    /// The outline.
    public var form: ShapesScene.Form
    /// The word for the colour.
    public var colour: String
    /// The size, unless the caption is silent about it.
    public var size: ShapesScene.Size?

    /// Creates an object.
    ///
    /// - Parameters:
    ///   - form: The outline.
    ///   - colour: The word for the colour.
    ///   - size: The size, unless nothing is said about it.
    public init(form: ShapesScene.Form, colour: String, size: ShapesScene.Size? = nil) {
      self.form = form
      self.colour = colour
      self.size = size
    }
  }

  /// How the objects lie.
  public enum Arrangement: Sendable, Equatable {
    /// A single object in a cell of a grid of three by three, counted from the top left.
    case cell(row: Int, column: Int)
    /// Each object left of the next one.
    case leftToRight
    /// Each object above the next one.
    case topToBottom
  }

  /// The objects in the order of the caption, one to three.
  public var objects: [Object]
  /// How they lie.
  public var arrangement: Arrangement
  /// The word for the background, `white` where the caption is silent.
  public var background: String

  /// Reads a caption such as `small red circle left of large blue star on gray background`; nil for any other text.
  ///
  /// - Parameter text: The caption.
  public init?(_ text: String) {
    var words = text.split(separator: " ").map(String.init)
    background = NamedColour.white.name
    if words.count > 3, words.last == "background", words[words.count - 3] == "on" {
      background = words[words.count - 2]
      words.removeLast(3)
    }
    guard ([.white] + ShapesScene.backgrounds).map(\.name).contains(background) else { return nil }
    if let place = words.firstIndex(of: "at"), words.count > place + 2, words[place + 1] == "the" {
      let name = words[(place + 2)...].joined(separator: " ")
      guard let cell = ShapesScene.cell(named: name), let object = Object(words[..<place]) else { return nil }
      (objects, arrangement) = ([object], .cell(row: cell.row, column: cell.column))
      return
    }
    let isAbove = words.contains("above")
    let parts = words.split { isAbove ? $0 == "above" : $0 == "left" || $0 == "of" }
    let objects = parts.compactMap { Object($0) }
    guard objects.count == parts.count, (2...3).contains(objects.count) else { return nil }
    self.objects = objects
    arrangement = isAbove ? .topToBottom : .leftToRight
  }
}

extension ShapesCaption.Object {
  fileprivate init?(_ words: ArraySlice<String>) {
    var words = words
    size = words.first.flatMap(ShapesScene.Size.init(rawValue:))
    if size != nil { words.removeFirst() }
    guard words.count == 2, let colour = words.first, let last = words.last,
      ShapesScene.colours.contains(where: { $0.name == colour }), let form = ShapesScene.Form(rawValue: last)
    else { return nil }
    self.colour = colour
    self.form = form
  }
}
