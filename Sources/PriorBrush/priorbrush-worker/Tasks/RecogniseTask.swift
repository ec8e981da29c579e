import AttemptModel
import ImageMetrics
import NeuralNetwork
import PNGImage
import PriorBrush
import WorkerProtocol

/// Asks an encoder which of the known captions each image of a prompt is nearest to.
struct RecogniseTask: WorkerTask {
  static let name = "recognise"
  static let version = "2"

  private let prompt: String
  private let system: GenerationSystem
  private let concepts: Set<String>
  private let count: Int
  private let seed: Int
  private let shown = 8

  init(_ parameters: inout ParameterReader) throws {
    prompt = try parameters.string("prompt")
    system = try GenerationSystem(named: parameters.string("system"))
    concepts = Set(
      try parameters.string("concepts").split(separator: ",").map {
        $0.split(whereSeparator: \.isWhitespace).joined(separator: " ")
      }.filter { !$0.isEmpty })
    count = try parameters.integer("images", default: 32, in: 1...10_000)
    seed = try parameters.integer("seed", default: 1, in: 0...Int.max >> 33)
    guard !concepts.isEmpty else { throw ParameterError("'concepts' is empty; name the captions that count as right") }
  }

  func run(_ environment: TaskEnvironment) throws -> TaskMeasurements {
    let models = try environment.modelSet()
    let session = environment.session
    let vocabulary = models.text.vocabulary
    let dataset = try CaptionedDataset(contentsOf: environment.input("dataset"))
    let known = Set(dataset.examples.map(\.caption))
    guard concepts.isSubset(of: known) else {
      let missing = concepts.subtracting(known).sorted().joined(separator: "', '")
      throw ParameterError(
        "the data set has no caption '\(missing)'; \"concepts\" must be captions of it, separated by commas")
    }
    let captions = known.sorted()
    guard let encoder = try EncoderMetrics(environment, vocabulary: { vocabulary }) else {
      throw ParameterError("the stage has no input 'encoder'; add it to the stage's \"inputs\"")
    }
    let side = try SystemSet.side(of: models, measuredBy: encoder)

    let seeds = (0..<count).map { UInt64(seed) << 32 + UInt64($0) }
    let encoded = models.text.encode(Array(repeating: prompt, count: count), session: session)
    let made = try environment.images(of: system, models, captions: encoded, seeds: seeds)
    let images = BoxReduction.reduced(made, side: models.imageSide, to: side)
    let similarities = try CosineSimilarities(
      images: encoder.features(images), captions: encoder.features(captions: captions))
    let nearest = (0..<count).map(similarities.nearest(to:))
    let names = nearest.map { captions[$0.caption] }
    let words = vocabulary.tokenize(prompt)
    var sheet = ContactSheet(
      title: words.unknown.isEmpty ? prompt : "\(prompt) (unknown: \(words.unknown.joined(separator: ", ")))",
      columnTitles: Array(names.prefix(shown)),
      rows: [.init(title: "", images: Array(images.pictures(side: side).prefix(shown)))])
    sheet.enlargement = 4
    try sheet.image().write(to: environment.output("sheet.png"))

    let hits = names.count { concepts.contains($0) }
    return TaskMeasurements(
      metrics: [
        .init(name: "recognised", value: Double(hits) / Double(count)),
        .init(name: "cosine", value: nearest.reduce(0) { $0 + $1.cosine } / Double(count)),
        .init(name: "words.known", value: Double(words.known.count)),
        .init(name: "words.unknown", value: Double(words.unknown.count)),
      ],
      artifacts: [.init(name: "sheet", path: "sheet.png", mediaType: "image/png")])
  }
}
