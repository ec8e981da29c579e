extension Image {
  /// Returns the bytes of the image at another size, colours premultiplied by alpha (`[H, W, C]`).
  package func premultiplied(side: Int) -> [UInt8] {
    Raster(self).resized(width: side, height: side, filter: .lanczos).values.map(Raster.byte)
  }
}
