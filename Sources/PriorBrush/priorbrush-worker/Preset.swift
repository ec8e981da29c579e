import PriorBrush

/// The network sizes that specs can name.
enum Preset: String, CaseIterable {
  /// 32-pixel images, 3.8 million parameters.
  case standard
  /// 64-pixel images, folded by 4, so that a step costs about as much as at 32 pixels.
  case standard64
  /// 16-pixel images, trained in seconds.
  case micro

  func configuration(vocabulary: Int) -> NetworkConfiguration {
    switch self {
    case .standard: NetworkConfiguration(vocabulary: vocabulary)
    case .standard64: NetworkConfiguration(resolution: 64, patch: 4, vocabulary: vocabulary)
    case .micro: .micro(vocabulary: vocabulary)
    }
  }

  /// The widths of the distilled refiner that goes with the preset.
  var refinerWidths: [Int] {
    switch self {
    case .standard, .standard64: [32, 64, 96]
    case .micro: [16, 32, 32]
    }
  }
}
