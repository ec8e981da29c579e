import Glibc

/// Writing to a descriptor until all is written.
package enum DescriptorWriting {
  /// Writes bytes; waits for a descriptor that somebody has set not to block.
  ///
  /// - Parameters:
  ///   - bytes: What is written.
  ///   - descriptor: Where to.
  /// - Returns: 0, or the system's error number if not all could be written.
  package static func write(_ bytes: [UInt8], to descriptor: Int32) -> Int32 {
    bytes.withUnsafeBytes { buffer in
      var rest = buffer[...]
      while !rest.isEmpty {
        let count = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
        if count >= 0 {
          rest = rest.dropFirst(count)
        } else if errno == EAGAIN {
          var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
          poll(&request, 1, -1)
        } else if errno != EINTR {
          return errno
        }
      }
      return 0
    }
  }
}
