import PriorBrush

/// The network sizes that specs can name.
enum Preset: String, CaseIterable {
  /// 32-pixel images, 3.8 million parameters.
  case standard
  /// 16-pixel images, trained in seconds.
  case micro

  func configuration(vocabulary: Int) -> NetworkConfiguration {
    switch self {
    case .standard: NetworkConfiguration(vocabulary: vocabulary)
    case .micro: .micro(vocabulary: vocabulary)
    }
  }

  /// The widths of the distilled refiner that goes with the preset.
  var refinerWidths: [Int] {
    switch self {
    case .standard: [32, 64, 96]
    case .micro: [16, 32, 32]
    }
  }
}
