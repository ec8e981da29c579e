import NeuralNetwork
import Testing

@Suite struct RandomStreamTests {
  /// The known-answer vectors of the Random123 library for Philox4x32-10.
  @Test func `the generator gives the published answers`() {
    let first = RandomStream.philox(counter: (0, 0, 0, 0), key: (0, 0))
    #expect(first == (0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8))
    let ones = UInt32.max
    let second = RandomStream.philox(counter: (ones, ones, ones, ones), key: (ones, ones))
    #expect(second == (0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd))
    let third = RandomStream.philox(
      counter: (0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344), key: (0xa409_3822, 0x299f_31d0))
    #expect(third == (0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1))
  }

  @Test func `words follow from seed, stream and position alone`() {
    var a = RandomStream(seed: 0, stream: 0)
    #expect([a.nextUInt32(), a.nextUInt32()] == [0x6627_e8d5, 0xe169_c58d])
    var b = RandomStream(seed: 9, stream: 4)
    let words = (0..<100).map { _ in b.nextUInt32() }
    b.position = 37
    #expect(b.nextUInt32() == words[37])
    b.position = 3
    #expect(b.nextUInt32() == words[3])
    var other = RandomStream(seed: 9, stream: 5)
    #expect(other.nextUInt32() != words[0])
  }

  @Test func `normal numbers follow from the position, one by one or filled`() {
    var a = RandomStream(seed: 3, stream: 1)
    let single = (0..<51).map { _ in a.normal() }
    for start in 0..<4 {
      var b = RandomStream(seed: 3, stream: 1)
      b.position = UInt64(start)
      var filled = [Float](repeating: 0, count: 47)
      filled.withUnsafeMutableBufferPointer { b.fill(normal: $0) }
      #expect(filled == Array(single[start..<start + 47]))
      #expect(b.position == UInt64(start + 47))
    }
  }

  @Test func `normal numbers have the moments of the normal distribution`() {
    var stream = RandomStream(seed: 11, stream: 0)
    let count = 400_000
    let values = (0..<count).map { _ in Double(stream.normal()) }
    let moment = { (power: Int) in
      values.reduce(0) { sum, value in sum + (0..<power).reduce(1.0) { product, _ in product * value } } / Double(count)
    }
    #expect(abs(moment(1)) < 0.01)
    #expect(abs(moment(2) - 1) < 0.015)
    #expect(abs(moment(3)) < 0.04)
    #expect(abs(moment(4) - 3) < 0.1)
    let correlation = zip(values, values.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 } / Double(count)
    #expect(abs(correlation) < 0.01)
  }

  @Test func `uniform and whole numbers stay in their range and fill it`() {
    var stream = RandomStream(seed: 12, stream: 0)
    let values = (0..<100_000).map { _ in stream.uniform() }
    #expect(values.allSatisfy { $0 >= 0 && $0 < 1 })
    #expect(abs(values.reduce(0) { $0 + Double($1) } / 100_000 - 0.5) < 0.005)
    var counts = [Int](repeating: 0, count: 7)
    for _ in 0..<70_000 { counts[stream.integer(below: 7)] += 1 }
    #expect(counts.allSatisfy { abs($0 - 10_000) < 500 })
  }
}
