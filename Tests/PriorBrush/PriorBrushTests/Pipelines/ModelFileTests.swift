import Foundation
import NeuralNetwork
import PriorBrush
import Testing

@Suite struct `Model file` {
  private let models: MicroModels

  init() throws {
    models = try MicroModels()
  }

  @Test func `keeps configuration, numbers and weights in half precision`() throws {
    let file = try ModelFile(models.files.teacher, kind: .teacher)
    #expect(try file.configuration() == Micro.configuration)
    let weights = try file.weights(Micro.network.layout, prefix: "network.")
    for (found, written) in zip(weights.numbers, Micro.teacher.numbers) {
      #expect(abs(found - written) <= 5e-4 * abs(written) + 1e-7)
    }
    let student = try ModelFile(models.path("student"), kind: .student)
    #expect(student.number("studentTime") == 0.9)
    #expect(student.number("images") == nil)
  }

  @Test func `is refused if it holds another network`() throws {
    let error = #expect(throws: PriorBrushError.self) { try ModelFile(models.path("student"), kind: .teacher) }
    #expect(error?.code == .invalidModel)
    #expect(error?.message.contains("\(models.path("student")) holds a student, not a teacher") == true)
    let path = models.path("foreign")
    try SafeTensors.write(path, tensors: [NamedTensor("x", shape: [1], values: [1])])
    let foreign = #expect(throws: PriorBrushError.self) { try ModelFile(path, kind: .teacher) }
    #expect(foreign?.message.contains("no network of this program") == true)
  }

  @Test(arguments: [0, 7, 200, 5000])
  func `is refused if it was cut off`(length: Int) throws {
    let whole = try Data(contentsOf: URL(fileURLWithPath: models.files.teacher))
    let path = models.path("short")
    try whole.prefix(length).write(to: URL(fileURLWithPath: path))
    let error = #expect(throws: NeuralNetworkError.self) { try ModelFile(path, kind: .teacher) }
    #expect(error?.code == .malformed)
    #expect(error?.description.contains(path) == true)
  }

  @Test func `is refused if it is missing or has no configuration`() throws {
    let missing = #expect(throws: NeuralNetworkError.self) { try ModelFile(models.path("none"), kind: .teacher) }
    #expect(missing?.code == .fileAccess)
    for configuration in ["", "{", "{\"resolution\":16}"] {
      let path = models.path("bare")
      try SafeTensors.write(
        path, tensors: [NamedTensor("x", shape: [1], values: [1])],
        metadata: ["kind": "teacher", "configuration": configuration])
      let file = try ModelFile(path, kind: .teacher)
      let error = #expect(throws: PriorBrushError.self) { try file.configuration() }
      #expect(error?.code == .invalidModel && error?.message.contains(path) == true)
    }
  }

  @Test func `says which tensor it lacks`() throws {
    let file = try ModelFile(models.files.teacher, kind: .teacher)
    let error = #expect(throws: NeuralNetworkError.self) {
      try file.weights(Micro.estimator.layout, prefix: "network.")
    }
    #expect(error?.code == .missingTensor && error?.message.contains("network.first.weight") == true)
  }
}
