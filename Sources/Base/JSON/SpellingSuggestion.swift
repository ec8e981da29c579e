/// Finds the known name that a misspelt one was probably meant to be.
public enum SpellingSuggestion {
  /// Names with more bytes are not compared.
  private static let longestName = 200

  /// Returns the nearest known name.
  ///
  /// A name is near enough within two edits, or within a third of its length if that is more; one that would be replaced as a whole is not.
  /// Names that differ only in case are always near. Of equally near names the first one wins. Very long names have no near ones.
  ///
  /// - Parameters:
  ///   - name: The misspelt name.
  ///   - candidates: The known names.
  /// - Returns: The nearest one, if one is near enough.
  /// - Complexity: O(number of candidates · product of the lengths).
  public static func nearest(to name: String, in candidates: some Sequence<String>) -> String? {
    guard name.utf8.count <= longestName else { return nil }
    let lowered = Array(name.lowercased())
    var best: (name: String, distance: Int)?
    for candidate in candidates where candidate != name && candidate.utf8.count <= longestName {
      let other = Array(candidate.lowercased())
      guard abs(other.count - lowered.count) < best?.distance ?? .max else { continue }
      let distance = editDistance(lowered, other)
      let limit = min(max(2, lowered.count / 3), max(lowered.count, other.count) - 1)
      guard distance <= limit, distance < best?.distance ?? .max else { continue }
      best = (candidate, distance)
    }
    return best?.name
  }

  /// Returns the number of insertions, deletions, replacements and swaps of neighbours that turn one text into the other.
  ///
  /// - Source: optimal string alignment distance; Boytsov, "Indexing methods for approximate dictionary searching", 2011.
  static func editDistance(_ left: [Character], _ right: [Character]) -> Int {
    var beforePrevious: [Int] = []
    var previous = Array(0...right.count)
    for i in 0..<left.count {
      var current = [i + 1]
      for j in 0..<right.count {
        var cost = min(previous[j + 1] + 1, current[j] + 1, previous[j] + (left[i] == right[j] ? 0 : 1))
        if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
          cost = min(cost, beforePrevious[j - 1] + 1)
        }
        current.append(cost)
      }
      beforePrevious = previous
      previous = current
    }
    return previous[right.count]
  }
}
