import AttemptModel
import Printing

extension Plan {
  /// The graph as an SVG picture: columns by level of need, an arrow from each needed job; legible on light and dark.
  ///
  /// - Parameters:
  ///   - selection: The jobs that are drawn; all of them if left out.
  ///   - jobLimit: With more jobs than this the stages are drawn instead.
  /// - Returns: A complete SVG document; the same plan gives the same bytes.
  public func svg(of selection: JobSelection? = nil, jobLimit: Int = 120) -> String {
    let graph = StageGraph(self, selection)
    var boxes: [PlanPicture.Box] = []
    if selection?.count ?? jobs.count > jobLimit {
      boxes = graph.nodes.map { node in
        let isTimed = node.jobs.first.map { jobs[$0].lane == .timed } ?? false
        let lines = [node.name, node.jobs.count == 1 ? "1 job" : "\(node.jobs.count) jobs"]
        return PlanPicture.Box(lines: lines, level: node.level, needs: node.needs, isTimed: isTimed)
      }
    } else {
      let levels = JobDependencies(of: jobs).levels(of: jobs)
      var boxOfJob = [Int](repeating: 0, count: jobs.count)
      boxes = jobs.filter { selection?.isIncluded[$0.index] ?? true }.enumerated().map { box, job in
        boxOfJob[job.index] = box
        let words = label(ofJob: job.index).split(separator: " ", maxSplits: 2).map(String.init)
        var lines = [words.prefix(2).joined(separator: " ")]
        if words.count > 2 { lines.append(words[2]) }
        return PlanPicture.Box(
          lines: lines, level: levels[job.index], needs: job.needs.map { boxOfJob[$0] }, isTimed: job.lane == .timed)
      }
    }
    let description = graphText(of: selection).split(separator: "\n").first.map(String.init) ?? ""
    return PlanPicture(title: "Plan of \(experimentName)", description: description, boxes: boxes).svg
  }
}

/// Boxes in columns with curves between them.
private struct PlanPicture {
  struct Box {
    var lines: [String]
    var level: Int
    var needs: [Int]
    var isTimed: Bool
  }

  let title: String
  let description: String
  let boxes: [Box]

  private let characterWidth = 7.2
  private let boxHeight = 38.0
  private let rowGap = 12.0
  private let columnGap = 56.0
  private let margin = 16.0

  var svg: String {
    let columnCount = (boxes.map(\.level).max() ?? -1) + 1
    var columns = [[Int]](repeating: [], count: columnCount)
    for (index, box) in boxes.enumerated() { columns[box.level].append(index) }
    let widths = columns.map { column in
      (column.flatMap { boxes[$0].lines.map { Double(min($0.count, 40)) } }.max() ?? 0) * characterWidth + 20
    }
    let tallest = Double(columns.map(\.count).max() ?? 0)
    let height = max(tallest * (boxHeight + rowGap) - rowGap, 0) + 2 * margin
    var rowOfBox = [Double](repeating: 0, count: boxes.count)
    var places = [(x: Double, y: Double, width: Double)](repeating: (0, 0, 0), count: boxes.count)
    var x = margin
    for (level, column) in columns.enumerated() {
      // Boxes stand at the mean height of what they need, so that few arrows cross.
      let means = column.map { index -> Double in
        let needs = boxes[index].needs
        return needs.isEmpty ? -1 : needs.map { rowOfBox[$0] }.reduce(0, +) / Double(needs.count)
      }
      let order = column.indices.sorted { (means[$0], column[$0]) < (means[$1], column[$1]) }
      let extent = Double(column.count) * (boxHeight + rowGap) - rowGap
      for (row, position) in order.enumerated() {
        let y = (height - extent) / 2 + Double(row) * (boxHeight + rowGap)
        rowOfBox[column[position]] = y
        places[column[position]] = (x, y, widths[level])
      }
      x += widths[level] + columnGap
    }
    let width = max(x - columnGap + margin, 2 * margin)
    return document(width, height, places)
  }

  private func document(
    _ width: Double, _ height: Double, _ places: [(x: Double, y: Double, width: Double)]
  ) -> String {
    let size = "\(number(width)) \(number(height))"
    var text = """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(size)" width="\(number(width))" height="\(number(height))" role="img">
      <title>\(XMLText.escaped(title))</title>
      <desc>\(XMLText.escaped(description))</desc>
      <style>
      .box { fill: #ffffff; stroke: #57606a; } .timed { stroke: #bc4c00; stroke-width: 2; }
      .edge { fill: none; stroke: #8c959f; } .head { fill: #8c959f; } .ground { fill: #ffffff; }
      text { font: 12px ui-monospace, Menlo, Consolas, monospace; fill: #1f2328; } .small { fill: #57606a; font-size: 11px; }
      @media (prefers-color-scheme: dark) {
      .box { fill: #161b22; stroke: #8b949e; } .timed { stroke: #f0883e; } .ground { fill: #0d1117; }
      .edge { stroke: #6e7681; } .head { fill: #6e7681; } text { fill: #e6edf3; } .small { fill: #9198a1; }
      }
      </style>
      <rect class="ground" width="100%" height="100%"/>

      """
    for (index, box) in boxes.enumerated() {
      for need in box.needs { text += edge(from: places[need], to: places[index]) }
    }
    for (box, place) in zip(boxes, places) {
      let style = box.isTimed ? "box timed" : "box"
      text += "<rect class=\"\(style)\" x=\"\(number(place.x))\" y=\"\(number(place.y))\" "
      text += "width=\"\(number(place.width))\" height=\"\(number(boxHeight))\" rx=\"5\"/>\n"
      let first = place.y + (box.lines.count == 1 ? 23 : 16)
      for (line, content) in box.lines.prefix(2).enumerated() {
        let shown = content.count > 40 ? content.prefix(39) + "…" : Substring(content)
        text += "<text\(line == 0 ? "" : " class=\"small\"") x=\"\(number(place.x + 10))\" "
        text += "y=\"\(number(first + Double(line) * 15))\">\(XMLText.escaped(String(shown)))</text>\n"
      }
    }
    return text + "</svg>\n"
  }

  private func edge(
    from start: (x: Double, y: Double, width: Double), to end: (x: Double, y: Double, width: Double)
  ) -> String {
    let (x1, y1) = (start.x + start.width, start.y + boxHeight / 2)
    let (x2, y2) = (end.x - 6, end.y + boxHeight / 2)
    let bend = columnGap / 2
    let curve =
      "M\(number(x1)) \(number(y1))C\(number(x1 + bend)) \(number(y1)) \(number(x2 - bend)) \(number(y2)) \(number(x2)) \(number(y2))"
    let head = "M\(number(end.x)) \(number(y2))l-7 -3.5v7z"
    return "<path class=\"edge\" d=\"\(curve)\"/>\n<path class=\"head\" d=\"\(head)\"/>\n"
  }

  private func number(_ value: Double) -> String {
    let rounded = (value * 10).rounded() / 10
    return rounded == rounded.rounded() ? String(Int(rounded)) : String(rounded)
  }
}
