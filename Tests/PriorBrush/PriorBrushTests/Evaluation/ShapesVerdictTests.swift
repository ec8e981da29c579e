import PNGImage
import PriorBrush
import Testing

@Suite struct `Shapes verdict` {
  private func verdict(_ scene: ShapesScene, caption: String? = nil, side: Int = 32) throws -> ShapesVerdict {
    let image = ShapesDataset(resolution: side).image(of: scene)
    return ShapesVerdict(of: ShapesReading(image), against: try #require(ShapesCaption(caption ?? scene.caption)))
  }

  /// The first scene with some number of objects.
  private func scene(objects: Int, where fits: (ShapesScene) -> Bool = { _ in true }) throws -> ShapesScene {
    let set = ShapesDataset(resolution: 32, seed: 3)
    return try #require((0..<1000).map { set.scene(at: $0) }.first { $0.objects.count == objects && fits($0) })
  }

  @Test(arguments: [32, 64])
  func `finds every attribute of every rendered scene`(side: Int) throws {
    let set = ShapesDataset(resolution: side, seed: 5)
    for index in 0..<(side == 32 ? 400 : 120) {
      let scene = set.scene(at: index)
      let reading = ShapesReading(set.image(of: scene))
      let caption = try #require(ShapesCaption(scene.caption), "\(scene.caption)")
      let verdict = ShapesVerdict(of: reading, against: caption)
      #expect(verdict.isRight, "scene \(index): \(scene.caption): \(reading)")
    }
  }

  @Test func `reads most scenes of 16 pixels`() throws {
    let set = ShapesDataset(resolution: 16, seed: 5)
    let right = try (0..<300).count { index in
      try verdict(set.scene(at: index), side: 16).isRight
    }
    #expect(right >= 200, "\(right) of 300")
  }

  @Test func `sees a changed colour and nothing else`() throws {
    var scene = try scene(objects: 2) { $0.objects[0].colour.name == "red" && $0.objects[1].colour.name == "blue" }
    let caption = scene.caption
    scene.objects[0].colour = ShapesScene.colours[3]
    let verdict = try verdict(scene, caption: caption)
    #expect(verdict.colours == 0.5 && verdict.bindings == 0.5 && verdict.forms == 1)
    #expect(verdict.isRightlyPlaced && verdict.hasRightCount && !verdict.isRight)
  }

  @Test func `sees exchanged places`() throws {
    var scene = try scene(objects: 2) {
      $0.objects[0].form != $0.objects[1].form && $0.objects[0].colour != $0.objects[1].colour
    }
    let (first, second) = (scene.objects[0], scene.objects[1])
    (scene.objects[0].x, scene.objects[0].y) = (second.x, second.y)
    (scene.objects[1].x, scene.objects[1].y) = (first.x, first.y)
    let verdict = try verdict(scene)
    #expect(verdict.bindings == 1 && verdict.sizes == 1 && !verdict.isRightlyPlaced && !verdict.isRight)
  }

  @Test func `sees exchanged colours as a wrong binding of the right words`() throws {
    var scene = try scene(objects: 2) {
      $0.objects[0].form != $0.objects[1].form && $0.objects[0].colour != $0.objects[1].colour
    }
    (scene.objects[0].colour, scene.objects[1].colour) = (scene.objects[1].colour, scene.objects[0].colour)
    let verdict = try verdict(scene)
    #expect(verdict.bindings < 1 && !verdict.isRight && verdict.hasRightCount)
  }

  @Test func `sees a changed form, a changed size, a missing object and another background`() throws {
    let original = try scene(objects: 2) {
      $0.objects[0].form == .circle && $0.objects[0].size == .large && $0.background == .white
    }
    var changed = original
    changed.objects[0].form = .cross
    #expect(try verdict(changed, caption: original.caption).forms == 0.5)
    changed = original
    changed.objects[0].radius /= 2
    let shrunk = try verdict(changed, caption: original.caption)
    #expect(shrunk.sizes == 0.5 && shrunk.bindings == 1)
    changed = original
    changed.objects.removeLast()
    let lonely = try verdict(changed, caption: original.caption)
    #expect(!lonely.hasRightCount && lonely.bindings == 0.5 && !lonely.isRightlyPlaced)
    changed = original
    changed.background = ShapesScene.backgrounds[1]
    let coloured = try verdict(changed, caption: original.caption)
    #expect(!coloured.hasRightBackground && coloured.bindings == 1)
  }

  @Test func `sees nothing in an empty image`() throws {
    let image = Image(width: 32, height: 32, colour: [255, 255, 255])
    let verdict = ShapesVerdict(
      of: ShapesReading(image), against: try #require(ShapesCaption("large red circle at the top")))
    #expect(!verdict.hasRightCount && verdict.colours == 0 && verdict.hasRightBackground && !verdict.isRightlyPlaced)
  }

  @Test func `survives mild noise`() throws {
    let set = ShapesDataset(resolution: 32, seed: 9)
    let right = try (0..<60).count { index in
      let scene = set.scene(at: index)
      let image = set.image(of: scene)
      let noisy = Distortion.noise.applied(to: image.signedFloats(), side: 32, level: 0.03, seed: UInt64(index))
      let reading = ShapesReading(Image(width: 32, height: 32, channels: 3, signedFloats: noisy))
      return ShapesVerdict(of: reading, against: try #require(ShapesCaption(scene.caption))).isRight
    }
    #expect(right >= 54, "\(right) of 60")
  }
}

@Suite struct `Shapes caption` {
  @Test func `names objects, arrangement and background`() throws {
    let one = try #require(ShapesCaption("small red circle at the top left on gray background"))
    #expect(one.objects == [.init(form: .circle, colour: "red", size: .small)])
    #expect(one.arrangement == .cell(row: 0, column: 0) && one.background == "gray")
    let two = try #require(ShapesCaption("large blue star above medium pink cross"))
    #expect(two.objects.map(\.colour) == ["blue", "pink"] && two.arrangement == .topToBottom)
    #expect(two.background == "white")
    let three = try #require(ShapesCaption("red circle left of blue star left of black square"))
    #expect(three.objects.map(\.size) == [nil, nil, nil] && three.arrangement == .leftToRight)
  }

  @Test(arguments: [
    "", "red", "large red circle", "large red circle at the moon", "large mauve circle at the top",
    "red circle left of", "red circle left of blue star on mauve background", "on gray background",
  ])
  func `is not read from any other text`(text: String) {
    #expect(ShapesCaption(text) == nil)
  }
}
