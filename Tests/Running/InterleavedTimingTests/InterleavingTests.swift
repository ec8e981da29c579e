import Testing
import InterleavedTiming

@Suite struct InterleavingTests {
  /// The variants in the order of their turns, round by round; each turn takes a second.
  private func rounds(
    _ plan: MeasurementPlan, variants: Int, seed: UInt64 = 1, value: (Int, Int) -> Double = { _, _ in 1 }
  ) -> [[Int]] {
    var interleaving = Interleaving(variants: variants, plan: plan, seed: seed)
    var rounds: [[Int]] = []
    while let turn = interleaving.next() {
      if turn.position == 0 { rounds.append([]) }
      rounds[turn.repetition].append(turn.variant)
      interleaving.record(value(turn.variant, turn.repetition), spent: 1)
    }
    return rounds
  }

  @Test func `every second round runs in the opposite order`() {
    #expect(
      rounds(MeasurementPlan(warmup: 0, repetitions: 4), variants: 2) == [[0, 1], [1, 0], [0, 1], [1, 0]])
  }

  @Test func `the paper's order never changes`() {
    #expect(
      rounds(MeasurementPlan(warmup: 1, repetitions: 2, order: .fixed), variants: 2) == [[0, 1], [0, 1], [0, 1]])
  }

  @Test(arguments: 1...20)
  func `random orders come with their reverse and give each thing each place equally often`(seed: UInt64) {
    let rounds = rounds(MeasurementPlan(warmup: 2, repetitions: 40, order: .random), variants: 3, seed: seed)
    #expect(rounds.count == 42)
    for pair in stride(from: 0, to: 42, by: 2) {
      #expect(rounds[pair].sorted() == [0, 1, 2])
      #expect(rounds[pair + 1] == rounds[pair].reversed())
    }
    #expect(Set(rounds).count > 2)
  }

  @Test func `the same seed draws the same orders`() {
    let plan = MeasurementPlan(repetitions: 30, order: .random)
    #expect(rounds(plan, variants: 2, seed: 5) == rounds(plan, variants: 2, seed: 5))
    #expect(rounds(plan, variants: 2, seed: 5) != rounds(plan, variants: 2, seed: 6))
  }

  @Test func `a time budget ends the measurement after a pair of rounds`() {
    let rounds = rounds(MeasurementPlan(warmup: 2, repetitions: 100, timeBudget: 21), variants: 2)
    #expect(rounds.count == 12)
  }

  @Test func `a precision is reached sooner where the noise is small`() {
    func count(noise: Double) -> Int {
      let precision = MeasurementPlan.Precision(halfWidth: 0.02, maximumRepetitions: 5_000)
      let plan = MeasurementPlan(warmup: 0, repetitions: 10, precision: precision)
      return rounds(plan, variants: 2) { variant, repetition in
        variant == 0 ? 1 : 2 * (1 + noise * (repetition % 2 == 0 ? 1 : -1))
      }.count
    }
    let (quiet, noisy) = (count(noise: 0.02), count(noise: 0.1))
    #expect(quiet >= 10)
    #expect(noisy > 4 * quiet)
    #expect(noisy < 5_000)
  }

  @Test func `a precision that cannot be reached stops at the maximum`() {
    let precision = MeasurementPlan.Precision(halfWidth: 1e-9, maximumRepetitions: 20)
    let plan = MeasurementPlan(warmup: 1, repetitions: 5, precision: precision)
    #expect(rounds(plan, variants: 2) { variant, repetition in Double(1 + variant + repetition) }.count == 21)
  }

  @Test func `warm-up rounds are marked and do not count`() {
    var interleaving = Interleaving(variants: 1, plan: MeasurementPlan(warmup: 2, repetitions: 3), seed: 1)
    var marks: [Bool] = []
    while let turn = interleaving.next() {
      marks.append(turn.isWarmup)
      interleaving.record(1, spent: 1)
    }
    #expect(marks == [true, true, false, false, false])
  }
}
