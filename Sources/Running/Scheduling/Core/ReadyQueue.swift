internal import HeapModule

/// Orders ready jobs: higher priority first, then the longer way to the end of the graph, then document order.
struct ReadyJob: Comparable, Sendable {
  var priority: Int
  /// Seconds of work on the longest way from this job to the end, itself included.
  var criticalPath: Double
  var index: Int

  /// A smaller value runs earlier.
  static func < (left: ReadyJob, right: ReadyJob) -> Bool {
    if left.priority != right.priority { return left.priority > right.priority }
    if left.criticalPath != right.criticalPath { return left.criticalPath > right.criticalPath }
    return left.index < right.index
  }
}

/// Ready throughput jobs in one heap for each resource signature, so that a signature that does not fit is passed over once and not
/// job by job.
struct ReadyQueue: Sendable {
  private struct Bucket: Sendable {
    let demand: [Int]
    var heap = Heap<ReadyJob>()
    /// How many starts have passed over the bucket's first job since it last started one.
    var overtaken = 0
  }

  /// After this many starts that pass over a job, jobs that compete with it wait until it has started.
  static let overtakingLimit = 32

  private var buckets: [Bucket] = []
  private var bucketOfDemand: [[Int]: Int] = [:]

  /// Returns the number of the bucket for a demand.
  mutating func bucket(for demand: [Int]) -> Int {
    if let known = bucketOfDemand[demand] { return known }
    buckets.append(Bucket(demand: demand))
    bucketOfDemand[demand] = buckets.count - 1
    return buckets.count - 1
  }

  func demand(ofBucket bucket: Int) -> [Int] { buckets[bucket].demand }

  mutating func insert(_ job: ReadyJob, into bucket: Int) {
    buckets[bucket].heap.insert(job)
  }

  /// The highest priority of any ready job.
  var bestPriority: Int? {
    buckets.compactMap { $0.heap.min?.priority }.max()
  }

  /// Whether some first job fits.
  func hasFitting(_ tokens: ResourceTokens) -> Bool {
    buckets.contains { !$0.heap.isEmpty && tokens.fits($0.demand) }
  }

  /// Removes and returns the best job that the free tokens allow.
  ///
  /// - Complexity: O(signatures + log jobs), amortised.
  mutating func takeBest(allowedBy tokens: ResourceTokens) -> ReadyJob? {
    let order = buckets.indices
      .compactMap { bucket in buckets[bucket].heap.min.map { (bucket: bucket, first: $0) } }
      .sorted { $0.first < $1.first }
    var passed: [Int] = []
    for (bucket, _) in order {
      let demand = buckets[bucket].demand
      guard tokens.fits(demand) else {
        passed.append(bucket)
        continue
      }
      let rivals = passed.filter { tokens.competes(demand, with: buckets[$0].demand) }
      guard rivals.allSatisfy({ buckets[$0].overtaken < Self.overtakingLimit }) else { continue }
      for rival in rivals { buckets[rival].overtaken += 1 }
      buckets[bucket].overtaken = 0
      return buckets[bucket].heap.popMin()
    }
    return nil
  }
}
