/// The points that no other point beats in both quantities.
package enum ParetoFront {
  /// Returns the positions of the points on the front, in their order; of equal points all are on it or none.
  package static func indices(_ points: [(x: Double, y: Double)], lessIsBetter: (Bool, Bool)) -> [Int] {
    let costs = points.map { (x: lessIsBetter.0 ? $0.x : -$0.x, y: lessIsBetter.1 ? $0.y : -$0.y) }
    return costs.indices.filter { index in
      let own = costs[index]
      return !costs.contains { $0.x <= own.x && $0.y <= own.y && ($0.x < own.x || $0.y < own.y) }
    }
  }
}
