import Glibc

/// A thread that waits for work and does it, with a stack large enough for kernel generators.
final class ShardThread {
  /// Shared with the thread, which keeps it alive until it has left its loop.
  private final class Mailbox: @unchecked Sendable {
    var job: (() -> Void)?
    let ready = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)
    let done = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

    init() {
      sem_init(ready, 0, 0)
      sem_init(done, 0, 0)
    }

    deinit {
      sem_destroy(ready)
      sem_destroy(done)
      ready.deallocate()
      done.deallocate()
    }

    func serve() {
      while true {
        ShardThread.wait(ready)
        if !runJob() { return }
        sem_post(done)
      }
    }

    /// A function of its own, so that no reference to the job is left when its end is announced.
    @inline(never)
    private func runJob() -> Bool {
      guard let job else { return false }
      self.job = nil
      job()
      return true
    }
  }

  private let mailbox = Mailbox()
  private var thread = pthread_t()

  init() {
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    pthread_attr_setstacksize(&attributes, 16 << 20)
    let context = Unmanaged.passRetained(mailbox).toOpaque()
    let status = pthread_create(
      &thread, &attributes,
      { context in
        if let context { Unmanaged<Mailbox>.fromOpaque(context).takeRetainedValue().serve() }
        return nil
      }, context)
    pthread_attr_destroy(&attributes)
    precondition(status == 0, "no further thread can be started (error \(status)): use fewer shards")
  }

  deinit {
    sem_post(mailbox.ready)
    pthread_join(thread, nil)
  }

  /// Starts a job; `finish()` must follow before the next one.
  func start(_ job: @escaping () -> Void) {
    mailbox.job = job
    sem_post(mailbox.ready)
  }

  /// Waits for the job.
  func finish() { ShardThread.wait(mailbox.done) }

  private static func wait(_ semaphore: UnsafeMutablePointer<sem_t>) {
    while sem_wait(semaphore) != 0 {}
  }
}
