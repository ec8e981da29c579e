import Foundation
import NeuralNetwork
import PerceptualNetworks
import Testing

@Suite struct `Published weight folder` {
  private let folder: String

  init() throws {
    folder = NSTemporaryDirectory() + "weights-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  private func write(_ shapes: [String: [Int]], to name: String) throws {
    let source = SeededTensors(shapes: shapes)
    let tensors = try shapes.sorted { $0.key < $1.key }.map {
      NamedTensor($0.key, shape: $0.value, values: try source.values(of: $0.key, shape: $0.value))
    }
    try Data(SafeTensors.encode(tensors, metadata: [:], half: false)).write(
      to: URL(fileURLWithPath: "\(folder)/\(name)"))
  }

  private func touch(_ name: String) throws {
    try Data().write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
  }

  @Test func `evaluates nothing where nothing lies, and passes other files over`() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try touch("README.md")
    let weights = try PublishedWeightFolder(contentsOf: folder)
    #expect(weights.isEmpty)
    #expect(try weights.perceptualDistance(.alexNet) == nil && weights.perceptualDistance(.vgg16) == nil)
    #expect(try weights.inceptionFeatures() == nil && weights.contrastiveModel() == nil)
  }

  @Test func `reads the networks whose files are there`() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let fixtures = try NetworkFixtures.load()
    let shapes = try #require(fixtures.perceptual.first).shapes
    try write(shapes.filter { $0.key.hasPrefix("features") }, to: "alexnet-owt-7be5be79.pth")
    try write(shapes.filter { $0.key.hasPrefix("lin") }, to: "alex.pth")
    try write(fixtures.contrastive.shapes, to: "clip-tiny.safetensors")
    try FileManager.default.copyItem(
      atPath: NetworkFixtures.path("merges.txt.gz"), toPath: "\(folder)/bpe_simple_vocab_16e6.txt.gz")
    let weights = try PublishedWeightFolder(contentsOf: folder)
    #expect(!weights.isEmpty)
    let distance = try #require(try weights.perceptualDistance(.alexNet))
    let source = SeededTensors(shapes: shapes)
    let direct = try LearnedPerceptualDistance(.alexNet, backbone: source, heads: source)
    let (first, second) = (
      NetworkFixtures.batch(width: 16, height: 16, seeds: [1]), NetworkFixtures.batch(width: 16, height: 16, seeds: [3])
    )
    func value(_ distance: LearnedPerceptualDistance) throws -> Double {
      try distance(first, second, shape: Shape(1, 16, 16, 3), enlargedTo: 64, session: Session())[0]
    }
    #expect(try value(distance) == value(direct) && value(distance) > 0)
    let model = try #require(try weights.contrastiveModel())
    #expect(model.model.resolution == 48 && model.tokenizer.count <= model.model.vocabulary)
  }

  @Test func `asks for the other file where one of two is there`() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try touch("vgg.pth")
    try touch("clip-vit-base-patch32.safetensors")
    let weights = try PublishedWeightFolder(contentsOf: folder)
    let heads = #expect(throws: PerceptualNetworkError.self) { _ = try weights.perceptualDistance(.vgg16) }
    #expect(heads?.code == .notEvaluated && heads?.message.contains("vgg16-397923af.pth") == true)
    let merges = #expect(throws: PerceptualNetworkError.self) { _ = try weights.contrastiveModel() }
    #expect(merges?.code == .notEvaluated && merges?.message.contains("bpe_simple_vocab_16e6") == true)
  }

  @Test func `names a file that it does not know, two for one part, and a folder that is not there`() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try touch("inception.pth")
    let unknown = #expect(throws: PerceptualNetworkError.self) { try PublishedWeightFolder(contentsOf: folder) }
    #expect(unknown?.code == .badInput && unknown?.message.contains("inception.pth has no name that is known") == true)
    try FileManager.default.removeItem(atPath: "\(folder)/inception.pth")
    try touch("clip-a.safetensors")
    try touch("clip-b.safetensors")
    let double = #expect(throws: PerceptualNetworkError.self) { try PublishedWeightFolder(contentsOf: folder) }
    #expect(double?.message.contains("clip-a.safetensors and clip-b.safetensors") == true)
    let missing = #expect(throws: PerceptualNetworkError.self) { try PublishedWeightFolder(contentsOf: "/nowhere") }
    #expect(missing?.code == .fileAccess)
  }
}
