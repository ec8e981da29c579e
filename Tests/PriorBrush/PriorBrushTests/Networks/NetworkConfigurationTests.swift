import JSON
import PriorBrush
import Testing

@Suite struct `Network configuration` {
  @Test(arguments: [NetworkConfiguration(vocabulary: 2393), .micro(vocabulary: 40)])
  func `is the same after writing and reading`(configuration: NetworkConfiguration) {
    #expect(NetworkConfiguration(json: configuration.json) == configuration)
    #expect(configuration.problem == nil)
  }

  @Test func `is not read if a member is missing or impossible`() {
    #expect(NetworkConfiguration(json: [:]) == nil)
    #expect(NetworkConfiguration(json: ["resolution": 16]) == nil)
    for change in changes {
      var configuration = NetworkConfiguration.micro(vocabulary: 40)
      change(&configuration)
      #expect(configuration.problem != nil)
      #expect(NetworkConfiguration(json: configuration.json) == nil)
    }
  }

  private var changes: [(inout NetworkConfiguration) -> Void] {
    [
      { $0.resolution = 18 }, { $0.patch = 0 }, { $0.widths = [16, 32] }, { $0.widths = [16, 48, 32] },
      { $0.widths = [8, 32, 32] }, { $0.vocabulary = 1 }, { $0.textWidth = 30 }, { $0.captionLength = 0 },
      { $0.embedding = -64 },
    ]
  }
}
