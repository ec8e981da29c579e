import Digest
import Files
import JSON

/// What the validation battery found about one encoder; evaluations refuse an encoder that failed it.
struct EncoderCertificate {
  /// The verdict of one check.
  struct Verdict {
    var check: String
    var passes: Bool
    var statistic: Double
    var threshold: Double

    var json: JSONValue {
      [
        "check": .string(check), "passed": .bool(passes), "statistic": .real(statistic), "threshold": .real(threshold),
      ]
    }
  }

  /// SHA-256 of the encoder's file.
  var encoder: String
  var verdicts: [Verdict]

  init(encoder: String, verdicts: [Verdict]) {
    self.encoder = encoder
    self.verdicts = verdicts
  }

  /// Reads a certificate that `write` made.
  init(contentsOf path: String) throws {
    func mistake(_ reason: String) -> ParameterError {
      ParameterError(
        "\(path) is no verdict of an encoder's battery: \(reason); run experiments/metrics.json to make one")
    }
    let bytes = try WholeFile.read(path, limit: 1 << 20)
    let json: JSONValue
    do throws(JSONError) {
      json = try JSONValue(parsing: bytes)
    } catch {
      throw mistake("it is not valid JSON: \(error.message)")
    }
    guard let encoder = json["encoder"]?.stringValue, let checks = json["checks"]?.arrayValue, !checks.isEmpty else {
      throw mistake("it has no 'encoder' and 'checks'")
    }
    verdicts = try checks.map { check in
      guard let name = check["check"]?.stringValue, let passes = check["passed"]?.boolValue else {
        throw mistake("a check has no 'check' and 'passed'")
      }
      return Verdict(
        check: name, passes: passes, statistic: check["statistic"]?.realValue ?? .nan,
        threshold: check["threshold"]?.realValue ?? .nan)
    }
    self.encoder = encoder
  }

  /// Joins the verdicts of several checks of one encoder.
  init(joining parts: [EncoderCertificate]) throws {
    guard let first = parts.first else { throw ParameterError("there is no verdict to join; name some in 'verdicts'") }
    guard parts.allSatisfy({ $0.encoder == first.encoder }) else {
      throw ParameterError("the verdicts are about different encoders; take those of one")
    }
    self.init(encoder: first.encoder, verdicts: parts.flatMap(\.verdicts))
  }

  var passes: Bool { verdicts.allSatisfy(\.passes) }

  func write(to path: String) throws {
    let json: JSONValue = [
      "format": 1, "encoder": .string(encoder), "passed": .bool(passes), "checks": .array(verdicts.map(\.json)),
    ]
    try WholeFile.replace(path, with: Array((json.prettyText + "\n").utf8))
  }

  /// Throws unless the verdicts are about the encoder in a file, and all good.
  func require(encoder path: String) throws {
    let digest = try Self.digest(of: path)
    guard digest == encoder else {
      throw ParameterError(
        "the battery's verdict is about the encoder \(encoder.prefix(12)), but \(path) is \(digest.prefix(12)); run the battery "
          + "on it with experiments/metrics.json")
    }
    let failed = verdicts.filter { !$0.passes }.map(\.check)
    guard failed.isEmpty else {
      throw ParameterError(
        "the encoder \(path) failed its battery (\(failed.joined(separator: ", "))) and may not judge; train a better one, or "
          + "evaluate without the metrics of an encoder")
    }
  }

  /// The digest by which a certificate names an encoder.
  static func digest(of path: String) throws -> String { try SHA256Digest(ofFile: path).hex }
}
