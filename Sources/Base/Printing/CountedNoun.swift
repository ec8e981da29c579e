extension Int {
  /// Returns the number with what it counts: "1 result", "2 results".
  ///
  /// - Parameters:
  ///   - singular: What is counted, in the singular.
  ///   - plural: The plural if it is not made by an s.
  /// - Returns: The number and the noun in the form that goes with it.
  public func counted(_ singular: String, plural: String? = nil) -> String {
    "\(self) \(self == 1 ? singular : plural ?? singular + "s")"
  }
}
