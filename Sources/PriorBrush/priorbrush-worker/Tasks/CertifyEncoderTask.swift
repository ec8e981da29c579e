import AttemptModel
import WorkerProtocol

/// Joins the verdicts of an encoder's battery into the one file by which evaluations know whether it may judge.
struct CertifyEncoderTask: WorkerTask {
  static let name = "certify-encoder"
  static let version = "1"

  init(_ parameters: inout ParameterReader) throws {}

  func run(_ environment: TaskEnvironment) throws -> TaskMeasurements {
    let verdicts = try environment.inputs("verdicts").map { try EncoderCertificate(contentsOf: $0) }
    let certificate = try EncoderCertificate(joining: verdicts)
    try certificate.write(to: environment.output("encoder.battery.json"))
    return TaskMeasurements(
      metrics: [
        .init(name: "checks", value: Double(certificate.verdicts.count)),
        .init(name: "failed", value: Double(certificate.verdicts.count { !$0.passes })),
      ],
      artifacts: [.init(name: "battery", path: "encoder.battery.json", mediaType: "application/json")])
  }
}
