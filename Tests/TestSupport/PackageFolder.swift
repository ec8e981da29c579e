import Foundation

/// The top folder of the package, where documentation, specs and fixtures of tests are found.
public let packageFolder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent().path
