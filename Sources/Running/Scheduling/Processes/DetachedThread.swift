import Glibc

/// A thread of its own for what waits most of the time; one that cannot be had is an error, where Foundation's silently does nothing.
enum DetachedThread {
  private final class Body: Sendable {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }

  /// Starts a thread.
  ///
  /// - Parameters:
  ///   - purpose: What it is for, such as "the worker 'w'".
  ///   - body: What it does.
  /// - Throws: `SchedulingError` with code `.system` if the system has no room for it; the body is not run then.
  static func start(for purpose: String, _ body: @escaping @Sendable () -> Void) throws(SchedulingError) {
    let carrier = Unmanaged.passRetained(Body(body))
    var thread = pthread_t()
    let status = pthread_create(
      &thread, nil,
      { argument in
        guard let argument else { return nil }
        Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run()
        return nil
      }, carrier.toOpaque())
    guard status == 0 else {
      carrier.release()
      throw SchedulingError(
        .system,
        "the system has no room for the thread of \(purpose): \(String(cString: strerror(status))); raise the limits on "
          + "processes and memory (ulimit -u, ulimit -v)")
    }
    pthread_detach(thread)
  }
}
