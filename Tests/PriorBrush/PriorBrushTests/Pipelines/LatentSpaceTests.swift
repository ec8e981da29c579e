import Foundation
import NeuralNetwork
import PriorBrush
import Testing

@Suite struct `Latent space` {
  private static let imageSide = 2 * Micro.side
  private let models: MicroModels
  private let path: String
  private let session = Session()
  private let weights = Micro.weights(Autoencoder().layout, seed: 21)
  private let source = ShapesDataset(resolution: imageSide)

  init() throws {
    models = try MicroModels()
    path = models.path("autoencoder")
    try write(to: path, seed: 1)
  }

  @Test func `of pixels is the identity`() throws {
    let images = Micro.images(2)
    let space = LatentSpace.pixels
    #expect(space.encode(images, side: Micro.side, session: session) == images)
    #expect(space.decode(images, side: Micro.side, session: session) == images)
    #expect(try space.imageSide(of: 32) == 32)
    #expect(space.isPixels && space.identity == nil)

    try LatentSpace.writePixels(path)
    #expect(try LatentSpace(contentsOf: path).isPixels)
  }

  @Test func `has half the side and mean 0`() throws {
    let space = try LatentSpace(contentsOf: path)
    #expect(try space.imageSide(of: Micro.side) == Self.imageSide)
    let count = 256
    var images = [Float](repeating: 0, count: count * Self.imageSide * Self.imageSide * 3)
    var stream = RandomStream(seed: 9, stream: 0)
    _ = images.withUnsafeMutableBufferPointer { source.draw(count, into: $0, using: &stream) }
    let latents = space.encode(images, side: Self.imageSide, session: session)
    #expect(latents.count == count * Micro.size)
    let mean = latents.reduce(0, +) / Float(latents.count)
    #expect(abs(mean) < 0.05 && Set(latents).count > 100, "\(mean)")
  }

  @Test func `looks along orthogonal directions, and half as far as the pixels are`() throws {
    let space = try LatentSpace(contentsOf: path)
    let side = Self.imageSide
    let (size, block, channels) = (side * side * 3, 48, 12)
    // Black images, and one for each value of the first block of pixels with only that value raised.
    var images = [Float](repeating: 0, count: (block + 1) * size)
    for value in 0..<block {
      let (y, x, colour) = (value / 12, value / 3 % 4, value % 3)
      images[(value + 1) * size + (y * side + x) * 3 + colour] = 1
    }
    let latents = space.encode(images, side: side, session: session)
    // The channels of a latent are unfolded to 2 × 2 pixels.
    func latent(_ image: Int, _ channel: Int) -> Float {
      let (y, x, colour) = (channel / 6, channel / 3 % 2, channel % 3)
      return latents[image * Micro.size + (y * Micro.side + x) * 3 + colour]
    }
    let directions = (0..<channels).map { channel in (1...block).map { latent($0, channel) - latent(0, channel) } }
    for first in 0..<channels {
      for second in 0..<channels {
        let product = zip(directions[first], directions[second]).reduce(0) { $0 + $1.0 * $1.1 }
        #expect(abs(product - (first == second ? 0.25 : 0)) < 2e-3, "\(first), \(second): \(product)")
      }
    }
  }

  @Test func `takes out of a prediction what no image can have`() throws {
    let white = [Float](repeating: 1, count: Self.imageSide * Self.imageSide * 3)
    let pixels = LatentSpace.pixels.project(white.map { 1.5 * $0 }, side: Self.imageSide, session: session)
    #expect(pixels == white)
    // Before training an autoencoder keeps white as well as a linear map can.
    try LatentSpace.write(
      path, weights: Weights(Autoencoder().layout, seed: 5), source: source, count: 64, seed: 1, session: session)
    let space = try LatentSpace(contentsOf: path)
    let latents = space.encode(white, side: Self.imageSide, session: session).map { 20 * $0 }
    let projected = space.project(latents, side: Micro.side, session: session)
    let bounded = space.encode(
      space.decode(latents, side: Micro.side, session: session), side: Self.imageSide, session: session)
    #expect(projected == bounded)
    #expect(projected.map(abs).max() ?? 0 < 0.5 * (latents.map(abs).max() ?? 0))
  }

  @Test func `decodes what the autoencoder itself restores`() throws {
    let space = try LatentSpace(contentsOf: path)
    let side = Self.imageSide
    // More images than are converted at once.
    let images = (0..<40 * side * side * 3).map { Float($0 % 37) / 18.5 - 1 }
    let latents = space.encode(images, side: side, session: session)
    let restored = space.decode(latents, side: Micro.side, session: session)
    session.reset(recording: false)
    let autoencoder = Autoencoder()
    let pass = Pass(session: session, weights: weights)
    let latent = autoencoder.encode(session.constant(Shape(40, side, side, 3), copying: images), pass)
    // The file's weights have half precision.
    let expected = autoencoder.decode(latent, pass).buffer.map { min(max($0, -1), 1) }
    #expect(restored.count == images.count && distance(restored, expected) < 0.02)
  }

  @Test func `is refused if the file is broken, of other shapes or without its numbers`() throws {
    let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    try bytes.prefix(bytes.count / 2).write(to: URL(fileURLWithPath: path))
    #expect(throws: NeuralNetworkError.self) { try LatentSpace(contentsOf: path) }

    var layout = ParameterLayout()
    _ = layout.add("analysis.weight", [12, 12], .zeros)
    try ModelFile.write(
      path, kind: .autoencoder, configuration: nil, weights: [("autoencoder.", Weights(zeros: layout))])
    let shape = #expect(throws: NeuralNetworkError.self) { try LatentSpace(contentsOf: path) }
    #expect(shape?.code == .shapeMismatch && shape?.message.contains("analysis.weight") == true)

    var statistics = ParameterLayout()
    _ = statistics.add("mean", [12], .zeros)
    _ = statistics.add("axes", [12, 12], .zeros)
    try ModelFile.write(
      path, kind: .autoencoder, configuration: nil,
      weights: [("autoencoder.", weights), ("latent.", Weights(zeros: statistics))], numbers: ["imageSide": 32])
    let numbers = #expect(throws: PriorBrushError.self) { try LatentSpace(contentsOf: path) }
    #expect(numbers?.code == .invalidModel && numbers?.message.contains("frame") == true)

    let teacher = #expect(throws: PriorBrushError.self) { try LatentSpace(contentsOf: models.files.teacher) }
    #expect(teacher?.message.contains("a teacher, not a autoencoder") == true)
  }

  @Test func `belongs to the teachers that were trained in it`() throws {
    let space = try LatentSpace(contentsOf: path)
    let vocabulary = models.files.vocabulary
    try writeTeacher("latent", autoencoder: space.identity)
    let set = try ModelSet(.init(vocabulary: vocabulary, teacher: models.path("latent"), autoencoder: path))
    #expect(set.imageSide == Self.imageSide)
    let images = try GenerationSystem(named: "teacher:2").images(
      set, captions: Micro.captions(), seeds: [1, 2, 3, 4], session: session)
    #expect(images.count == 4 * Self.imageSide * Self.imageSide * 3)
    #expect(images.allSatisfy { abs($0) <= 1 } && Set(images).count > 100)

    func refusal(_ teacher: String, _ autoencoder: String?) -> String? {
      let error = #expect(throws: PriorBrushError.self) {
        try ModelSet(.init(vocabulary: vocabulary, teacher: teacher, autoencoder: autoencoder))
      }
      #expect(error?.code == .invalidModel)
      return error?.message
    }
    #expect(refusal(models.path("latent"), nil)?.contains("name its file as input 'autoencoder'") == true)
    #expect(refusal(models.files.teacher, path)?.contains("was trained on pixels") == true)
    let other = models.path("other")
    try write(to: other, seed: 2)
    #expect(refusal(models.path("latent"), other)?.contains("another autoencoder") == true)
    let large = try LatentSpace(contentsOf: other)
    #expect(throws: PriorBrushError.self) { try large.imageSide(of: 64) }
  }

  @Test(arguments: ["student", "priorbrush:2", "placebo:2"])
  func `is no space for students`(system: String) throws {
    try writeTeacher("latent", autoencoder: LatentSpace(contentsOf: path).identity)
    var files = models.files
    (files.teacher, files.autoencoder) = (models.path("latent"), path)
    let set = try ModelSet(files)
    let error = #expect(throws: PriorBrushError.self) {
      try GenerationSystem(named: system)
        .images(set, captions: Micro.captions(), seeds: [1, 2, 3, 4], session: session)
    }
    #expect(error?.code == .invalidModel && error?.message.contains("was trained on latents") == true)
  }

  private func write(to path: String, seed: UInt64) throws {
    try LatentSpace.write(path, weights: weights, source: source, count: 512, seed: seed, session: session)
  }

  private func writeTeacher(_ name: String, autoencoder: String?) throws {
    try ModelFile.write(
      models.path(name), kind: .teacher, configuration: Micro.configuration,
      weights: [("text.", Micro.text.weights), ("network.", Micro.teacher)],
      texts: autoencoder.map { ["autoencoder": $0] } ?? [:])
  }
}
