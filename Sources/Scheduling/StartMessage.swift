internal import CProcess
import Glibc

/// The wire form of a start request.
enum StartMessage {
  /// Longest request; more than the kernel accepts for arguments and environment together.
  private static let bodyLimit = 8 << 20

  /// Opens the request's files, sends it and closes this side's descriptors.
  ///
  /// `reportsStart` asks for a report as soon as the program runs.
  static func send(
    _ request: ProcessRequest, id: UInt64, reportsStart: Bool, to control: Int32
  ) throws(SchedulingError) {
    guard !request.arguments.isEmpty else { throw SchedulingError(.system, "the command has no words") }
    var descriptors: [Int32] = []
    defer { for descriptor in descriptors { close(descriptor) } }
    for (stream, flags) in [
      (request.standardInput, O_RDONLY), (request.standardOutput, O_WRONLY), (request.standardError, O_WRONLY),
    ] {
      if case .descriptor(let own) = stream {
        // A copy, so that a failure leaves the original to `closeDescriptors`.
        descriptors.append(fcntl(own, F_DUPFD_CLOEXEC, 3))
        guard descriptors.last ?? -1 >= 0 else { throw cannot("copy a descriptor") }
      } else {
        descriptors.append(try open(stream, flags))
      }
    }
    let body = body(of: request, reportsStart: reportsStart)
    guard body.count <= bodyLimit else {
      throw SchedulingError(
        .malformedPlan,
        "cannot start '\(request.arguments[0])': its arguments and environment have \(body.count >> 20) MiB, but a command "
          + "takes at most \(bodyLimit >> 20); hand large values over in files")
    }
    var head = cprocess_request(id: id, kind: CPROCESS_START.rawValue, length: UInt32(body.count))
    guard cprocess_send(control, &head, body, descriptors, 3) == 0 else {
      throw SchedulingError(.supervisorMissing, "the job supervisor died")
    }
    closeDescriptors(of: request)
  }

  /// Closes the descriptors that the request handed over.
  static func closeDescriptors(of request: ProcessRequest) {
    for case .descriptor(let descriptor) in [request.standardInput, request.standardOutput, request.standardError] {
      close(descriptor)
    }
  }

  private static func open(_ stream: ProcessRequest.Stream, _ flags: Int32) throws(SchedulingError) -> Int32 {
    let path: String
    let descriptor: Int32
    switch stream {
    case .file(let file, _):
      path = file
      descriptor = cprocess_create_file(file)
    case .null, .descriptor:
      path = "/dev/null"
      descriptor = Glibc.open(path, flags | O_CLOEXEC)
    }
    guard descriptor >= 0 else {
      throw cannot("open '\(path)'")
    }
    return descriptor
  }

  private static func cannot(_ action: String) -> SchedulingError {
    let error = errno
    let cure = error == EMFILE || error == ENFILE ? "; raise the limit on open files (ulimit -n)" : ""
    return SchedulingError(.system, "cannot \(action): \(String(cString: strerror(error)))\(cure)")
  }

  private static func body(of request: ProcessRequest, reportsStart: Bool) -> [UInt8] {
    var start = cprocess_start()
    start.time_limit_ms = request.timeLimitSeconds.map { milliseconds($0) } ?? 0
    start.grace_ms = milliseconds(request.graceSeconds)
    start.stdout_limit = limit(of: request.standardOutput)
    start.stderr_limit = limit(of: request.standardError)
    start.memory_limit_kib = request.memoryLimitBytes.map { UInt64(max($0 >> 10, 1)) } ?? 0
    start.reports_start = reportsStart ? 1 : 0
    start.argument_count = UInt32(request.arguments.count)
    start.environment_count = UInt32(request.environment.count)
    var body = withUnsafeBytes(of: start) { Array($0) }
    let variables = request.environment.map { "\($0.key)=\($0.value)" }
    for string in [request.workingDirectory] + request.arguments + variables {
      // A zero byte inside would shift all that follows.
      body.append(contentsOf: string.utf8.prefix { $0 != 0 })
      body.append(0)
    }
    return body
  }

  private static func limit(of stream: ProcessRequest.Stream) -> UInt64 {
    if case .file(_, let limit) = stream { return UInt64(max(limit, 2)) }
    return 0
  }

  /// At least one, so that a tiny limit is not taken for none; a year at most.
  private static func milliseconds(_ seconds: Double) -> Int64 { Int64(min(max(seconds * 1000, 1), 31.5e9)) }
}
