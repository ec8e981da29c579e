import AttemptModel
import PNGImage
import PriorBrush
import WorkerProtocol

/// Builds a captioned image set: the emoji set from the system's packages, procedural shapes, or one that the user brings.
struct BuildDatasetTask: WorkerTask {
  static let name = "build-dataset"
  static let version = "1"

  enum Kind: String, CaseIterable {
    case emoji, shapes
    /// A folder with a `captions.jsonl`.
    case folder
    /// A folder of PNG files, captions or not.
    case images
    /// A folder a class.
    case classes
    /// A captions file of COCO as input `captions`, its images as input `source`.
    case coco
    /// The binary version of CIFAR-10.
    case cifar10
  }

  private let kind: Kind
  private let count: Int
  private let seed: Int
  private let resolution: Int
  private let oneIn: Int

  init(_ parameters: inout ParameterReader) throws {
    kind = try parameters.choice("kind")
    count = try parameters.integer("count", default: 512, in: 1...100_000)
    seed = try parameters.integer("seed", default: 0, in: 0...Int.max)
    resolution = try parameters.integer("resolution", default: 64, in: 8...1024)
    oneIn = try parameters.integer("oneIn", default: 1, in: 1...100_000)
  }

  func run(_ environment: TaskEnvironment) throws -> TaskMeasurements {
    var dataset = try dataset(environment)
    dataset.thin(toOneIn: oneIn)
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

  private func dataset(_ environment: TaskEnvironment) throws -> CaptionedDataset {
    switch kind {
    case .emoji: return try EmojiDatasetBuilder().build()
    case .shapes: return ShapesDataset(resolution: 64, seed: UInt64(seed)).captioned(count: count)
    case .folder: return try CaptionedDataset(contentsOf: environment.input("source"), resolution: resolution)
    case .images:
      return try CaptionedDataset(ImageFolder(contentsOf: environment.input("source"), side: resolution))
    case .classes:
      var dataset = try ClassFolders.dataset(contentsOf: environment.input("source"), resolution: resolution)
      dataset.holdOut(fraction: 0.035)
      return dataset
    case .coco:
      var dataset = try COCOCaptions(contentsOf: environment.input("captions"))
        .dataset(images: environment.input("source"), resolution: resolution)
      dataset.holdOut(fraction: 0.035)
      return dataset
    case .cifar10: return try CIFARReader.dataset(contentsOf: environment.input("source"))
    }
  }
}
