internal import CProcess
import Glibc

/// The wire form of a start request.
enum StartMessage {
  /// Longest request; more than the kernel accepts for arguments and environment together.
  private static let bodyLimit = 8 << 20

  /// Longest request that is sent whole or not at all.
  private static let atomicLimit = 16 << 10

  /// Sends the request and closes this side's descriptors.
  ///
  /// - Parameters:
  ///   - request: What to start.
  ///   - id: Its name.
  ///   - reportsStart: Whether a report is wanted as soon as the program runs.
  ///   - control: The socket.
  ///   - waits: Whether to wait until there is room in the socket.
  /// - Returns: False if nothing was sent, because that would have meant waiting, or the supervisor is gone.
  /// - Throws: `SchedulingError` if it cannot be sent; `.supervisorMissing` only when waiting, and only if it is dead.
  @discardableResult
  static func send(
    _ request: ProcessRequest, id: UInt64, reportsStart: Bool, to control: Int32, waits: Bool = true
  ) throws(SchedulingError) -> Bool {
    guard !request.arguments.isEmpty else { throw SchedulingError(.system, "the command has no words") }
    var descriptors: [Int32] = []
    var passed: UInt32 = 0
    for (index, stream) in request.streams.enumerated() {
      guard case .descriptor(let descriptor) = stream else { continue }
      descriptors.append(descriptor)
      passed |= 1 << index
    }
    if let flaw = flaw(of: request) {
      throw SchedulingError(.malformedPlan, "cannot start '\(request.arguments[0])': \(flaw)")
    }
    let body = body(of: request, passed: passed, reportsStart: reportsStart)
    guard waits || body.count <= atomicLimit else { return false }
    guard body.count <= bodyLimit else {
      throw SchedulingError(
        .malformedPlan,
        "cannot start '\(request.arguments[0])': its arguments and environment have \(body.count >> 20) MiB, but a command "
          + "takes at most \(bodyLimit >> 20); hand large values over in files")
    }
    var head = cprocess_request(id: id, kind: CPROCESS_START.rawValue, length: UInt32(body.count))
    guard cprocess_send(control, &head, body, descriptors, Int32(descriptors.count), waits ? 1 : 0) == 0 else {
      let error = errno
      guard waits else { return false }
      guard error == EPIPE || error == ECONNRESET else {
        throw SchedulingError(
          .system,
          "the job supervisor cannot be asked to start '\(request.arguments[0])': \(String(cString: strerror(error)))")
      }
      throw SchedulingError(.supervisorMissing, "the job supervisor died")
    }
    closeDescriptors(of: request)
    return true
  }

  /// Closes the descriptors that the request handed over.
  static func closeDescriptors(of request: ProcessRequest) {
    for case .descriptor(let descriptor) in request.streams { close(descriptor) }
  }

  private static func body(of request: ProcessRequest, passed: UInt32, reportsStart: Bool) -> [UInt8] {
    var start = cprocess_start()
    start.time_limit_ms = request.timeLimitSeconds.map { milliseconds($0) } ?? 0
    start.grace_ms = milliseconds(request.graceSeconds)
    start.stdout_limit = limit(of: request.standardOutput)
    start.stderr_limit = limit(of: request.standardError)
    start.memory_limit_kib = request.memoryLimitBytes.map { UInt64(max($0 >> 10, 1)) } ?? 0
    start.reports_start = reportsStart ? 1 : 0
    start.passed = passed
    start.argument_count = UInt32(request.arguments.count)
    start.environment_count = UInt32(request.environment.count)
    var body = withUnsafeBytes(of: start) { Array($0) }
    for string in [request.workingDirectory, path(of: request.standardOutput), path(of: request.standardError)]
      + request.arguments
    {
      append(string, to: &body)
    }
    for (name, value) in request.environment {
      append(name, to: &body)
      body[body.count - 1] = UInt8(ascii: "=")
      append(value, to: &body)
    }
    return body
  }

  /// What no program can be given: the system takes texts that end at their first zero byte, and variables that end their name at '='.
  private static func flaw(of request: ProcessRequest) -> String? {
    func hasZero(_ text: String) -> Bool { text.utf8.contains(0) }
    if let place = request.arguments.firstIndex(where: hasZero) {
      return "its argument \(place) has a zero byte, at which the system would cut it"
    }
    for (name, value) in request.environment where hasZero(value) || hasZero(name) || name.isEmpty || name.contains("=")
    {
      let problem = hasZero(value) ? "has a zero byte, at which the system would cut it" : "is no name of a variable"
      return "the environment variable '\(name)' \(problem)"
    }
    let paths = [request.workingDirectory, path(of: request.standardOutput), path(of: request.standardError)]
    return paths.first(where: hasZero).map { "the path '\($0)' has a zero byte" }
  }

  private static func append(_ string: String, to body: inout [UInt8]) {
    body.append(contentsOf: string.utf8)
    body.append(0)
  }

  private static func path(of stream: ProcessRequest.Stream) -> String {
    if case .file(let path, _) = stream { return path }
    return ""
  }

  private static func limit(of stream: ProcessRequest.Stream) -> UInt64 {
    if case .file(_, let limit) = stream { return UInt64(max(limit, 2)) }
    return 0
  }

  /// At least one, so that a tiny limit is not taken for none; a year at most.
  private static func milliseconds(_ seconds: Double) -> Int64 { Int64(min(max(seconds * 1000, 1), 31.5e9)) }
}
