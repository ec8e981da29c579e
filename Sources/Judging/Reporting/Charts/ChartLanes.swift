/// Where values stand in a panel whose values run upward, or across if it lies on its side.
struct ChartLanes {
  let frame: PanelFrame
  let isHorizontal: Bool

  /// The scale of the values.
  var values: ChartScale { isHorizontal ? frame.x : frame.y }
  private var slots: ChartScale { isHorizontal ? frame.y : frame.x }
  /// Room for one name.
  var step: Double { isHorizontal ? frame.rowStep : frame.step }

  /// Whether a point lies within the axes.
  func shows(_ slot: Double, _ value: Double) -> Bool { slots.shows(slot) && values.shows(value) }

  /// Returns the place of a value, moved along the names.
  func place(_ value: Double, at slot: Double, shift: Double) -> (x: Double, y: Double) {
    point(values.position(values.clamped(value)), slots.position(slot) + shift)
  }

  /// Returns a place near the beginning of the axis of values.
  func edge(at slot: Double, shift: Double) -> (x: Double, y: Double) {
    isHorizontal
      ? (frame.plot.left + 8, slots.position(slot) + shift) : (slots.position(slot) + shift, frame.bottom - 8)
  }

  private func point(_ along: Double, _ across: Double) -> (x: Double, y: Double) {
    isHorizontal ? (along, across) : (across, along)
  }

  /// Draws an error bar, cut where the axis ends.
  func drawBar(_ bar: ChartModel.Bar, at slot: Double, shift: Double, _ style: String, on canvas: inout SVGCanvas) {
    let (upper, lower) = (place(bar.upper, at: slot, shift: shift), place(bar.lower, at: slot, shift: shift))
    if isHorizontal {
      canvas.line(lower.x, lower.y, upper.x, upper.y, style)
      canvas.line(lower.x, lower.y - 4, lower.x, lower.y + 4, style)
      canvas.line(upper.x, upper.y - 4, upper.x, upper.y + 4, style)
    } else {
      SeriesStyle.drawBar(upper.x, upper.y, lower.y, style, on: &canvas)
    }
  }

  /// Draws a line between two values.
  func drawSpan(
    _ low: Double, _ high: Double, at slot: Double, shift: Double, _ style: String, on canvas: inout SVGCanvas
  ) {
    let (upper, lower) = (place(high, at: slot, shift: shift), place(low, at: slot, shift: shift))
    canvas.line(upper.x, upper.y, lower.x, lower.y, style)
  }

  /// Draws a line at a value, as wide as a column.
  func drawLevel(
    _ value: Double, at slot: Double, shift: Double, width: Double, _ style: String, on canvas: inout SVGCanvas
  ) {
    let place = place(value, at: slot, shift: shift)
    if isHorizontal {
      canvas.line(place.x, place.y - width / 2, place.x, place.y + width / 2, style)
    } else {
      canvas.line(place.x - width / 2, place.y, place.x + width / 2, place.y, style)
    }
  }

  /// Returns the rectangle between two values.
  func box(
    _ low: Double, _ high: Double, at slot: Double, shift: Double, width: Double
  ) -> (x: Double, y: Double, width: Double, height: Double) {
    let (a, b) = (place(low, at: slot, shift: shift), place(high, at: slot, shift: shift))
    return isHorizontal
      ? (min(a.x, b.x), a.y - width / 2, abs(b.x - a.x), width)
      : (a.x - width / 2, min(a.y, b.y), width, abs(b.y - a.y))
  }

  /// Draws the sign of a column whose beginning is cut off: a gap in the form of a wave.
  func drawCut(at slot: Double, shift: Double, width: Double, on canvas: inout SVGCanvas) {
    let base = isHorizontal ? frame.plot.left + 8 : frame.bottom
    let centre = slots.position(slot) + shift
    let shifts: [(along: Double, across: Double)] = [(-4, -0.6), (-9, -0.2), (-4, 0.2), (-9, 0.6)]
    canvas.polyline(
      shifts.map { shift in
        point(base + (isHorizontal ? -shift.along : shift.along), centre + shift.across * width)
      }, "cut")
  }
}

extension PanelDrawing {
  /// The places of the panel.
  var lanes: ChartLanes { ChartLanes(frame: frame, isHorizontal: model.isHorizontal) }
}
