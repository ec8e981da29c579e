import PNGImage
import PriorBrush
import WorkerProtocol

/// How many of the attributes that captions of shapes name are in the images.
enum AttributeMetrics {
  /// Shares over images, each in [0, 1]; captions that are no captions of shapes count as wrong.
  static func metrics(_ images: [Image], captions: [String]) -> [TaskMeasurements.Metric] {
    let verdicts = zip(images, captions).map { image, caption in
      ShapesCaption(caption).map { ShapesVerdict(of: ShapesReading(image), against: $0) }
    }
    func share(_ name: String, _ value: (ShapesVerdict) -> Double) -> TaskMeasurements.Metric {
      .init(
        name: "attributes.\(name)",
        value: verdicts.reduce(0) { $0 + ($1.map(value) ?? 0) } / Double(max(verdicts.count, 1)))
    }
    return [
      share("count") { $0.hasRightCount ? 1 : 0 }, share("colour", \.colours), share("form", \.forms),
      share("binding", \.bindings), share("size", \.sizes), share("place") { $0.isRightlyPlaced ? 1 : 0 },
      share("background") { $0.hasRightBackground ? 1 : 0 }, share("all") { $0.isRight ? 1 : 0 },
    ]
  }
}
