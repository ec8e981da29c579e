import SeriesReview
import ResultsStore
import Testing

@Suite struct `Nightly reviews` {
  private let time = "timing:time"
  private let distance = "quality:frechet"

  private func verdict(_ address: String, in review: NightReview) throws -> NightCell.Verdict {
    try #require(review.cells.first { $0.address == address }, "\(review.cells.map(\.address))").verdict
  }

  @Test func `thirty nights without change are steady`() throws {
    let fixture = try NightFixture()
    for _ in 0..<30 { try fixture.add(PlantedNight()) }
    let review = try fixture.review()
    #expect(review.cells.map(\.address) == [time, distance])
    #expect(try verdict(time, in: review) == .steady)
    #expect(try verdict(distance, in: review) == .steady)
    #expect(review.exitCode == 0 && review.nights.count == 30 && review.nights.allSatisfy { !$0.isBlind })
    #expect(review.tonight?.timedAttempts == 5 && review.tonight?.busyAttempts == 0)
  }

  @Test func `a slow-down of 6 % is seen on its first night, stays until it is accepted, and is quiet then`() throws {
    let fixture = try NightFixture(seed: 2)
    for _ in 0..<19 { try fixture.add(PlantedNight()) }
    try fixture.add(PlantedNight(time: 0.0106))
    let first = try fixture.review()
    #expect(try verdict(time, in: first) == .unusual(.up))
    #expect(first.exitCode == 1)
    for _ in 0..<10 { try fixture.add(PlantedNight(time: 0.0106)) }
    let last = try fixture.review()
    let cell = try #require(last.cells.first { $0.address == time })
    #expect(cell.verdict == .shifted(.up, since: 19), "\(cell.changes)")
    #expect(abs((cell.relativeChange ?? 0) - 0.06) < 0.015)
    #expect(cell.verdictText == "slower for good")
    #expect(try verdict(distance, in: last) == .steady)
    #expect(last.exitCode == 1)

    let level = try #require(cell.acceptableLevel)
    #expect(level.nights == 11)
    try fixture.store.accept([
      BaselineRecord(
        experiment: "nightly", cell: time, run: last.tonight?.run ?? 0, value: level.value, unit: "s",
        nights: level.nights, acceptedBy: "Ada", reason: "two more steps")
    ])
    let accepted = try fixture.review()
    #expect(try verdict(time, in: accepted) == .steady)
    #expect(accepted.exitCode == 0)
    #expect(accepted.cells[0].baseline?.acceptedBy == "Ada")
    try fixture.add(PlantedNight(time: 0.0106))
    #expect(try fixture.review().exitCode == 0)
    try fixture.add(PlantedNight(time: 0.0114))
    #expect(try verdict(time, in: fixture.review()) == .unusual(.up))
  }

  @Test(arguments: [
    ("greater", 0.022, false), ("greater", 0.018, true), ("less", 0.022, true), ("less", 0.018, false),
    ("neither", 0.022, true), (nil, 0.022, true), (nil, 0.018, true),
  ])
  func `a quantity that moves the better way is no regression`(better: String?, value: Double, isWorse: Bool) throws {
    let fixture = try NightFixture(seed: 7, better: better)
    for night in 0..<16 { try fixture.add(PlantedNight(distance: 0.02 * (1 + 0.0005 * Double(night % 3)))) }
    try fixture.add(PlantedNight(distance: value))
    let cell = try #require(try fixture.review().cells.first { $0.address == distance })
    #expect(cell.verdict == .unusual(value > 0.02 ? .up : .down))
    #expect(cell.isRegression == isWorse)
  }

  @Test func `what became better must not become worse again, whichever way that is`() throws {
    let fixture = try NightFixture(seed: 8, better: "greater")
    for level in [0.02, 0.03, 0.02] {
      for night in 0..<12 { try fixture.add(PlantedNight(distance: level * (1 + 0.0005 * Double(night % 3)))) }
    }
    let cell = try #require(try fixture.review().cells.first { $0.address == distance })
    #expect(cell.verdict == .shifted(.down, since: 24), "\(cell.verdict) \(cell.changes)")
    #expect(cell.isRegression)
  }

  @Test func `a new level accepted on its first night raises no alarm on the next ones`() throws {
    let fixture = try NightFixture(seed: 3)
    for _ in 0..<15 { try fixture.add(PlantedNight()) }
    let run = try fixture.add(PlantedNight(time: 0.012))
    let cell = try #require(try fixture.review().cells.first { $0.address == time })
    #expect(cell.verdict == .unusual(.up) && cell.acceptableLevel?.nights == 1)
    try fixture.store.accept([
      BaselineRecord(
        experiment: "nightly", cell: time, run: run, value: 0.012, unit: "s", nights: 1, acceptedBy: "Ada",
        reason: "larger model")
    ])
    for night in 0..<8 {
      if night > 0 { try fixture.add(PlantedNight(time: 0.012)) }
      let review = try fixture.review()
      let found = try #require(review.cells.first { $0.address == time })
      #expect(
        found.verdict == .steady,
        "night \(night): \(found.verdictText), expected \(found.expected as Any), changes \(found.changes), reference \(found.reference as Any), points \(found.points.map(\.value))"
      )
    }
  }

  @Test func `a drift of 0.4 % a night is seen in the end`() throws {
    let fixture = try NightFixture(seed: 4)
    for night in 0..<30 { try fixture.add(PlantedNight(time: 0.01 * (1 + 0.004 * Double(night)))) }
    let review = try fixture.review()
    guard case .shifted(.up, _) = try verdict(time, in: review) else {
      Issue.record("\(review.cells[0])")
      return
    }
    #expect(review.exitCode == 1)
  }

  @Test func `an odd night alarms once and changes nothing afterwards`() throws {
    let fixture = try NightFixture(seed: 5)
    for _ in 0..<11 { try fixture.add(PlantedNight()) }
    try fixture.add(PlantedNight(time: 0.013, isQuiet: false))
    let odd = try fixture.review()
    #expect(try verdict(time, in: odd) == .unusual(.up))
    #expect(odd.tonight?.busyAttempts == 5 && odd.exitCode == 1)
    for night in 0..<18 {
      try fixture.add(PlantedNight())
      let review = try fixture.review()
      #expect(try verdict(time, in: review) == .steady, "night \(night)")
      #expect(review.cells[0].changes.isEmpty)
    }
  }

  @Test func `a blind night neither alarms nor counts as history`() throws {
    let fixture = try NightFixture(seed: 6)
    for _ in 0..<14 { try fixture.add(PlantedNight()) }
    try fixture.add(PlantedNight(time: 0.012, canary: 0))
    let missed = try fixture.review()
    #expect(missed.tonight?.isBlind == true && missed.exitCode == 3)
    #expect(missed.tonight?.blindReasons.first?.contains("made slower by 5.0 %, was not found to be") == true)
    #expect(try verdict(time, in: missed) == .undecided("the night is blind"))
    try fixture.add(PlantedNight(identity: 0.05))
    let alarmed = try fixture.review()
    #expect(alarmed.exitCode == 3)
    #expect(alarmed.tonight?.blindReasons.first?.contains("the same thing twice, seems slower") == true)
    for _ in 0..<14 { try fixture.add(PlantedNight()) }
    let review = try fixture.review()
    #expect(review.exitCode == 0 && review.nights.count(where: \.isBlind) == 2)
    #expect(review.cells[0].points.count == 30 && review.cells[0].points.count(where: \.isUsable) == 28)
  }

  @Test func `a quantity that does not vary may not change at all, but a faster one is welcome`() throws {
    let fixture = try NightFixture(seed: 7)
    for _ in 0..<12 { try fixture.add(PlantedNight()) }
    try fixture.add(PlantedNight(time: 0.009, distance: 0.0198))
    let review = try fixture.review()
    #expect(try verdict(distance, in: review) == .unusual(.down))
    #expect(try verdict(time, in: review) == .unusual(.down))
    #expect(review.cells.map(\.isRegression) == [false, true])
    #expect(review.cells.map(\.verdictText) == ["faster tonight", "lower tonight"])
  }

  @Test func `without history nothing is decided`() throws {
    let fixture = try NightFixture(seed: 8)
    for _ in 0..<5 { try fixture.add(PlantedNight()) }
    let review = try fixture.review()
    #expect(try verdict(time, in: review) == .waiting(nights: 4, needed: 8))
    #expect(review.exitCode == 3)
    #expect(try NightReview(of: "unknown", in: fixture.store).exitCode == 3)
  }

  @Test func `what was invalidated is stale and no history`() throws {
    let fixture = try NightFixture(seed: 9)
    for _ in 0..<12 { try fixture.add(PlantedNight()) }
    let run = try fixture.add(PlantedNight(time: 0.02))
    #expect(try fixture.review().exitCode == 1)
    var selection = AttemptSelection()
    (selection.run, selection.stage) = (run, "timing")
    try fixture.store.invalidate(selection, reason: "a build was running")
    let stale = try fixture.review()
    #expect(try verdict(time, in: stale) == .stale("a build was running"))
    #expect(stale.exitCode == 3)
    try fixture.add(PlantedNight())
    let next = try fixture.review()
    #expect(next.exitCode == 0 && next.cells[0].points.count(where: \.isUsable) == 13)
  }
}
