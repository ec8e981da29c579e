import Testing
import WorkerProtocol

/// What a command or a worker may say of its measurements, and what is said to it otherwise.
@Suite struct TaskMeasurementsTests {
  private func message(_ text: String) -> String? {
    do throws(WorkerProtocolError) {
      _ = try TaskMeasurements(parsing: Array(text.utf8))
      return nil
    } catch {
      return error.message
    }
  }

  @Test(arguments: [
    (#"{"x": 0.93}"#, "the result has the unknown member 'x'; values stand in a list, as in {\"metrics\": ["),
    (#"{"metric": []}"#, "the result has the unknown member 'metric'; did you mean 'metrics'?"),
    (#"{"type": "result", "id": "1"}"#, "the result has the unknown member 'type'; values stand in a list"),
    (
      #"{"metrics": [{"name": "a", "value": 1, "units": "s"}]}"#,
      "'metrics[0]' of the result has the unknown member 'units'; did you mean 'unit'?"
    ),
    (
      #"{"samples": [{"metric": "a", "value": 1, "repetition": 0, "warmUp": true}]}"#,
      "'samples[0]' of the result has the unknown member 'warmUp'; did you mean 'warmup'?"
    ),
    (
      #"{"artifacts": [{"name": "a", "file": "x"}]}"#,
      "'artifacts[0]' of the result has the unknown member 'file'; it has 'name', 'path', 'mediaType'"
    ),
    (
      #"{"samples": [{"metric": "a", "value": 1, "repetition": -1}]}"#,
      "member 'repetition' of 'samples[0]' of the result should be an integer from 0; it is -1"
    ),
    (
      #"{"metrics": [{"name": "", "value": 1}]}"#,
      "member 'name' of 'metrics[0]' of the result should be a name, not an empty text"
    ),
    (
      #"{"metrics": [{"name": "a\u0000b", "value": 1}]}"#,
      "member 'name' of 'metrics[0]' of the result should be a text without control characters, not one with U+0000"
    ),
    (
      #"{"metrics": [{"name": "a", "unit": "\u001b[2J", "value": 1}]}"#,
      "member 'unit' of 'metrics[0]' of the result should be a text without control characters, not one with U+001B"
    ),
    (
      #"{"artifacts": [{"name": "a\u0000b", "path": "x"}]}"#,
      "member 'name' of 'artifacts[0]' of the result should be a text without control characters, not one with U+0000"
    ),
    (
      #"{"artifacts": [{"name": "a", "path": "x\u0000y"}]}"#,
      "member 'path' of 'artifacts[0]' of the result should be a path of at most 4096 bytes, not an empty text"
    ),
    (
      #"{"metrics": [{"name": "a", "value": "0.5"}]}"#,
      "member 'value' of 'metrics[0]' of the result should be a number, or one of the strings"
    ),
    (
      #"{"samples": [{"metric": "a", "repetition": 0, "block": -1, "value": 1}]}"#,
      "member 'block' of 'samples[0]' of the result should be an integer from 0; it is -1"
    ),
    (
      #"{"samples": [{"metric": "a", "repetition": 0, "position": -7, "value": 1}]}"#,
      "member 'position' of 'samples[0]' of the result should be an integer from 0; it is -7"
    ),
    (
      #"{"samples": [{"metric": "a", "repetition": 9223372036854775807, "value": 1}]}"#,
      "member 'repetition' of 'samples[0]' of the result should be an integer up to 9007199254740992"
    ),
    (
      #"{"metrics": [{"name": "  ", "value": 1}]}"#,
      "member 'name' of 'metrics[0]' of the result should be a name with something to see, not only spaces"
    ),
    (
      #"{"metrics": [{"name": "loss ", "value": 1}]}"#,
      "member 'name' of 'metrics[0]' of the result should be a text without spaces at its ends"
    ),
    ("[]", "the result should be an object, not an array"),
    ("", "the result is not JSON: 1:1: the text ends where a value was expected"),
    (#"{"metrics": [{"name": "a", "value": 1e999}]}"#, "the result is not JSON: 1:37: the number is beyond the range"),
  ])
  func `what cannot be used is told with its place and its cure`(text: String, expected: String) {
    let message = message(text)
    #expect(message?.hasPrefix(expected) == true, "\(message ?? "accepted")")
  }

  @Test func `a name has an end`() {
    let name = String(repeating: "ä", count: 513)
    #expect(
      message(#"{"metrics": [{"name": "\#(name)", "value": 1}]}"#)?.contains("at most 1024 bytes, not 1026") == true)
  }

  @Test(arguments: ["{}", #"{"metrics": []}"#, #"{"samples": null}"#])
  func `nothing measured is fine`(text: String) { #expect(message(text) == nil) }

  @Test func `what Python writes for a diverged loss is a value`() throws {
    let text = #"{"metrics": [{"name": "loss", "value": NaN}, {"name": "peak", "value": Infinity}]}"#
    let metrics = try TaskMeasurements(parsing: Array(text.utf8)).metrics
    #expect(metrics[0].value.isNaN && metrics[1].value == .infinity)
  }
}
