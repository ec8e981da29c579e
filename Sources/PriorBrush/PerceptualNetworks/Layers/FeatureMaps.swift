import NeuralNetwork

/// Operations on NHWC feature maps that only published networks need; none can be differentiated.
enum FeatureMaps {
  /// Sets negative elements to zero, in place.
  static func rectify(_ x: Tensor) -> Tensor {
    let data = x.data
    for index in 0..<x.count { data[index] = max(data[index], 0) }
    return x
  }

  /// Returns the maximum over square windows; what lies outside does not count.
  static func maxPool(_ x: Tensor, _ session: Session, side: Int, stride: Int, padding: Int = 0) -> Tensor {
    pool(x, session, side: side, stride: stride, padding: padding, start: -.infinity) { target, source, count in
      for index in 0..<count { target[index] = max(target[index], source[index]) }
    } finish: { _, _, _ in
    }
  }

  /// Returns the mean over windows of 3 x 3 around each pixel; what lies outside does not count.
  ///
  /// TensorFlow's convention, which differs from PyTorch's default at the border.
  static func averagePool3(_ x: Tensor, _ session: Session) -> Tensor {
    pool(x, session, side: 3, stride: 1, padding: 1, start: 0) { target, source, count in
      for index in 0..<count { target[index] += source[index] }
    } finish: { target, channels, members in
      for index in 0..<channels { target[index] /= Float(members) }
    }
  }

  private static func pool(
    _ x: Tensor, _ session: Session, side: Int, stride: Int, padding: Int, start: Float,
    _ combine: (UnsafeMutablePointer<Float>, UnsafePointer<Float>, Int) -> Void,
    finish: (UnsafeMutablePointer<Float>, Int, Int) -> Void
  ) -> Tensor {
    let s = x.shape
    let height = (s.height + 2 * padding - side) / stride + 1
    let width = (s.width + 2 * padding - side) / stride + 1
    let result = session.tensor(Shape(s.batch, height, width, s.channels))
    for sample in 0..<s.batch {
      for row in 0..<height {
        let rows = max(row * stride - padding, 0)..<min(row * stride - padding + side, s.height)
        for column in 0..<width {
          let columns = max(column * stride - padding, 0)..<min(column * stride - padding + side, s.width)
          let target = result.data + ((sample * height + row) * width + column) * s.channels
          target.update(repeating: start, count: s.channels)
          for y in rows {
            for x0 in columns {
              combine(target, x.data + ((sample * s.height + y) * s.width + x0) * s.channels, s.channels)
            }
          }
          finish(target, s.channels, rows.count * columns.count)
        }
      }
    }
    return result
  }

  /// Returns the mean of all pixels of each sample: `[N, 1, 1, C]`.
  static func globalAverage(_ x: Tensor, _ session: Session) -> Tensor {
    let s = x.shape
    let result = session.zeros(.vectors(s.batch, s.channels))
    for sample in 0..<s.batch {
      let target = result.data + sample * s.channels
      for pixel in 0..<s.pixels {
        let source = x.data + (sample * s.pixels + pixel) * s.channels
        for channel in 0..<s.channels { target[channel] += source[channel] }
      }
      for channel in 0..<s.channels { target[channel] /= Float(s.pixels) }
    }
    return result
  }

  /// Returns the images at another size by the mean of the four nearest pixels, without any smoothing when shrinking.
  ///
  /// - Source: `torch.nn.functional.interpolate(mode="bilinear", align_corners=False)`.
  static func resizeBilinear(_ x: Tensor, _ session: Session, height: Int, width: Int) -> Tensor {
    let s = x.shape
    let result = session.tensor(Shape(s.batch, height, width, s.channels))
    let (rows, columns) = (taps(s.height, height), taps(s.width, width))
    for sample in 0..<s.batch {
      for (row, vertical) in rows.enumerated() {
        let upper = x.data + (sample * s.height + vertical.first) * s.width * s.channels
        let lower = x.data + (sample * s.height + vertical.second) * s.width * s.channels
        for (column, across) in columns.enumerated() {
          let target = result.data + ((sample * height + row) * width + column) * s.channels
          let (left, right) = (across.first * s.channels, across.second * s.channels)
          for channel in 0..<s.channels {
            let top = (1 - across.share) * upper[left + channel] + across.share * upper[right + channel]
            let bottom = (1 - across.share) * lower[left + channel] + across.share * lower[right + channel]
            target[channel] = (1 - vertical.share) * top + vertical.share * bottom
          }
        }
      }
    }
    return result
  }

  private static func taps(_ size: Int, _ target: Int) -> [(first: Int, second: Int, share: Float)] {
    let scale = Float(size) / Float(target)
    return (0..<target).map { index in
      let place = max((Float(index) + 0.5) * scale - 0.5, 0)
      let first = min(Int(place), size - 1)
      return (first, min(first + 1, size - 1), place - Float(first))
    }
  }
}

extension Session {
  /// Joins the channels of several tensors of the same pixels.
  func concatenateChannels(_ tensors: [Tensor]) -> Tensor {
    var result = tensors[0]
    for tensor in tensors.dropFirst() { result = concatenateChannels(result, tensor) }
    return result
  }
}
