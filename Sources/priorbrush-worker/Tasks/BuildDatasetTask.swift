import PNGImage
import PriorBrush
import WorkerProtocol

/// Builds a captioned image set: the emoji set from the system's packages, or procedural shapes.
struct BuildDatasetTask: WorkerTask {
  static let name = "build-dataset"
  static let version = "1"

  enum Kind: String, CaseIterable {
    case emoji, shapes
  }

  private let kind: Kind
  private let count: Int
  private let seed: Int

  init(_ parameters: inout ParameterReader) throws {
    kind = try parameters.choice("kind")
    count = try parameters.integer("count", default: 512, in: 1...100_000)
    seed = try parameters.integer("seed", default: 0, in: 0...Int.max)
  }

  func run(_ environment: TaskEnvironment) throws -> TaskMeasurements {
    let dataset: CaptionedDataset
    switch kind {
    case .emoji: dataset = try EmojiDatasetBuilder().build()
    case .shapes: dataset = ShapesDataset(resolution: 64, seed: UInt64(seed)).captioned(count: count)
    }
    let folder = environment.output("dataset")
    try dataset.write(to: folder)
    let sampler = try ExampleSampler(dataset: dataset, resolution: 32)
    let vocabulary = Vocabulary(covering: sampler.texts)
    try vocabulary.write(to: environment.output("vocabulary.json"))
    return TaskMeasurements(
      metrics: [
        .init(name: "examples", value: Double(dataset.examples.count)),
        .init(name: "examples.heldOut", value: Double(dataset.heldOutIndices.count)),
        .init(name: "vocabulary", value: Double(vocabulary.count)),
      ],
      artifacts: [
        .init(name: "dataset", path: "dataset", mediaType: "inode/directory"),
        .init(name: "vocabulary", path: "vocabulary.json", mediaType: "application/json"),
      ])
  }
}
