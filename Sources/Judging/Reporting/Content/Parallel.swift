import Dispatch
import Synchronization

/// Independent pieces of a page on all processors, their results in the order of the pieces.
package enum Parallel {
  /// Returns what a function makes of each element; the calls run at the same time and in any order.
  ///
  /// - Parameters:
  ///   - elements: The input.
  ///   - transform: A function without effects.
  /// - Returns: The results in the order of the elements, the same for any number of processors.
  package static func map<Element: Sendable, Result: Sendable>(
    _ elements: [Element], _ transform: @Sendable (Element) -> Result
  ) -> [Result] {
    guard elements.count > 1 else { return elements.map(transform) }
    let results = Mutex<[Result?]>(Array(repeating: nil, count: elements.count))
    DispatchQueue.concurrentPerform(iterations: elements.count) { position in
      let result = transform(elements[position])
      results.withLock { $0[position] = result }
    }
    return results.withLock { $0.compactMap(\.self) }
  }
}
