public import PNGImage
import RandomNumbers

/// Captioned pictures of shapes, made as they are needed: one to three objects of six forms, eight colours, three sizes.
///
/// About an eighth of the pairs of form and colour are never drawn in training, so that composition can be tested.
public struct ShapesDataset: ExampleSource {
  /// The name of the data sets that scenes are written as.
  public static let name = "shapes"
  /// The side of the images, in pixels; the pictures are the same at every resolution.
  public let resolution: Int
  /// Selects the scenes that indices stand for.
  public let seed: UInt64

  /// Creates the set.
  ///
  /// - Parameters:
  ///   - resolution: The side of the images, such as 16, 32 or 64 pixels.
  ///   - seed: Selects the scenes that indices stand for.
  public init(resolution: Int, seed: UInt64 = 0) {
    precondition(resolution > 0 && resolution <= Image.maximumSide, "shapes of \(resolution) pixels")
    self.resolution = resolution
    self.seed = seed
  }

  /// Returns the scene of an index: the same for equal seed and index, at every resolution.
  ///
  /// - Parameter index: Any number from 0.
  /// - Returns: The scene, which may join a held-out form and colour.
  public func scene(at index: Int) -> ShapesScene {
    var generator = SplitMix64(seed: SplitMix64.mix(seed) &+ UInt64(index) &* 0xD134_2543_DE82_EF95)
    return ShapesScene(using: &generator)
  }

  /// Renders a scene.
  ///
  /// - Parameters:
  ///   - scene: The scene.
  ///   - pixels: Receives `resolution * resolution * 3` values in [-1, 1], `[H, W, C]`.
  public func render(_ scene: ShapesScene, into pixels: UnsafeMutableBufferPointer<Float>) {
    ShapesRenderer.render(scene, side: resolution, into: pixels)
  }

  /// Returns a scene as an image.
  ///
  /// - Parameter scene: The scene.
  /// - Returns: An image of three channels.
  public func image(of scene: ShapesScene) -> Image {
    let values = [Float](unsafeUninitializedCapacity: resolution * resolution * 3) { buffer, count in
      buffer.initialize(repeating: 0)
      render(scene, into: buffer)
      count = buffer.count
    }
    return Image(width: resolution, height: resolution, channels: 3, signedFloats: values)
  }

  /// Draws a scene at random; held-out pairs of form and colour are never drawn.
  ///
  /// - Parameters:
  ///   - pixels: Receives `resolution * resolution * 3` values in [-1, 1], `[H, W, C]`.
  ///   - generator: The source of randomness.
  /// - Returns: The caption and a random index by which `scene(at:)` makes the scene again.
  public func draw(
    into pixels: UnsafeMutableBufferPointer<Float>, using generator: inout some RandomNumberGenerator
  ) -> DrawnExample {
    while true {
      let index = Int(generator.next() >> 2)
      let scene = scene(at: index)
      guard !scene.isHeldOut else { continue }
      render(scene, into: pixels)
      return DrawnExample(caption: scene.caption, index: index)
    }
  }

  /// All words that captions are made of.
  public var texts: [String] {
    let colours = (ShapesScene.colours + ShapesScene.backgrounds).map(\.name)
    return ShapesScene.Form.allCases.map(\.rawValue) + ShapesScene.Size.allCases.map(\.rawValue) + colours + [
      "at the top bottom left right center", "left of", "above", Augmentation.caption("", on: "gray"),
    ]
  }
}
