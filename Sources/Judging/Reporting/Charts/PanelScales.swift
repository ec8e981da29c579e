import ExperimentSpec

/// What the axes of a panel show.
struct PanelScales {
  let horizontal: PanelFrame.Horizontal
  let vertical: PanelFrame.Vertical
  let axisLabel: String

  /// Gathers what the axes of a panel must enclose; panels that show the same quantity have the same axes.
  init(_ panel: ChartModel.Panel, of model: ChartModel) {
    let companions = model.panels.filter { $0.group == panel.group }
    let series = companions.flatMap(\.series)
    let points = series.flatMap(\.points)
    let references = companions.flatMap(\.references)
    let levels = references.filter { !$0.isUpright }.map(\.value)
    let paper = series.flatMap { $0.paper.map(\.y) }
    let means = points.flatMap { [$0.mean, $0.bar?.lower, $0.bar?.upper].compactMap { $0 } }
    let heights = means + paper + levels
    let observations = points.flatMap { $0.observations.map(\.value).filter(\.isFinite) }
    func quantity(_ values: [Double]) -> PanelFrame.Vertical { .quantity(values, extent: model.valueExtent) }
    func columns(_ values: [Double]) -> (PanelFrame.Horizontal, PanelFrame.Vertical) {
      model.isHorizontal
        ? (.quantity(values, extent: model.valueExtent), .names(model.axisNames))
        : (.names(model.axisNames), quantity(values))
    }
    var label = model.axisLabel
    switch model.kind {
    case .line where model.isCourse:
      let curves = series.compactMap(\.curve)
      let values = curves.flatMap {
        PanelScales.ends($0.values) + PanelScales.ends($0.lower) + PanelScales.ends($0.upper)
      }
      let steps = model.panels.flatMap { $0.series.compactMap(\.curve).flatMap { PanelScales.ends($0.steps) } }
      let positive = model.valueExtent.isLogarithmic ? curves.compactMap { $0.values.lazy.filter { $0 > 0 }.min() } : []
      horizontal = .quantity(steps, extent: PanelScales.stepExtent(steps, model.acrossExtent))
      vertical = quantity(values + positive + levels)
    case .line, .trend, .points:
      if model.isHorizontal {
        (horizontal, vertical) = columns(heights)
      } else {
        horizontal = PanelScales.toScale(model, references.filter(\.isUpright).map(\.value))
        vertical = quantity(heights)
      }
    case .bar:
      let base = model.valueExtent.isLogarithmic || heights.isEmpty ? [] : [0.0]
      (horizontal, vertical) = columns(heights + base)
    case .stacked:
      (horizontal, vertical) = columns([0] + companions.flatMap { PanelScales.sums($0) } + levels)
    case .strip, .box: (horizontal, vertical) = columns(observations + paper + levels)
    case .scatter:
      let across = points.flatMap { [$0.across?.mean, $0.across?.bar?.lower, $0.across?.bar?.upper].compactMap { $0 } }
      let centres = points.compactMap { $0.across?.mean }
      var extent = model.acrossExtent
      // Most of the points would be pressed together.
      if extent == ChartRequest.Extent(), ChartScale.needsLogarithm(centres) { extent.isLogarithmic = true }
      if extent.isLogarithmic { label += ", logarithmic" }
      horizontal = .quantity(extent.isLogarithmic ? centres : across, extent: extent)
      vertical = quantity(heights)
    case .ecdf:
      horizontal = .quantity(observations, extent: model.acrossExtent)
      vertical = .quantity([0, 1], extent: model.valueExtent)
      label = panel.label
    case .histogram:
      let edges = panel.histogram?.edges ?? []
      var extent = model.acrossExtent
      (extent.from, extent.to) = (extent.from ?? edges.first, extent.to ?? edges.last)
      horizontal = .quantity(edges, extent: extent)
      vertical = quantity([0] + companions.map { Double($0.histogram?.greatestCount ?? 0) })
      label = panel.label
    case .heat:
      horizontal = .names(model.axisNames)
      vertical = .names(model.rowNames)
      label = "\(model.axisLabel) (across), \(model.rowLabel) (down)"
    }
    axisLabel = model.isHorizontal ? "" : label
  }

  /// The axis is the same in all panels, so that they can be compared.
  private static func toScale(_ model: ChartModel, _ references: [Double]) -> PanelFrame.Horizontal {
    switch model.axis {
    case .numeric(let values):
      let paper = model.panels.flatMap(\.series).flatMap { $0.paper.map(\.x) }
      return .values(
        values, domain: values + paper + references, name: { model.name(of: $0) }, extent: model.acrossExtent)
    case .names(let names): return .names(names)
    case .steps: return .names([])
    }
  }

  /// Curves reach from edge to edge.
  private static func stepExtent(_ steps: [Double], _ extent: ChartRequest.Extent) -> ChartRequest.Extent {
    guard !extent.isLogarithmic, let first = steps.min(), let last = steps.max(), first < last else { return extent }
    var extent = extent
    extent.from = extent.from ?? min(first, extent.to ?? .infinity)
    extent.to = extent.to ?? max(last, extent.from ?? -.infinity)
    return extent
  }

  /// The least and the greatest of some values.
  private static func ends(_ values: [Double]) -> [Double] {
    guard let low = values.min(), let high = values.max() else { return [] }
    return [low, high]
  }

  /// The heights of the stacks of a panel, above and below 0.
  private static func sums(_ panel: ChartModel.Panel) -> [Double] {
    var sums: [Double: (above: Double, below: Double)] = [:]
    for point in panel.series.lazy.flatMap(\.points) {
      guard let mean = point.mean else { continue }
      sums[point.x, default: (0, 0)].above += max(mean, 0)
      sums[point.x, default: (0, 0)].below += min(mean, 0)
    }
    return sums.values.flatMap { [$0.above, $0.below] }
  }
}
