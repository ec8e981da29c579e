import Foundation

/// How much torture: the environment variable TORTURE_ROUNDS multiplies the short form.
enum Rounds {
  static let factor = max(1, Int(ProcessInfo.processInfo.environment["TORTURE_ROUNDS"] ?? "") ?? 1)
}
