import PNGImage
import PriorBrush
import RandomNumbers
import Testing

@Suite struct `Example sampler` {
  @Test(arguments: [16, 32, 64])
  func `draws the same examples from the same generator`(resolution: Int) throws {
    let sampler = try ExampleSampler(dataset: sampleSet(count: 10, side: 64), resolution: resolution)
    let (first, firstPixels) = draws(sampler, 20, seed: 5)
    let (second, secondPixels) = draws(sampler, 20, seed: 5)
    #expect(first == second)
    #expect(firstPixels == secondPixels)
    #expect(draws(sampler, 20, seed: 6).0 != first)
    #expect(firstPixels.allSatisfy { $0 >= -1.0001 && $0 <= 1.0001 })
  }

  @Test func `never draws what is held out`() throws {
    let set = sampleSet(count: 10, side: 64)
    let sampler = try ExampleSampler(dataset: set, resolution: 16)
    let drawn = draws(sampler, 3000, seed: 1).0
    #expect(Set(drawn.map(\.index)) == Set(set.trainingIndices))
    let pairs = sampler.heldOutPairs
    #expect(pairs.count > 0)
    #expect(abs(Double(pairs.count) / 81 - 0.12) < 0.12)
    for pair in pairs {
      let ending = " on \(pair.colour.name) background"
      #expect(!drawn.contains { $0.index == pair.index && $0.caption.hasSuffix(ending) })
    }
  }

  @Test func `mixes captions and backgrounds in the shares of the recipe`() throws {
    let set = sampleSet(count: 10, side: 64)
    let sampler = try ExampleSampler(dataset: set, resolution: 16)
    let drawn = draws(sampler, 6000, seed: 2).0
    func share(_ condition: (DrawnExample) -> Bool) -> Double { Double(drawn.count(where: condition)) / 6000 }
    #expect(abs(share { $0.caption.hasSuffix("background") } - 0.35) < 0.03)
    #expect(abs(share { $0.caption.hasPrefix(set.examples[$0.index].caption) } - 0.8) < 0.03)
    #expect(abs(share { $0.caption.contains("token") || $0.caption.contains("disc shape") } - 0.4) < 0.03)
  }

  @Test func `says captions as sentences if asked, of words that the example has`() throws {
    let set = sampleSet(count: 10, side: 64)
    var augmentation = Augmentation()
    augmentation.sentenceProbability = 1
    let sampler = try ExampleSampler(dataset: set, resolution: 16, augmentation: augmentation)
    let drawn = draws(sampler, 500, seed: 4).0
    let connectives: Set = ["a", "and", "at", "in", "of", "with", "on", "background"]
    for example in drawn {
      let own = set.examples[example.index]
      let allowed = connectives.union(
        Vocabulary.words(
          in: ([own.caption] + own.keywords + augmentation.backgrounds.map(\.name)).joined(separator: " ")))
      #expect(allowed.isSuperset(of: Vocabulary.words(in: example.caption)), "\(example.caption)")
    }
    #expect(drawn.contains { $0.caption.hasPrefix("a ") } && drawn.contains { $0.caption.contains(" with ") })
    #expect(drawn.contains { !$0.caption.contains(set.examples[$0.index].caption) })
  }

  @Test func `covers every caption that it draws with its texts`() throws {
    let sampler = try ExampleSampler(dataset: sampleSet(count: 10, side: 64), resolution: 16)
    let vocabulary = Vocabulary(covering: sampler.texts)
    #expect(draws(sampler, 500, seed: 3).0.allSatisfy { vocabulary.tokenize($0.caption).unknown.isEmpty })
  }

  @Test func `renders a reference as the scaled emoji over white`() throws {
    let set = sampleSet(count: 3, side: 64)
    let sampler = try ExampleSampler(dataset: set, resolution: 32)
    let (caption, pixels) = reference(sampler, 1, nil)
    let rendered = Image(width: 32, height: 32, channels: 3, signedFloats: pixels)
    #expect(caption == set.examples[1].caption)
    var canvas = Image(width: 64, height: 64, colour: [255, 255, 255])
    canvas.draw(set.examples[1].image.resized(width: 60, height: 60).composited(), x: 2, y: 2)
    let expected = canvas.boxHalved()
    for (a, b) in zip(rendered.pixels, expected.pixels) { #expect(abs(Int(a) - Int(b)) <= 1) }
  }

  @Test func `fills the background with the colour that the caption names`() throws {
    let sampler = try ExampleSampler(dataset: sampleSet(count: 3, side: 64), resolution: 32)
    let (caption, pixels) = reference(sampler, 0, NamedColour.backgrounds[4])
    #expect(caption == "red number 0 on blue background")
    #expect(Image(width: 32, height: 32, channels: 3, signedFloats: pixels).pixels.prefix(3) == [66, 128, 236])
  }

  @Test func `mirrors only what may be mirrored`() throws {
    var augmentation = Augmentation()
    augmentation.mirrorProbability = 1
    augmentation.maximumShift = 0
    augmentation.whiteProbability = 1
    let set = sampleSet(count: 3, side: 64)
    let sampler = try ExampleSampler(dataset: set, resolution: 64, augmentation: augmentation)
    let (drawn, pixels) = draws(sampler, 30, seed: 4)
    for (position, example) in drawn.enumerated() {
      let part = Array(pixels[(position * 64 * 64 * 3)..<((position + 1) * 64 * 64 * 3)])
      let image = Image(width: 64, height: 64, channels: 3, signedFloats: part)
      let plain = Image(width: 64, height: 64, channels: 3, signedFloats: reference(sampler, example.index, nil).1)
      #expect(image == (set.examples[example.index].isMirrorable ? plain.mirrored() : plain))
    }
  }

  @Test func `leaves opaque pictures without a background in the caption`() throws {
    let pictures = (0..<3).map { index in
      CaptionedDataset.Example(
        id: "p\(index)", caption: "photo \(index)",
        image: Image(width: 8, height: 8, colour: [UInt8(index * 50), 0, 255]))
    }
    let sampler = try ExampleSampler(
      dataset: CaptionedDataset(name: "photos", resolution: 8, examples: pictures), resolution: 32)
    let (drawn, pixels) = draws(sampler, 50, seed: 1)
    #expect(drawn.allSatisfy { $0.caption == "photo \($0.index)" })
    for (position, example) in drawn.enumerated() {
      let values = pixels[(position * 3072)..<((position + 1) * 3072)]
      #expect(
        Image(width: 32, height: 32, channels: 3, signedFloats: Array(values)).pixels.first == UInt8(example.index * 50)
      )
      #expect(Set(values).count <= 3)
    }
    #expect(sampler.heldOutPairs.isEmpty)
  }

  @Test func `refuses a set without training examples`() {
    var set = sampleSet(count: 2)
    for index in set.examples.indices { set.examples[index].isHeldOut = true }
    let error = #expect(throws: DatasetError.self) { try ExampleSampler(dataset: set, resolution: 32) }
    #expect(error?.code == .empty)
  }
}

@Suite struct `Shapes data set` {
  @Test func `makes the same scene for an index at every resolution`() {
    for index in 0..<50 {
      let scenes = [16, 32, 64].map { ShapesDataset(resolution: $0, seed: 9).scene(at: index) }
      #expect(scenes[0] == scenes[1] && scenes[1] == scenes[2])
    }
    let other = ShapesDataset(resolution: 16, seed: 10)
    #expect((0..<20).contains { other.scene(at: $0) != ShapesDataset(resolution: 16, seed: 9).scene(at: $0) })
  }

  @Test func `looks alike at different resolutions`() {
    for index in 0..<40 {
      let large = ShapesDataset(resolution: 64)
      let small = ShapesDataset(resolution: 32)
      let halved = large.image(of: large.scene(at: index)).boxHalved()
      let drawn = small.image(of: small.scene(at: index))
      let difference = zip(halved.pixels, drawn.pixels).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
      #expect(Double(difference) / Double(drawn.pixels.count) < 2)
    }
  }

  @Test func `keeps objects apart and inside the picture`() {
    let set = ShapesDataset(resolution: 16)
    for index in 0..<500 {
      let scene = set.scene(at: index)
      #expect((1...3).contains(scene.objects.count))
      for (position, object) in scene.objects.enumerated() {
        #expect(object.x - object.radius >= -0.01 && object.x + object.radius <= 1.01)
        #expect(object.y - object.radius >= -0.01 && object.y + object.radius <= 1.01)
        for other in scene.objects[..<position] {
          let apart = max(abs(object.x - other.x), abs(object.y - other.y))
          #expect(apart > max(object.radius, other.radius))
        }
      }
    }
  }

  @Test func `paints the centre of an object in its colour`() {
    let set = ShapesDataset(resolution: 64)
    for index in 0..<200 {
      let scene = set.scene(at: index)
      let image = set.image(of: scene)
      for object in scene.objects {
        let (x, y) = (Int(object.x * 64), Int(object.y * 64))
        #expect(
          [image[x, y, 0], image[x, y, 1], image[x, y, 2]] == [
            object.colour.red, object.colour.green, object.colour.blue,
          ])
      }
    }
  }

  @Test func `says where objects lie, in words that fit a prompt and are in the vocabulary`() {
    let set = ShapesDataset(resolution: 16)
    let vocabulary = Vocabulary(covering: set.texts)
    for index in 0..<500 {
      let scene = set.scene(at: index)
      let prompt = vocabulary.tokenize(scene.caption)
      #expect(prompt.unknown.isEmpty && prompt.dropped.isEmpty, "\(scene.caption)")
      if scene.caption.contains("above") { #expect(scene.objects[0].y < scene.objects[1].y) }
      if scene.caption.contains("left of") { #expect(scene.objects[0].x < scene.objects[1].x) }
      if scene.background != .white { #expect(scene.caption.hasSuffix("on \(scene.background.name) background")) }
    }
  }

  @Test func `never draws held-out pairs of form and colour in training`() {
    let set = ShapesDataset(resolution: 16, seed: 3)
    let drawn = draws(set, 2000, seed: 8).0
    #expect(drawn.allSatisfy { !set.scene(at: $0.index).isHeldOut })
    #expect(drawn.allSatisfy { set.scene(at: $0.index).caption == $0.caption })
    let share = Double((0..<2000).count { set.scene(at: $0).isHeldOut }) / 2000
    #expect(share > 0.05 && share < 0.5)
  }
}

func draws(_ source: some ExampleSource, _ count: Int, seed: UInt64) -> ([DrawnExample], [Float]) {
  var generator = SplitMix64(seed: seed)
  var drawn: [DrawnExample] = []
  let total = count * source.resolution * source.resolution * 3
  let pixels = [Float](unsafeUninitializedCapacity: total) { buffer, initialized in
    buffer.initialize(repeating: 7)
    drawn = source.draw(count, into: buffer, using: &generator)
    initialized = total
  }
  return (drawn, pixels)
}

func reference(_ sampler: ExampleSampler, _ index: Int, _ colour: NamedColour?) -> (String, [Float]) {
  var caption = ""
  let total = sampler.resolution * sampler.resolution * 3
  let pixels = [Float](unsafeUninitializedCapacity: total) { buffer, initialized in
    buffer.initialize(repeating: 7)
    caption = sampler.renderReference(index, on: colour, into: buffer)
    initialized = total
  }
  return (caption, pixels)
}
