import AttemptModel
import ImageMetrics
import NeuralNetwork
import PNGImage
import PriorBrush
import Statistics
import WorkerProtocol

/// Asks of a system how much the images of one prompt differ, and whether they are copies of training images.
struct AuditTask: WorkerTask {
  static let name = "audit"
  static let version = "1"

  private let system: String
  private let count: Int
  private let perPrompt: Int
  private let seed: Int
  private let refinement: RefinementSettings

  init(_ parameters: inout ParameterReader) throws {
    system = try parameters.string("system")
    count = try parameters.integer("prompts", default: 64, in: 2...10_000)
    perPrompt = try parameters.integer("perPrompt", default: 8, in: 2...1000)
    seed = try parameters.integer("seed", in: 0...Int.max >> 33)
    refinement = try RefinementSettings(&parameters)
  }

  func run(_ environment: TaskEnvironment) throws -> TaskMeasurements {
    let models = try environment.modelSet()
    guard let encoder = try EncoderMetrics(environment, vocabulary: { models.text.vocabulary }) else {
      throw ParameterError("the stage has no input 'encoder'; add it to the stage's \"inputs\"")
    }
    let side = try SystemSet.side(of: models, measuredBy: encoder)
    let sampler = try ExampleSampler(
      dataset: CaptionedDataset(contentsOf: environment.input("dataset")), resolution: side)
    let prompts = EvaluationPrompts(sampler, count: count, seed: UInt64(seed)).repeated(perPrompt)
    let set = try SystemSet(
      system, refinement: refinement, prompts: prompts,
      seeds: (0..<count * perPrompt).map { UInt64(seed) << 32 + UInt64($0) }, realSeed: UInt64(seed) + 1,
      models: models, side: side, environment: environment)
    let heldOut = try EvaluationPrompts(sampler, drawing: count * perPrompt, seed: UInt64(seed), split: .heldOut)

    let neighbours = TrainingNeighbours(sampler, space: encoder.space, session: environment.session)
    let findings = neighbours.findings(for: set.images, of: prompts)
    environment.context.report(done: 1, total: 2, message: "nearest training images found")
    let honest = neighbours.findings(for: heldOut.realImages(seed: UInt64(seed)), of: heldOut)
    var metrics = try encoder.diversity(set.images, side: side, perPrompt: perPrompt)
    metrics += try copies(findings, honest, "pixels", \.pixelDistance)
    metrics += try copies(findings, honest, "encoder", \.embeddedDistance)
    let near = findings.count { $0.pixelDistance * 3 < $0.secondPixelDistance }
    metrics.append(.init(name: "memorised.ratio", value: Double(near) / Double(findings.count)))

    try sheet(findings, set.images.pictures(side: side), side: side)
      .image().write(to: environment.output("closest.png"))
    return TaskMeasurements(
      metrics: metrics, artifacts: [.init(name: "closest", path: "closest.png", mediaType: "image/png")])
  }

  private func copies(
    _ findings: [TrainingNeighbours.Finding], _ honest: [TrainingNeighbours.Finding], _ name: String,
    _ distance: (TrainingNeighbours.Finding) -> Double
  ) throws -> [TaskMeasurements.Metric] {
    let (own, real) = (findings.map(distance), honest.map(distance))
    let audit = try CopyAudit(distances: own, heldOut: real)
    let interval = try proportionInterval(successes: audit.copies, of: own.count)
    return [
      .init(name: "copies.\(name)", value: audit.share), .init(name: "copies.\(name).low", value: interval.lower),
      .init(name: "copies.\(name).high", value: interval.upper),
      .init(name: "copies.\(name).threshold", value: audit.threshold),
      .init(name: "nearest.\(name)", value: median(of: own)),
      .init(name: "nearest.\(name).heldOut", value: median(of: real)),
    ]
  }

  /// The closest pairs: generated above, training image below, first in pixels and then in the encoder's space.
  private func sheet(
    _ findings: [TrainingNeighbours.Finding], _ made: [Image], side: Int
  ) -> ContactSheet {
    // Each training example once, so that one prompt's images do not fill the sheet.
    func closest(
      _ example: (TrainingNeighbours.Finding) -> Int, _ distance: (TrainingNeighbours.Finding) -> Double
    ) -> [Int] {
      var seen: Set<Int> = []
      let order = findings.indices.sorted { distance(findings[$0]) < distance(findings[$1]) }
      return Array(order.filter { seen.insert(example(findings[$0])).inserted }.prefix(12))
    }
    let inPixels = closest(\.example, \.pixelDistance)
    let inSpace = closest(\.embeddedExample, \.embeddedDistance)
    var sheet = ContactSheet(
      title: "closest pairs of \(system)",
      rows: [
        .init(title: "generated", images: inPixels.map { made[$0] }),
        .init(title: "nearest in pixels", images: inPixels.map { findings[$0].image.pictures(side: side)[0] }),
        .init(title: "generated", images: inSpace.map { made[$0] }),
        .init(title: "nearest in encoder", images: inSpace.map { findings[$0].embeddedImage.pictures(side: side)[0] }),
      ])
    sheet.enlargement = 2
    return sheet
  }
}
