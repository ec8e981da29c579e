import ExperimentSpec

/// Says below a chart what its marks mean and what it leaves out.
enum ChartNote {
  /// Returns sentences.
  static func text(_ model: ChartModel) -> String {
    let series = model.panels.flatMap(\.series)
    let points = series.flatMap(\.points)
    let curves = series.compactMap(\.curve)
    var sentences = [model.isCourse ? meaning(model, curves) : meaning(model, points)]
    if model.kind == .trend {
      sentences.append(
        "Broad lines are the medians between changes of level, which a series without change shows in one case of a hundred."
      )
    }
    let showsPaper = ![.scatter, .ecdf, .heat, .histogram, .stacked].contains(model.kind)
    if showsPaper, series.contains(where: { !$0.paper.isEmpty }) {
      sentences.append("Hollow markers are the paper's values.")
    }
    sentences += axes(model)
    var lost = Shortfall()
    for point in points where point.mean != nil { lost.add(point.shortfall) }
    if !lost.isEmpty {
      sentences.append("\(PaperTable.survivorMark) Mean over finite values; left out: \(lost.text).")
    }
    let lostValues = curves.reduce(0) { $0 + $1.lostCount }
    if lostValues > 0 { sentences.append("Left out: \(count(lostValues, "value")) infinite or NaN.") }
    return sentences.joined(separator: " ")
  }

  private static func meaning(_ model: ChartModel, _ points: [ChartModel.Point]) -> String {
    switch model.kind {
    case .strip: return "One mark for each attempt; lines are medians."
    case .box:
      return
        "Boxes are quartiles over attempts with whiskers of 1.5 box lengths; below five attempts, one mark for each."
    case .ecdf: return "Share of attempts at or below a value."
    case .histogram: return "Attempts with a value in each bin; a bin holds its lower end, the last one both."
    case .heat: return "Means over attempts; each panel has its own scale."
    case .stacked: return "Columns are means over attempts, on top of each other."
    case .line, .points, .bar, .scatter, .trend: break
    }
    guard points.contains(where: { $0.bar != nil }) else {
      let isAlone = points.allSatisfy { $0.count < 2 }
      return "Points are \(model.spread == .quartiles ? "medians" : "means") over attempts"
        + (isAlone ? "; one attempt each, so no intervals." : ".")
    }
    switch model.spread {
    case .interval: return "Points are means over attempts; bars are 95 % intervals of the mean (Student's t)."
    case .deviation: return "Points are means over attempts; bars are one standard deviation (n − 1) up and down."
    case .quartiles: return "Points are medians over attempts; bars reach from the first to the third quartile."
    case .none: return "Points are means over attempts."
    }
  }

  private static func meaning(_ model: ChartModel, _ curves: [Curve]) -> String {
    let most = curves.compactMap(\.counts?.upperBound).max() ?? 0
    let least = curves.compactMap(\.counts?.lowerBound).min() ?? 0
    var text =
      most < 2
      ? "Each curve is one attempt"
      : "Curves are \(model.spread == .quartiles ? "medians" : "means") over \(least == most ? "\(most)" : "\(least) to \(most)") attempts at each step"
    if curves.contains(where: { !$0.lower.isEmpty }) {
      switch model.spread {
      case .interval: text += "; bands are 95 % intervals of the mean (Student's t)"
      case .deviation: text += "; bands are one standard deviation (n − 1) up and down"
      case .quartiles: text += "; bands reach from the first to the third quartile"
      case .none: break
      }
    }
    text += "."
    if model.smoothedSteps > 1 {
      text += " Smoothed: each point is the mean of the \(model.smoothedSteps) steps around it."
    }
    return text
  }

  /// What the author's choice of axes hides or bends.
  private static func axes(_ model: ChartModel) -> [String] {
    var sentences: [String] = []
    if [.bar, .stacked].contains(model.kind) {
      if model.valueExtent.isLogarithmic {
        sentences.append("The axis is logarithmic: the lengths of columns mean nothing, only their ends do.")
      } else if let from = model.valueExtent.from, from > 0 {
        sentences.append("The axis begins at \(NumberFormat.trimmed(from, 6)), not at 0: columns are cut.")
      }
    } else if model.valueExtent.isLogarithmic {
      sentences.append("The axis of values is logarithmic.")
    }
    if model.acrossExtent.isLogarithmic, model.kind != .scatter, !model.kind.standsOnNames {
      sentences.append("The horizontal axis is logarithmic.")
    }
    let outside = model.outsideCount
    if outside > 0 {
      sentences.append("\(count(outside, "value")) \(outside == 1 ? "lies" : "lie") outside of the axes.")
    }
    return sentences
  }

  private static func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }
}
