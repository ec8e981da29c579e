extension ShapesDataset {
  /// Returns the first scenes as a data set with images, for whatever reads folders.
  ///
  /// - Parameter count: Number of scenes.
  /// - Returns: The scenes in order; those that join a held-out form and colour are held out. Captions name places, so no image
  ///   may be mirrored.
  public func captioned(count: Int) -> CaptionedDataset {
    let examples = (0..<count).map { index in
      let scene = scene(at: index)
      return CaptionedDataset.Example(
        id: "shapes-\(index)", caption: scene.caption, group: "shapes", image: image(of: scene),
        isHeldOut: scene.isHeldOut, isMirrorable: false)
    }
    return CaptionedDataset(name: Self.name, resolution: resolution, examples: examples)
  }
}
