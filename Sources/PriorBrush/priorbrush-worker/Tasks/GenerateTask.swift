import AttemptModel
import ImageMetrics
import NeuralNetwork
import PNGImage
import PriorBrush
import WorkerProtocol

/// Generates one image by both pipelines and compares them.
struct GenerateTask: WorkerTask {
  static let name = "generate"
  static let version = "3"

  private let request: PipelineParameters

  init(_ parameters: inout ParameterReader) throws {
    request = try PipelineParameters(&parameters)
  }

  func run(_ environment: TaskEnvironment) throws -> TaskMeasurements {
    let models = try environment.modelSet()
    let side = models.network.configuration.resolution
    let session = environment.session
    let pipeline = try request.priorBrush(models, session: session)
    let generation = pipeline.generate(
      captions: models.text.encode([request.prompt], session: session), seeds: [request.seed], steps: request.steps)
    let coarse = Image(side: side, batch: generation.coarse, row: 0)
    let refined = Image(side: side, batch: generation.refined, row: 0)
    try coarse.write(to: environment.output("coarse.png"))
    try refined.write(to: environment.output("refined.png"))
    let errorMap = try ErrorMap(coarse, refined)
    try errorMap.image().write(to: environment.output("error-map.png"))
    try errorMap.figure(enlargement: 8).write(to: environment.output("error-figure.png"))
    let error = try PixelError(coarse, refined)
    let words = models.text.vocabulary.tokenize(request.prompt)
    return TaskMeasurements(
      metrics: [
        .init(name: "ssim", value: try structuralSimilarity(coarse, refined)),
        .init(name: "psnr", value: error.peakSignalToNoise, unit: "dB"),
        .init(name: "mae", value: error.meanAbsolute / error.dataRange),
        .init(name: "words.known", value: Double(words.known.count)),
        .init(name: "words.unknown", value: Double(words.unknown.count)),
      ],
      artifacts: ["coarse", "refined", "error-map", "error-figure"].map {
        .init(name: $0, path: "\($0).png", mediaType: "image/png")
      })
  }
}
