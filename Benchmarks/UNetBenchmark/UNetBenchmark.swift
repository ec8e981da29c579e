import NeuralNetwork
import PriorBrush

/// Times the shipped U-Net: `UNetBenchmark forward|train BATCH THREADS ROUNDS` prints the seconds of each round, one a line.
@main
enum UNetBenchmark {
  static func main() throws {
    let arguments = CommandLine.arguments.dropFirst()
    let numbers = arguments.dropFirst().compactMap { Int($0) }
    guard let mode = arguments.first, numbers.count == 3 else {
      print("usage: UNetBenchmark forward|train BATCH THREADS ROUNDS")
      return
    }
    let configuration = NetworkConfiguration(vocabulary: 1351)
    switch mode {
    case "forward": try forward(configuration, batch: numbers[0], threads: numbers[1], rounds: numbers[2])
    default: try train(configuration, batch: numbers[0], rounds: numbers[2])
    }
  }

  /// Times one network evaluation of a batch; three rounds come first uncounted.
  private static func forward(_ configuration: NetworkConfiguration, batch: Int, threads: Int, rounds: Int) throws {
    let network = UNet(configuration)
    let encoder = TextEncoder(configuration)
    let weights = Weights(network.layout, seed: 1)
    let captions = EncodedCaptions(
      [[1, 2, 3, 4]], encoder: encoder, weights: Weights(encoder.layout, seed: 2), session: Session())
    let parallel = DataParallel(layouts: [], shards: threads)
    let side = configuration.resolution
    for round in -3..<rounds {
      let time = try ContinuousClock().measure {
        try parallel.run(batch: batch) { shard in
          let count = shard.range.count
          shard.session.reset(recording: false)
          let images = shard.session.zeros(Shape(count, side, side, 3))
          _ = network(
            images, times: [Float](repeating: 0.5, count: count),
            text: captions.repeating(0, times: count).features(in: shard.session),
            Pass(session: shard.session, weights: weights, gradients: nil))
        }
      }
      if round >= 0 { print(time / .seconds(1)) }
    }
  }

  /// Times one step of the teacher's training on two threads, drawing of examples, AdamW and averaging included.
  private static func train(_ configuration: NetworkConfiguration, batch: Int, rounds: Int) throws {
    let shapes = ShapesDataset(resolution: configuration.resolution)
    var recipe = TeacherRecipe()
    recipe.batch = batch
    let training = try TeacherTraining(
      configuration, recipe: recipe,
      examples: TrainingExamples(source: shapes, vocabulary: Vocabulary(covering: shapes.texts)))
    for round in -3..<rounds {
      let time = try ContinuousClock().measure { _ = try training.advance() }
      if round >= 0 { print(time / .seconds(1)) }
    }
  }
}
