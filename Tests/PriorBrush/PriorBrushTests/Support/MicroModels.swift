import NeuralNetwork
import PriorBrush
import Testing
import TestSupport

/// A folder with a micro-sized system whose networks have random weights.
struct MicroModels {
  let folder: TemporaryFolder
  var files: ModelSet.Files

  init() throws {
    folder = try TemporaryFolder()
    files = ModelSet.Files(folder: folder.path)
    try Micro.vocabulary.write(to: files.vocabulary)
    try ModelFile.write(
      files.teacher, kind: .teacher, configuration: Micro.configuration,
      weights: [("text.", Micro.text.weights), ("network.", Micro.teacher)])
    try ModelFile.write(
      path("student"), kind: .student, configuration: Micro.configuration, weights: [("network.", Micro.student)],
      numbers: ["studentTime": 0.9])
    let degradation = Micro.weights(Micro.estimator.layout, seed: 14)
    // Errors small enough for steps that are not taken whole.
    let bias = try #require(Micro.estimator.layout.parameter(named: "output.bias"))
    degradation[bias].update(repeating: -4)
    try ModelFile.write(
      path("degradation"), kind: .degradation, configuration: Micro.configuration, weights: [("network.", degradation)])
    var narrow = Micro.configuration
    narrow.widths = [16, 32, 64]
    try ModelFile.write(
      path("refiner"), kind: .refiner, configuration: narrow,
      weights: [("network.", Micro.weights(UNet(narrow).layout, seed: 15))])
  }

  func path(_ name: String) -> String { "\(folder.path)/\(name).safetensors" }
}
