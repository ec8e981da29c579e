import Foundation

/// A folder of published files, recognised by the names under which they were published.
///
/// A network whose files are not there is not evaluated; a file that no network asks for is an error, so that a misspelt name does
/// not go unnoticed.
public struct PublishedWeightFolder: Sendable {
  /// One of the files that the networks need.
  public enum Part: String, Sendable, CaseIterable {
    /// The convolutions of AlexNet.
    case alexNet = "alexnet-owt-*.pth (torchvision)"
    /// LPIPS's weights over AlexNet's layers.
    case alexNetHeads = "alex.pth (package lpips, weights/v0.1)"
    /// The convolutions of VGG16.
    case vgg16 = "vgg16-*.pth (torchvision)"
    /// LPIPS's weights over VGG16's layers.
    case vgg16Heads = "vgg.pth (package lpips, weights/v0.1)"
    /// The Inception network of the FID.
    case inception = "pt_inception-2015-12-05-*.pth (pytorch-fid)"
    /// A CLIP model with a vision transformer.
    case contrastive =
      "clip-*.safetensors or clip-*.pth (renamed model.safetensors of openai/clip-vit-base-patch32, or OpenAI's state dictionary)"
    /// The merges of CLIP's tokenizer.
    case merges = "bpe_simple_vocab_16e6.txt.gz or merges.txt (OpenAI)"

    /// Whether a file of this name is the part.
    func matches(_ file: String) -> Bool {
      switch self {
      case .alexNet: file.hasPrefix("alexnet-owt-")
      case .alexNetHeads: file.hasPrefix("alex.")
      case .vgg16: file.hasPrefix("vgg16-")
      case .vgg16Heads: file.hasPrefix("vgg.")
      case .inception: file.hasPrefix("pt_inception-2015-12-05")
      case .contrastive: file.hasPrefix("clip-")
      case .merges:
        file == "bpe_simple_vocab_16e6.txt.gz" || file == "bpe_simple_vocab_16e6.txt" || file == "merges.txt"
      }
    }
  }

  /// The folder.
  public let path: String
  private var files: [Part: String] = [:]

  /// Looks a folder through; its files are read when a network is asked for.
  ///
  /// - Parameter path: The folder; files that are no weights, such as a README, are passed over.
  /// - Throws: `PerceptualNetworkError` with code `.fileAccess` if there is no such folder, or `.badInput` for a file of weights that
  ///   no network asks for, or two for one part.
  public init(contentsOf path: String) throws(PerceptualNetworkError) {
    self.path = path
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else {
      throw PerceptualNetworkError(.fileAccess, "there is no folder \(path); name one with published weights, or none")
    }
    for name in names.sorted() {
      let part = Part.allCases.first { $0.matches(name) }
      guard let part else {
        guard Self.suffixes.contains(where: name.hasSuffix) else { continue }
        throw PerceptualNetworkError(
          .badInput,
          "\(path)/\(name) has no name that is known; known are \(Part.allCases.map(\.rawValue).joined(separator: ", "))"
        )
      }
      if let other = files.updateValue(name, forKey: part) {
        throw PerceptualNetworkError(
          .badInput, "\(path) holds both \(other) and \(name), which are the same part; keep one of them")
      }
    }
  }

  /// Whether there is no weights file at all.
  public var isEmpty: Bool { files.isEmpty }

  /// Returns the perceptual distance, or nil if neither of its files is there.
  ///
  /// - Parameter kind: The classifier.
  /// - Returns: The distance.
  /// - Throws: `PerceptualNetworkError` with code `.notEvaluated` if one of two files is missing, else what is wrong with them.
  public func perceptualDistance(
    _ kind: LearnedPerceptualDistance.Backbone
  ) throws -> LearnedPerceptualDistance? {
    let parts: (Part, Part) = kind == .alexNet ? (.alexNet, .alexNetHeads) : (.vgg16, .vgg16Heads)
    guard files[parts.0] != nil || files[parts.1] != nil else { return nil }
    return try LearnedPerceptualDistance(kind, backbone: file(parts.0), heads: file(parts.1))
  }

  /// Returns the network of the FID, or nil if its file is not there.
  ///
  /// - Returns: The network.
  /// - Throws: `PerceptualNetworkError` if the file is broken or of another network.
  public func inceptionFeatures() throws -> InceptionFeatures? {
    try file(.inception).map { try InceptionFeatures(contentsOf: $0) }
  }

  /// Returns the model of the CLIP score with its tokenizer, or nil if neither file is there.
  ///
  /// - Returns: Model and tokenizer.
  /// - Throws: `PerceptualNetworkError` with code `.notEvaluated` if one of the two is missing, `.badInput` if they do not fit
  ///   together, else what is wrong with them.
  public func contrastiveModel() throws -> (model: ContrastiveModel, tokenizer: BytePairTokenizer)? {
    guard files[.contrastive] != nil || files[.merges] != nil else { return nil }
    let tokenizer = try BytePairTokenizer(contentsOf: file(.merges))
    let model = try ContrastiveModel(contentsOf: file(.contrastive))
    guard tokenizer.count <= model.vocabulary else {
      throw PerceptualNetworkError(
        .badInput,
        "the merges in \(path) make \(tokenizer.count) numbers, the CLIP model knows \(model.vocabulary); supply files of one model"
      )
    }
    return (model, tokenizer)
  }

  private static let suffixes = [".pth", ".pt", ".bin", ".safetensors"]

  private func file(_ part: Part) -> String? { files[part].map { "\(path)/\($0)" } }
}
