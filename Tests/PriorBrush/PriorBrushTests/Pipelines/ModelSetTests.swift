import NeuralNetwork
import PriorBrush
import Testing
import TestSupport

@Suite struct `Model set` {
  private var models: MicroModels

  init() throws {
    models = try MicroModels()
  }

  @Test func `reads a folder of models`() throws {
    let set = try ModelSet(.init(folder: models.folder.path))
    #expect(set.network.configuration == Micro.configuration)
    #expect(set.text.vocabulary == Micro.vocabulary)
    #expect(distance(set.teacher.numbers, Micro.teacher.numbers) < 1e-3)
    #expect(set.student?.time == 0.9)
    #expect(set.refiner?.network.configuration.widths == [16, 32, 64])
  }

  @Test func `is refused with a word list of another size`() throws {
    try Vocabulary(covering: ["one", "two"]).write(to: models.files.vocabulary)
    let error = #expect(throws: PriorBrushError.self) { try ModelSet(models.files) }
    #expect(error?.code == .invalidModel)
    #expect(error?.message.contains("was trained with \(Micro.vocabulary.count) words") == true)
  }

  @Test(arguments: ["student", "degradation", "refiner"])
  func `is refused with a network for another system`(name: String) throws {
    var other = Micro.configuration
    other.vocabulary += 1
    let kind = try #require(ModelFile.Kind(rawValue: name))
    let layout = kind == .degradation ? Micro.estimator.layout : UNet(other).layout
    try ModelFile.write(
      models.path(name), kind: kind, configuration: other, weights: [("network.", Weights(layout, seed: 1))])
    let error = #expect(throws: PriorBrushError.self) { try ModelSet(models.files) }
    #expect(error?.code == .invalidModel)
    #expect(error?.message.contains(models.path(name)) == true)
  }

  @Test func `says which network a pipeline lacks`() throws {
    let session = Session()
    let all = models.files
    func expectFailure(_ word: String, _ files: ModelSet.Files, _ make: (ModelSet) throws -> Void) throws {
      let set = try ModelSet(files)
      let error = #expect(throws: PriorBrushError.self) { try make(set) }
      #expect(error?.code == .invalidModel)
      #expect(error?.message.contains("no \(word)") == true)
    }
    let bare = ModelSet.Files(vocabulary: all.vocabulary, teacher: all.teacher)
    try expectFailure("student", bare) { _ = try $0.swiftBrush(session: session) }
    try expectFailure("degradation map", bare) { _ = try $0.priorBrush(session: session) }
    var files = all
    files.student = nil
    try expectFailure("student", files) { _ = try $0.priorBrush(session: session) }
    files = all
    files.refiner = nil
    try expectFailure("distilled refiner", files) { _ = try $0.priorBrush(refiner: .distilled, session: session) }
  }

  @Test func `is refused if a file is missing`() throws {
    var files = models.files
    files.student = models.path("none")
    #expect(throws: NeuralNetworkError.self) { try ModelSet(files) }
    files = models.files
    files.vocabulary = models.path("none")
    #expect(throws: DatasetError.self) { try ModelSet(files) }
  }
}
