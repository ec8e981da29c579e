import NeuralNetwork
import PriorBrush
import Testing

@Suite struct `Generation system` {
  @Test func `has a name`() throws {
    let student = try GenerationSystem(named: "student")
    #expect(student.kind == .student && student.networkEvaluations == 1)
    let teacher = try GenerationSystem(named: "teacher:20")
    #expect(teacher.kind == .teacher && teacher.steps == 20 && teacher.networkEvaluations == 40)
    #expect(GenerationSystem(.teacher, steps: 20, guidance: 1).networkEvaluations == 20)
    let refined = try GenerationSystem(named: "priorbrush:0")
    #expect(refined.kind == .priorbrush && refined.steps == 0 && refined.networkEvaluations == 1)
    #expect(try GenerationSystem(named: "priorbrush-no-map:3").kind == .unmodulated)
    #expect(try GenerationSystem(named: "priorbrush-distilled:1000").networkEvaluations == 1001)
    #expect(try GenerationSystem(named: "placebo:3").networkEvaluations == 1)
    #expect(try GenerationSystem(named: "student-median").networkEvaluations == 1)
    #expect(try GenerationSystem(named: "student-one-pass").networkEvaluations == 2)
  }

  @Test(arguments: [
    ("", "is no system; write one of teacher, student"), ("Student", "is no system"), ("real", "is no system"),
    ("teacher:20:1", "is no system"), ("teacher", "needs steps, as in 'teacher:3'"), ("priorbrush", "needs steps"),
    ("teacher:", "has '' steps"), ("teacher:0", "give a number in 1...1000"), ("priorbrush:-1", "in 0...1000"),
    ("priorbrush:1001", "has '1001' steps"), ("priorbrush:two", "has 'two' steps"), ("student:3", "takes one step"),
    ("student-bilateral:1", "write 'student-bilateral'"),
  ])
  func `is refused under another name`(name: String, reason: String) {
    let error = #expect(throws: PriorBrushError.self) { try GenerationSystem(named: name) }
    #expect(error?.code == .invalidParameter)
    #expect(error?.message.contains(reason) == true, "\(error?.message ?? "no error")")
    #expect(error?.message.contains("'\(name)'") == true)
  }

  @Test func `makes the images of its pipeline`() throws {
    let models = try MicroModels()
    let set = try ModelSet(models.files)
    let session = Session()
    let captions = Micro.captions()
    let seeds: [UInt64] = [1, 2, 3, 4]
    func images(_ name: String) throws -> [Float] {
      try GenerationSystem(named: name).images(set, captions: captions, seeds: seeds, session: session)
    }
    let student = try images("student")
    let coarse = try set.swiftBrush(session: session).generate(captions: captions, seeds: seeds)
    #expect(distance(student, coarse) == 0)
    #expect(try distance(images("placebo:0"), student) == 0)
    #expect(try distance(images("priorbrush:0"), student) == 0)
    let names = [
      "student", "teacher:1", "teacher:3", "priorbrush:2", "priorbrush-no-map:2", "priorbrush-distilled:2", "placebo:2",
      "student-median", "student-bilateral", "student-one-pass",
    ]
    var all: [[Float]] = []
    for name in names {
      let made = try images(name)
      #expect(made.count == 4 * Micro.size && made.allSatisfy { abs($0) <= 1 }, "\(name)")
      #expect(all.allSatisfy { distance($0, made) > 1e-3 }, "\(name)")
      #expect(try distance(images(name), made) == 0, "\(name)")
      all.append(made)
    }
  }

  @Test func `lets the teacher take the student's speckle for noise in one pass`() throws {
    let models = try MicroModels()
    let set = try ModelSet(models.files)
    let session = Session()
    let (captions, seeds): (EncodedCaptions, [UInt64]) = (Micro.captions(), [1, 2, 3, 4])
    let coarse = try GenerationSystem(.student).images(set, captions: captions, seeds: seeds, session: session)
    let expected = Denoiser(network: set.network, weights: set.teacher, session: session).cleanImages(
      coarse.map { NoiseSchedule.alpha(0.1) * $0 }, times: [0.1, 0.1, 0.1, 0.1], captions: captions, limit: 1)
    let made = try GenerationSystem(.onePass).images(set, captions: captions, seeds: seeds, session: session)
    #expect(distance(made, expected) == 0)
  }
}
