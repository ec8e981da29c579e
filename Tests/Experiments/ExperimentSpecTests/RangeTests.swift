import ExperimentSpec
import JSON
import Testing

@Suite struct Ranges {
  private func read(_ range: String) -> SpecReading {
    let text = "{\"name\": \"x\", \"axes\": {\"a\": \(range)}, \"stages\": {\"s\": {\"command\": [\"x\"]}}}"
    return SpecReading(SourceText(name: "x.json", text: text))
  }

  private func texts(_ range: String) throws -> [String] {
    let reading = read(range)
    #expect(reading.diagnostics.map(\.message) == [])
    return try #require(reading.experiment).axes[0].members[0].values.map(\.interpolatedText)
  }

  @Test(arguments: [
    (#"{"from": 9223372036854775807, "to": 9223372036854775807}"#, ["9223372036854775807"]),
    (
      #"{"from": 9223372036854775805, "to": 9223372036854775807, "by": 2}"#,
      ["9223372036854775805", "9223372036854775807"]
    ),
    (#"{"from": -9223372036854775808, "to": -9223372036854775807}"#, ["-9223372036854775808", "-9223372036854775807"]),
    (
      #"{"from": -9223372036854775808, "to": 9223372036854775807, "by": 9223372036854775807}"#,
      ["-9223372036854775808", "-1", "9223372036854775806"]
    ),
    (
      #"{"from": 9007199254740993, "to": 9007199254740995}"#,
      ["9007199254740993", "9007199254740994", "9007199254740995"]
    ),
    (#"{"from": 5, "to": 4.5, "by": -1}"#, ["5"]),
    (#"{"from": 1e-13, "to": 5e-13, "by": 1e-13}"#, ["1e-13", "2e-13", "3e-13", "4e-13", "5e-13"]),
    (#"{"from": 0, "to": 0.7, "by": 0.1}"#, ["0.0", "0.1", "0.2", "0.3", "0.4", "0.5", "0.6", "0.7"]),
    (#"{"from": 1000000, "to": 1000000.3, "by": 0.1}"#, ["1000000.0", "1000000.1", "1000000.2", "1000000.3"]),
    (#"{"from": 0.3, "to": -0.3, "by": -0.3}"#, ["0.3", "0.0", "-0.3"]),
    (#"{"from": 1e300, "to": 3e300, "by": 1e300}"#, ["1e+300", "2e+300", "3e+300"]),
    (#"{"from": 0, "to": 1e308, "by": 5e307}"#, ["0.0", "5e+307", "1e+308"]),
    (#"{"from": 5e-324, "to": 5e-324, "by": 1e-323}"#, ["5e-324"]),
    (#"{"from": 1, "to": 1.7976931348623157e308, "by": 1.7e308}"#, ["1.0"]),
  ])
  func `values are exact to the digits that are written`(range: String, expected: [String]) throws {
    // Between 1 and 1e308 there are too many digits for exact steps, and that is said.
    if range.contains("1.79") {
      #expect(read(range).diagnostics.first?.message.contains("that no number holds exactly enough") == true)
    } else {
      #expect(try texts(range) == expected)
    }
  }

  @Test(arguments: [
    (#"{"from": 1, "to": 9223372036854775807}"#, "axis 'a' has more than 1000000 values"),
    (#"{"from": -9223372036854775808, "to": 9223372036854775807}"#, "axis 'a' has more than 1000000 values"),
    (#"{"from": 0, "to": 1, "by": 1e-30}"#, "axis 'a' has more than 1000000 values"),
    (
      #"{"from": 0, "to": 1, "by": 5e-324}"#,
      "axis 'a' has values that no number holds exactly enough to tell them apart"
    ),
    (
      #"{"from": 9007199254740992.0, "to": 9007199254740994.0, "by": 0.5}"#,
      "axis 'a' has values that no number holds exactly enough to tell them apart"
    ),
    (
      #"{"from": 9000000000000000000, "to": 2e19, "by": 5000000000000000000}"#,
      "axis 'a' has values that no number holds exactly enough to tell them apart"
    ),
    (#"{"from": 1, "to": 2, "by": -1}"#, "axis 'a' is empty: 'to' lies before 'from'"),
    (#"{"from": 1, "to": 2, "by": 0.0}"#, "'by' of axis 'a' must not be 0"),
  ])
  func `a range that cannot be listed is a mistake at its place`(range: String, message: String) {
    let reading = read(range)
    #expect(reading.experiment == nil)
    #expect(reading.diagnostics.map(\.message) == [message])
    #expect(reading.diagnostics.first?.place.location.line == 1)
  }
}
