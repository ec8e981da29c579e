import JSON

extension ReportReader {
  mutating func figure(_ node: LocatedJSON) -> FigureRequest? {
    guard var object = reader.object(node, as: .figure, "a figure") else { return nil }
    let head = head(&object, "figure")
    let (filter, magnify) = (filter(object), object.integer("magnify"))
    let panels = (object.list("panels") ?? []).compactMap { panel($0, of: object.whole ?? "") }
    let metrics = (object.list("metrics") ?? []).compactMap { metric($0, of: object.whole ?? "") }
    return head.map {
      FigureRequest(head: $0, filter: filter, magnify: magnify ?? 1, panels: panels, metrics: metrics)
    }
  }

  private func panel(_ node: LocatedJSON, of figure: String) -> FigureRequest.Panel? {
    guard let object = reader.object(node, as: .figurePanel, "a panel of \(figure)") else { return nil }
    let (label, magnify) = (object.text("label"), object.integer("magnify"))
    let (stage, artifact) = (stage(of: object), object.text("artifact"))
    if let artifact, let place = object["artifact"]?.range {
      reader.checkFreeName(artifact, at: place, "the artifact of a panel of \(figure)")
      if let stage = stage.flatMap({ context?.stages[$0] }) { reader.checkArtifact(artifact, of: stage, at: place) }
    }
    guard let stage, let artifact else { return nil }
    return FigureRequest.Panel(stage: stage, artifact: artifact, label: label ?? artifact, magnify: magnify)
  }

  private func metric(_ node: LocatedJSON, of figure: String) -> FigureRequest.Metric? {
    guard var object = reader.object(node, as: .figureMetric, "a metric of \(figure)") else { return nil }
    let label = object.text("label")
    object.whole = "metric \(label.map { "'\($0)' " } ?? "")of \(figure)"
    let (source, digits) = (source(object), object.integer("digits"))
    return source.map { source in
      let metric = metrics[source.metric]
      return FigureRequest.Metric(
        label: label ?? metric?.label ?? source.metric, source: source, digits: digits ?? metric?.digits ?? 4)
    }
  }
}

extension SpecReader {
  /// Checks that a command declares an artifact; workers announce theirs only when they run.
  func checkArtifact(_ name: String, of stage: Stage, at range: Range<Int>) {
    guard case .command = stage.action, stage.outputs[name] == nil else { return }
    reportUnknown(
      .unknownArtifact, "artifact", name, at: sources.range(of: "\"\(name)\"", in: range),
      known: stage.outputs.keys.sorted(), of: " of stage '\(stage.name)'")
  }
}
