/// How long a worker process had been serving when it took up an attempt.
public struct WorkerWarmth: Sendable, Hashable {
  /// 1 for the first request of the process.
  public var request: Int
  /// Time since the process said hello, seconds.
  public var ageSeconds: Double

  /// Makes a reading.
  public init(request: Int, ageSeconds: Double) {
    self.request = request
    self.ageSeconds = ageSeconds
  }
}
