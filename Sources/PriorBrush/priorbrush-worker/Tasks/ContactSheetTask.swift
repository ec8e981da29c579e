import AttemptModel
import NeuralNetwork
import PNGImage
import PriorBrush
import WorkerProtocol

/// Draws a sheet of images: a row for each system, a column for each prompt.
struct ContactSheetTask: WorkerTask {
  static let name = "contact-sheet"
  static let version = "2"

  private let prompts: [String]
  private let systems: [String]
  private let seed: Int
  private let magnification: Int

  init(_ parameters: inout ParameterReader) throws {
    prompts = try parameters.strings("prompts")
    systems = try parameters.strings("systems")
    seed = try parameters.integer("seed", default: 1, in: 0...Int.max)
    magnification = try parameters.integer("magnification", default: 2, in: 1...16)
  }

  func run(_ environment: TaskEnvironment) throws -> TaskMeasurements {
    let models = try environment.modelSet()
    let side = models.imageSide
    let captions = models.text.encode(prompts, session: environment.session)
    let seeds = prompts.indices.map { UInt64(seed + $0) }
    var rows: [ContactSheet.Row] = []
    for name in systems {
      let system = try GenerationSystem(named: name)
      let images = try environment.images(of: system, models, captions: captions, seeds: seeds)
      rows.append(.init(title: name, images: prompts.indices.map { Image(side: side, batch: images, row: $0) }))
      environment.context.report(done: rows.count, total: systems.count, message: name)
    }
    var sheet = ContactSheet(columnTitles: prompts, rows: rows)
    sheet.enlargement = magnification
    try sheet.image().write(to: environment.output("sheet.png"))
    return TaskMeasurements(artifacts: [.init(name: "sheet", path: "sheet.png", mediaType: "image/png")])
  }
}
