public import NeuralNetwork
public import PNGImage

/// CLIP with a vision transformer: one space for images and texts.
///
/// Width, depth, patch size and resolution are read from the shapes of the tensors; ViT-B/32 is the usual one. With the
/// published weights the mean cosine of images and their captions is the CLIP score; its convention must be named beside it.
///
/// - Source: Radford et al., "Learning transferable visual models from natural language supervision", ICML 2021; agrees
///   with open_clip 3.3 for models with the sigmoid form of the activation, which OpenAI's are.
public struct ContrastiveModel: Sendable {
  /// The length of an embedding.
  public let width: Int
  /// The side of the images, in pixels.
  public let resolution: Int
  /// The largest number of tokens of a text.
  public let context: Int
  /// The number of tokens that are known.
  public let vocabulary: Int

  private let patches: Parameter
  private let classToken: Parameter
  private let imagePositions: Parameter
  private let before: Normalization
  private let imageTower: TransformerTower
  private let after: Normalization
  private let imageProjection: Parameter
  private let tokens: Parameter
  private let textPositions: Parameter
  private let textTower: TransformerTower
  private let last: Normalization
  private let textProjection: Parameter
  private let weights: Weights

  /// Reads the published weights.
  ///
  /// - Parameter path: A state dictionary (safetensors or PyTorch) with the names of OpenAI or of transformers, or nil.
  /// - Throws: `PerceptualNetworkError` with code `.notEvaluated` if no file is named, else what is wrong with it.
  public init(contentsOf path: String?) throws {
    guard let path else {
      throw PerceptualNetworkError.notEvaluated(
        "the CLIP score", supply: "the model.safetensors of openai/clip-vit-base-patch32, or OpenAI's state dictionary")
    }
    try self.init(PublishedWeights(contentsOf: path))
  }

  /// Takes weights from anywhere.
  ///
  /// - Parameter source: Tensors with the names of OpenAI or of transformers.
  /// - Throws: `PerceptualNetworkError` if a tensor is missing or has a shape that does not fit the others.
  public init(_ source: any TensorSource) throws {
    let names = ContrastiveNames(source)
    let kernel = try source.requiredShape(of: names.name("visual.conv1.weight"))
    let places = try source.requiredShape(of: names.name("visual.positional_embedding"))
    let words = try source.requiredShape(of: names.name("token_embedding.weight"))
    let rows = try source.requiredShape(of: names.name("positional_embedding"))
    let projection = try source.requiredShape(of: names.name("text_projection"))
    let head = TransformerTower.head
    guard kernel.count == 4, places.count == 2, words.count == 2, rows.count == 2, projection.count == 2,
      kernel[2] == kernel[3], kernel[0] % head == 0, words[1] % head == 0, kernel[0] > 0, words[1] > 0, places[0] > 1
    else {
      throw PerceptualNetworkError(
        .shapeMismatch,
        "\(source.label) does not hold a CLIP model with a vision transformer; use ViT-B/32, B/16 or L/14")
    }
    let (imageWidth, textWidth) = (kernel[0], words[1])
    let grid = Int(Double(places[0] - 1).squareRoot().rounded())
    let embedding = projection[names == .original ? 1 : 0]
    width = embedding
    resolution = grid * kernel[2]
    (context, vocabulary) = (rows[0], words[0])
    func layers(_ tower: ContrastiveNames.Tower) -> Int {
      var count = 0
      while source.contains("\(tower.layer(count).output).weight") { count += 1 }
      return count
    }
    var builder = NetworkBuilder(source)
    func projected(_ name: String, _ inputs: Int) throws -> Parameter {
      names == .original
        ? try builder.transposed(name, inputs: inputs, outputs: embedding)
        : try builder.tensor(names.name(name), [embedding, inputs])
    }
    patches = try builder.tensor(names.name("visual.conv1.weight"), [imageWidth, 3, kernel[2], kernel[2]])
    classToken = try builder.tensor(names.name("visual.class_embedding"), [imageWidth])
    imagePositions = try builder.tensor(names.name("visual.positional_embedding"), [grid * grid + 1, imageWidth])
    before = try Normalization(names.name("visual.ln_pre"), imageWidth, &builder)
    imageTower = try TransformerTower(
      names.imageTower, layers: layers(names.imageTower), width: imageWidth, isCausal: false, &builder)
    after = try Normalization(names.name("visual.ln_post"), imageWidth, &builder)
    imageProjection = try projected("visual.proj", imageWidth)
    tokens = try builder.tensor(names.name("token_embedding.weight"), [vocabulary, textWidth])
    textPositions = try builder.tensor(names.name("positional_embedding"), [context, textWidth])
    textTower = try TransformerTower(
      names.textTower, layers: layers(names.textTower), width: textWidth, isCausal: true, &builder)
    last = try Normalization(names.name("ln_final"), textWidth, &builder)
    textProjection = try projected("text_projection", textWidth)
    weights = try builder.weights()
  }

  /// Returns the embeddings of images, not normalised.
  ///
  /// The shorter side is brought to the model's resolution with Pillow's bicubic filter and the middle is cut out.
  ///
  /// - Parameters:
  ///   - images: Images of any size; grey ones are spread over three colours, transparent ones laid on white.
  ///   - session: The calling thread's session; it is reset.
  /// - Returns: `images.count · width` numbers.
  public func embed(images: [Image], session: Session) -> [Float] {
    var embeddings: [Float] = []
    for start in stride(from: 0, to: images.count, by: Self.batch) {
      let part = images[start..<min(start + Self.batch, images.count)]
      session.reset(recording: false)
      let shape = Shape(part.count, resolution, resolution, 3)
      let input = session.constant(shape, copying: part.flatMap { ContrastiveInput.values(of: $0, side: resolution) })
      embeddings += embed(input, Pass(session: session, weights: weights)).values
    }
    return embeddings
  }

  /// Returns the embeddings of texts, not normalised.
  ///
  /// - Parameters:
  ///   - texts: The numbers of each text from `BytePairTokenizer.encode`, at least one, at most `context`.
  ///   - session: The calling thread's session; it is reset.
  /// - Returns: `texts.count · width` numbers.
  /// - Throws: `PerceptualNetworkError` with code `.badInput` for an empty or too long text or an unknown number.
  public func embed(texts: [[Int32]], session: Session) throws(PerceptualNetworkError) -> [Float] {
    for text in texts
    where text.isEmpty || text.count > context || text.contains(where: { $0 < 0 || $0 >= vocabulary }) {
      throw PerceptualNetworkError(
        .badInput,
        "a text of \(text.count) numbers does not fit a model of \(context) numbers below \(vocabulary); use the "
          + "tokenizer of this model")
    }
    var embeddings: [Float] = []
    for text in texts {
      // What follows the end of a text cannot be seen by it, so nothing is put there.
      session.reset(recording: false)
      let pass = Pass(session: session, weights: weights)
      let width = tokens.shape[1]
      var x = pass.embedding(ids: text, table: tokens, shape: .tokens(1, text.count, width))
      x = last(textTower(pass.addPositions(x, table: textPositions), pass), pass)
      let end = session.tensor(.vectors(1, width))
      end.data.update(from: x.data + (text.count - 1) * width, count: width)
      embeddings += pass.linear(end, weight: textProjection, bias: nil).values
    }
    return embeddings
  }

  /// Images that are evaluated at once.
  private static let batch = 16

  private func embed(_ images: Tensor, _ pass: Pass) -> Tensor {
    let session = pass.session
    let cells = pass.convolution(images, weight: patches, bias: nil, stride: patches.shape[2], padding: 0)
    let (count, width) = (cells.shape.pixels, cells.shape.channels)
    var x = session.tensor(.tokens(images.shape.batch, count + 1, width))
    let token = weights[classToken]
    for sample in 0..<images.shape.batch {
      let target = x.data + sample * (count + 1) * width
      for channel in 0..<width { target[channel] = token[channel] }
      (target + width).update(from: cells.data + sample * count * width, count: count * width)
    }
    x = imageTower(before(pass.addPositions(x, table: imagePositions), pass), pass)
    let first = session.tensor(.vectors(images.shape.batch, width))
    for sample in 0..<images.shape.batch {
      (first.data + sample * width).update(from: x.data + sample * (count + 1) * width, count: width)
    }
    return pass.linear(after(first, pass), weight: imageProjection, bias: nil)
  }
}

/// The published preprocessing of an image.
enum ContrastiveInput {
  private static let mean: [Float] = [0.48145466, 0.4578275, 0.40821073]
  private static let deviation: [Float] = [0.26862954, 0.26130258, 0.27577711]

  /// Returns `[side, side, 3]` values.
  static func values(of image: Image, side: Int) -> [Float] {
    let image = image.channels == 3 ? image : image.composited()
    let width = image.width <= image.height ? side : side * image.width / image.height
    let height = image.height <= image.width ? side : side * image.height / image.width
    let pixels = PillowResampling.bicubic(
      image.pixels, width: image.width, height: image.height, channels: 3, newWidth: width, newHeight: height)
    let left = Int((Double(width - side) / 2).rounded(.toNearestOrEven))
    let top = Int((Double(height - side) / 2).rounded(.toNearestOrEven))
    var values: [Float] = []
    values.reserveCapacity(side * side * 3)
    for row in top..<top + side {
      for index in (row * width + left) * 3..<(row * width + left + side) * 3 {
        values.append((Float(pixels[index]) / 255 - mean[index % 3]) / deviation[index % 3])
      }
    }
    return values
  }
}
