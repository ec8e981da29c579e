import AttemptModel
import PriorBrush
import WorkerProtocol

/// Tests whether an encoder's distances can be trusted as metrics.
struct ValidateEncoderTask: WorkerTask {
  static let name = "validate-encoder"
  static let version = "2"

  private let name: String
  private let check: EncoderCheck
  private let count: Int
  private let seed: Int

  init(_ parameters: inout ParameterReader) throws {
    name = try parameters.string("check")
    check = try EncoderCheck(named: name)
    count = try parameters.integer("images", default: 512, in: 160...100_000)
    seed = try parameters.integer("seed", default: 1, in: 0...Int.max >> 33)
  }

  func run(_ environment: TaskEnvironment) throws -> TaskMeasurements {
    let vocabulary = try Vocabulary(contentsOf: environment.input("vocabulary"))
    func space(_ input: String) throws -> EmbeddingSpace {
      try EmbeddingSpace(contentsOf: environment.input(input), vocabulary: vocabulary)
    }
    let battery = try EncoderBattery(
      space: try space("encoder"), dataset: try CaptionedDataset(contentsOf: environment.input("dataset")),
      session: environment.session, count: count, seed: UInt64(seed))
    let finding =
      switch check {
      case .realSplit: try battery.realSplit()
      case .severity(let distortion): try battery.severity(distortion)
      case .pairs: try battery.pairs()
      case .blurAgainstSpeckle: try battery.blurAgainstSpeckle()
      case .modeDropping: try battery.modeDropping()
      case .alignment(let split): try battery.alignment(split)
      case .ranking: try battery.ranking(environment.modelSet())
      case .duplication: try battery.duplication(environment.modelSet())
      case .agreement: try battery.agreement(with: space("otherEncoder"), environment.modelSet())
      }
    let verdict: [TaskMeasurements.Metric] = [
      .init(name: "passed", value: finding.passes ? 1 : 0), .init(name: "statistic", value: finding.statistic),
      .init(name: "threshold", value: finding.threshold),
    ]
    let encoder = try EncoderCertificate.digest(of: environment.input("encoder"))
    try EncoderCertificate(
      encoder: encoder,
      verdicts: [.init(check: name, passes: finding.passes, statistic: finding.statistic, threshold: finding.threshold)]
    ).write(to: environment.output("verdict.json"))
    return TaskMeasurements(
      metrics: verdict + finding.details.map { .init(name: $0.name, value: $0.value) },
      artifacts: [.init(name: "verdict", path: "verdict.json", mediaType: "application/json")])
  }
}
