/// A stored artifact that is not what it was when it was stored.
package struct DamagedArtifact: Sendable, Hashable {
  /// The artifact's name.
  package var name: String
  /// Row id of the attempt that made it.
  package var attempt: Int64
  /// Where it is stored.
  package var path: String
}
