import Dispatch
import Synchronization

/// Runs something asynchronous to its end, blocking the thread that libFuzzer calls on.
func waiting<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) throws -> Value {
  let result = Mutex<Result<Value, any Error>?>(nil)
  let end = DispatchSemaphore(value: 0)
  withExtendedLifetime(
    Task.detached {
      let outcome: Result<Value, any Error>
      do { outcome = .success(try await body()) } catch { outcome = .failure(error) }
      result.withLock { $0 = outcome }
      end.signal()
    }
  ) { end.wait() }
  guard let outcome = result.withLock({ $0 }) else { fatalError("a task ended without its result") }
  return try outcome.get()
}
