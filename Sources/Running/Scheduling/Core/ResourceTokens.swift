/// Pools of tokens, as flat arrays; a demand is one amount for each pool.
struct ResourceTokens: Sendable {
  /// The pools in the order of every demand, sorted.
  let pools: [TokenPool]
  /// Negative where more is in use than the pool holds at present.
  private(set) var free: [Int]
  /// What each pool holds when nothing of it is lent.
  private let sizes: [Int]
  /// What each pool holds at present.
  private var held: [Int]

  init(pools sizes: [TokenPool: Int]) {
    let sorted = sizes.sorted { $0.key < $1.key }
    pools = sorted.map(\.key)
    free = sorted.map(\.value)
    self.sizes = free
    held = free
  }

  /// Whether a pool holds less than its size, because others use some of it.
  var isLent: Bool { held != sizes }

  /// The same demands on pools of which nothing is lent.
  var whenReturned: ResourceTokens {
    var tokens = self
    for pool in sizes.indices { tokens.free[pool] += sizes[pool] - held[pool] }
    tokens.held = sizes
    return tokens
  }

  /// Says how much a pool holds at present, of its size.
  mutating func hold(_ amount: Int, of pool: TokenPool) {
    guard let pool = pools.firstIndex(of: pool) else { return }
    let amount = min(max(amount, 0), sizes[pool])
    free[pool] += amount - held[pool]
    held[pool] = amount
  }

  /// How much of a pool is in use.
  func used(of pool: TokenPool) -> Int {
    guard let pool = pools.firstIndex(of: pool) else { return 0 }
    return held[pool] - free[pool]
  }

  /// Returns the demand for amounts, or the first pool of which no empty machine can give its amount.
  func demand(for amounts: [TokenPool: Int]) -> Result<[Int], UnsatisfiableDemand> {
    var demand = [Int](repeating: 0, count: pools.count)
    for (pool, amount) in amounts.sorted(by: { $0.key < $1.key }) where amount != 0 {
      let index = pools.firstIndex(of: pool)
      guard let index, amount > 0, amount <= free[index] else {
        return .failure(UnsatisfiableDemand(pool: pool, amount: amount, available: index.map { free[$0] }))
      }
      demand[index] = amount
    }
    return .success(demand)
  }

  func fits(_ demand: [Int]) -> Bool {
    for pool in demand.indices where demand[pool] > free[pool] { return false }
    return true
  }

  /// Whether granting `demand` would delay `waiting`: both want of a pool that cannot satisfy `waiting` now.
  func competes(_ demand: [Int], with waiting: [Int]) -> Bool {
    for pool in demand.indices where demand[pool] > 0 && waiting[pool] > free[pool] { return true }
    return false
  }

  mutating func take(_ demand: [Int]) {
    for pool in demand.indices { free[pool] -= demand[pool] }
  }

  mutating func giveBack(_ demand: [Int]) {
    for pool in demand.indices { free[pool] += demand[pool] }
  }
}

/// A demand that even an empty machine cannot meet.
struct UnsatisfiableDemand: Error {
  var pool: TokenPool
  var amount: Int
  /// `nil` if there is no such pool.
  var available: Int?
}
