import AttemptModel
import Files
import Foundation
import ImageMetrics
import NeuralNetwork
import PNGImage
import PriorBrush
import WorkerProtocol

/// Looks at a student on its way: how much of its noise comes through, how fine and how varied its images are.
///
/// It only watches: real images are compared with, and nothing of them reaches the training.
struct StudentProbe {
  private static let prompts = 32
  private static let perPrompt = 4
  private static let seed: UInt64 = 77

  private let path: String
  private let network: UNet
  private let studentTime: Float
  private let captions: EncodedCaptions
  private let real: PowerSpectrum
  private let side: Int
  private let seeds = (0..<prompts * perPrompt).map { seed << 32 + UInt64($0) }

  init(
    _ environment: TaskEnvironment, _ models: ModelSet, _ sampler: ExampleSampler, studentTime: Float
  ) throws {
    path = "\(environment.request.scratchDirectory)/probe.csv"
    network = models.network
    side = models.imageSide
    self.studentTime = studentTime
    let prompts = EvaluationPrompts(sampler, count: Self.prompts, seed: Self.seed).repeated(Self.perPrompt)
    captions = models.text.encode(prompts.texts, session: environment.session)
    real = try PowerSpectrum(of: prompts.realImages(seed: Self.seed).pictures(side: side))
  }

  /// Measures a student and writes a line of the table, in place of any lines of this and later steps.
  func record(_ student: Weights, step: Int) throws {
    let images = try BatchRunner().images(captions: captions, seeds: seeds) { session, captions, seeds in
      SwiftBrushPipeline(
        student: Denoiser(network: network, weights: student, session: session), studentTime: studentTime
      ).generate(captions: captions, seeds: seeds)
    }
    let metrics = try NoiseMetrics.metrics(
      images, noise: SwiftBrushPipeline.noise(seeds: seeds, side: side), side: side, perPrompt: Self.perPrompt)
    let detail = try PowerSpectrum(of: images.pictures(side: side)).difference(from: real).signedFineDetail
    let columns = metrics.map { ($0.name, $0.value) } + [("detail", detail)]
    var lines = [(["step"] + columns.map(\.0)).joined(separator: ",")]
    if let bytes = try? WholeFile.read(path, limit: 1 << 28) {
      lines += String(decoding: bytes, as: UTF8.self).split(separator: "\n").dropFirst().map(String.init).filter {
        $0.split(separator: ",").first.flatMap { Int($0) }.map { $0 < step } ?? false
      }
    }
    lines.append(([String(step)] + columns.map { String(format: "%.5g", $0.1) }).joined(separator: ","))
    try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
  }

  /// Copies the table to the output folder.
  func artifact(_ environment: TaskEnvironment) throws -> TaskMeasurements.Artifact {
    try FileManager.default.copyItem(atPath: path, toPath: environment.output("probe.csv"))
    return .init(name: "probe", path: "probe.csv", mediaType: "text/csv")
  }
}
