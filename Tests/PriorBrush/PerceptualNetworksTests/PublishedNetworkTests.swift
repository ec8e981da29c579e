import Foundation
import NeuralNetwork
import PNGImage
import PerceptualNetworks
import Testing

@Suite struct `Learned perceptual distance` {
  @Test func `agrees with lpips for any weights`() throws {
    let session = Session()
    for fixture in try NetworkFixtures.load().perceptual {
      let source = SeededTensors(shapes: fixture.shapes)
      let kind = try #require(LearnedPerceptualDistance.Backbone(rawValue: fixture.net))
      let distance = try LearnedPerceptualDistance(kind, backbone: source, heads: source)
      let shape = Shape(3, fixture.height, fixture.width, 3)
      let found = try distance(
        NetworkFixtures.batch(width: fixture.width, height: fixture.height, seeds: [1, 2, 4]),
        NetworkFixtures.batch(width: fixture.width, height: fixture.height, seeds: [3, 2, 5]), shape: shape,
        session: session)
      expectNear(found.map(Float.init), fixture.distances, 2e-5)
      #expect(found[1] == 0)
    }
  }

  @Test func `is not evaluated without weights and says which are needed`() throws {
    let error = #expect(throws: PerceptualNetworkError.self) {
      try LearnedPerceptualDistance(.alexNet, backbone: nil, heads: nil)
    }
    #expect(error?.code == .notEvaluated)
    #expect(error?.message.hasPrefix("not evaluated: LPIPS (alex) needs its published weights; supply") == true)
    let missing = #expect(throws: PerceptualNetworkError.self) {
      try LearnedPerceptualDistance(.vgg16, backbone: "/nowhere/vgg16.pth", heads: "/nowhere/vgg.pth")
    }
    #expect(missing?.code == .fileAccess)
  }

  @Test func `refuses wrong tensors and images that are too small`() throws {
    let fixture = try #require(try NetworkFixtures.load().perceptual.first)
    var shapes = fixture.shapes
    shapes["features.3.bias"] = [191]
    let mismatch = #expect(throws: PerceptualNetworkError.self) {
      try LearnedPerceptualDistance(
        .alexNet, backbone: SeededTensors(shapes: shapes), heads: SeededTensors(shapes: shapes))
    }
    #expect(mismatch?.code == .shapeMismatch && mismatch?.message.contains("features.3.bias") == true)
    shapes["features.3.bias"] = nil
    let missing = #expect(throws: PerceptualNetworkError.self) {
      try LearnedPerceptualDistance(
        .alexNet, backbone: SeededTensors(shapes: shapes), heads: SeededTensors(shapes: shapes))
    }
    #expect(missing?.code == .missingTensor)
    let source = SeededTensors(shapes: fixture.shapes)
    let distance = try LearnedPerceptualDistance(.alexNet, backbone: source, heads: source)
    let small = #expect(throws: PerceptualNetworkError.self) {
      try distance(
        [Float](repeating: 0, count: 16 * 16 * 3), [Float](repeating: 0, count: 16 * 16 * 3),
        shape: Shape(1, 16, 16, 3), session: Session())
    }
    #expect(small?.code == .badInput && small?.message.contains("at least 31") == true)
    for side in [31, 32] {
      let zeros = [Float](repeating: 0, count: side * side * 3)
      #expect(try distance(zeros, zeros, shape: Shape(1, side, side, 3), session: Session()) == [0])
    }
  }
}

@Suite struct `Inception features` {
  @Test func `agree with pytorch-fid for any weights`() throws {
    let fixture = try NetworkFixtures.load().inception
    let network = try InceptionFeatures(SeededTensors(shapes: fixture.shapes))
    let shape = Shape(2, fixture.height, fixture.width, 3)
    let images = NetworkFixtures.batch(width: fixture.width, height: fixture.height, seeds: [6, 7])
    let features = try network(images, shape: shape, session: Session())
    expectNear(stride(from: 0, to: 2048, by: 32).map { features[$0] }, fixture.features, 1e-4)
    for sample in 0..<2 {
      let row = features[sample * 2048..<(sample + 1) * 2048].map(Double.init)
      #expect(abs(row.reduce(0, +) / fixture.sums[sample] - 1) < 1e-4)
      #expect(abs(row.reduce(0) { $0 + $1 * $1 } / fixture.squares[sample] - 1) < 1e-4)
    }
  }

  @Test func `are not evaluated without weights`() throws {
    let error = #expect(throws: PerceptualNetworkError.self) { try InceptionFeatures(contentsOf: nil) }
    #expect(error?.code == .notEvaluated && error?.message.contains("pt_inception-2015-12-05") == true)
  }
}

@Suite struct `Contrastive model` {
  @Test func `agrees with open_clip for images and texts of any weights`() throws {
    let fixture = try NetworkFixtures.load().contrastive
    let original = SeededTensors(shapes: fixture.shapes)
    let images = fixture.sizes.enumerated().map {
      NetworkFixtures.image(width: $1[0], height: $1[1], seed: 8 + $0)
    }
    for source in [original, TransformersView(original: original)] as [any TensorSource] {
      let model = try ContrastiveModel(source)
      #expect(model.resolution == 48 && model.width == 48 && model.context == 20 && model.vocabulary == 700)
      let session = Session()
      expectNear(model.embed(images: images, session: session), fixture.images.flatMap { $0 }, 2e-5)
      expectNear(try model.embed(texts: fixture.texts, session: session), fixture.textEmbeddings.flatMap { $0 }, 2e-5)
    }
  }

  @Test func `refuses texts of another tokenizer and is not evaluated without weights`() throws {
    let fixture = try NetworkFixtures.load().contrastive
    let model = try ContrastiveModel(SeededTensors(shapes: fixture.shapes))
    for text in [[], [650, 700], [Int32](repeating: 1, count: 21)] as [[Int32]] {
      let error = #expect(throws: PerceptualNetworkError.self) { try model.embed(texts: [text], session: Session()) }
      #expect(error?.code == .badInput)
    }
    let missing = #expect(throws: PerceptualNetworkError.self) { try ContrastiveModel(contentsOf: nil) }
    #expect(missing?.code == .notEvaluated)
    let none = #expect(throws: PerceptualNetworkError.self) { try BytePairTokenizer(contentsOf: nil) }
    #expect(none?.code == .notEvaluated)
  }
}

/// The same weights under the names, and in the layout, of the library transformers.
private struct TransformersView: TensorSource {
  let original: SeededTensors
  var label: String { "renamed weights" }

  private static let names = [
    "vision_model.embeddings.class_embedding": "visual.class_embedding",
    "vision_model.embeddings.position_embedding.weight": "visual.positional_embedding",
    "vision_model.embeddings.patch_embedding.weight": "visual.conv1.weight",
    "text_model.embeddings.token_embedding.weight": "token_embedding.weight",
    "text_model.embeddings.position_embedding.weight": "positional_embedding",
    "visual_projection.weight": "visual.proj", "text_projection.weight": "text_projection",
  ]

  private static let parts = [
    ("vision_model.pre_layrnorm", "visual.ln_pre"), ("vision_model.post_layernorm", "visual.ln_post"),
    ("text_model.final_layer_norm", "ln_final"), ("vision_model.encoder.layers", "visual.transformer.resblocks"),
    ("text_model.encoder.layers", "transformer.resblocks"), ("layer_norm1", "ln_1"), ("layer_norm2", "ln_2"),
    ("self_attn.out_proj", "attn.out_proj"), ("mlp.fc1", "mlp.c_fc"), ("mlp.fc2", "mlp.c_proj"),
  ]

  /// Returns OpenAI's name, and which third of the tensor is meant if it is a part.
  private func translate(_ name: String) -> (name: String, third: Int?) {
    if let known = Self.names[name] { return (known, nil) }
    var result = name
    for (new, old) in Self.parts {
      if let range = result.range(of: new) { result.replaceSubrange(range, with: old) }
    }
    for (third, letter) in ["q", "k", "v"].enumerated() {
      if let range = result.range(of: "self_attn.\(letter)_proj.") {
        result.replaceSubrange(range, with: "attn.in_proj_")
        return (result, third)
      }
    }
    return (result, nil)
  }

  func shape(of name: String) -> [Int]? {
    let (known, third) = translate(name)
    guard known != name, var shape = original.shape(of: known) else { return nil }
    if third != nil { shape[0] /= 3 }
    return name.hasSuffix("projection.weight") ? shape.reversed() : shape
  }

  func values(of name: String, shape: [Int]) throws -> [Float] {
    let (known, third) = translate(name)
    let whole = try original.values(of: known, shape: original.shapes[known] ?? [])
    if let third { return Array(whole[whole.count / 3 * third..<whole.count / 3 * (third + 1)]) }
    guard name.hasSuffix("projection.weight") else { return whole }
    return (0..<shape[0]).flatMap { row in (0..<shape[1]).map { whole[$0 * shape[0] + row] } }
  }
}
