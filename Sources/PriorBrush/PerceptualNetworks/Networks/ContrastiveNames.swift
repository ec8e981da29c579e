/// The names of CLIP's tensors in the two ways in which they were published.
enum ContrastiveNames: Sendable {
  /// OpenAI's own, also used by open_clip.
  case original
  /// Those of the library transformers.
  case transformers

  /// Tells the way from one tensor that only one of them has.
  init(_ source: any TensorSource) {
    self = source.contains("vision_model.embeddings.class_embedding") ? .transformers : .original
  }

  /// The names of one residual block.
  struct Layer {
    var firstNorm: String
    var attentionWeights: [String]
    var attentionBiases: [String]
    var output: String
    var secondNorm: String
    var widen: String
    var narrow: String
  }

  /// The residual blocks of one tower.
  struct Tower {
    var names: ContrastiveNames
    var prefix: String

    func layer(_ index: Int) -> Layer {
      let layer = "\(prefix).\(index)"
      switch names {
      case .original:
        return Layer(
          firstNorm: "\(layer).ln_1", attentionWeights: ["\(layer).attn.in_proj_weight"],
          attentionBiases: ["\(layer).attn.in_proj_bias"], output: "\(layer).attn.out_proj",
          secondNorm: "\(layer).ln_2", widen: "\(layer).mlp.c_fc", narrow: "\(layer).mlp.c_proj")
      case .transformers:
        let parts = ["q", "k", "v"].map { "\(layer).self_attn.\($0)_proj" }
        return Layer(
          firstNorm: "\(layer).layer_norm1", attentionWeights: parts.map { "\($0).weight" },
          attentionBiases: parts.map { "\($0).bias" }, output: "\(layer).self_attn.out_proj",
          secondNorm: "\(layer).layer_norm2", widen: "\(layer).mlp.fc1", narrow: "\(layer).mlp.fc2")
      }
    }
  }

  var imageTower: Tower {
    Tower(names: self, prefix: self == .original ? "visual.transformer.resblocks" : "vision_model.encoder.layers")
  }

  var textTower: Tower {
    Tower(names: self, prefix: self == .original ? "transformer.resblocks" : "text_model.encoder.layers")
  }

  /// Returns the published name of a tensor that both ways have, given OpenAI's.
  func name(_ original: String) -> String {
    guard self == .transformers else { return original }
    return ContrastiveNames.translations[original] ?? original
  }

  private static let translations = [
    "visual.class_embedding": "vision_model.embeddings.class_embedding",
    "visual.positional_embedding": "vision_model.embeddings.position_embedding.weight",
    "visual.conv1.weight": "vision_model.embeddings.patch_embedding.weight",
    // The misspelling is in the published files.
    "visual.ln_pre": "vision_model.pre_layrnorm",
    "visual.ln_post": "vision_model.post_layernorm",
    "visual.proj": "visual_projection.weight",
    "token_embedding.weight": "text_model.embeddings.token_embedding.weight",
    "positional_embedding": "text_model.embeddings.position_embedding.weight",
    "ln_final": "text_model.final_layer_norm",
    "text_projection": "text_projection.weight",
  ]
}
