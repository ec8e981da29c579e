import ArgumentParser
import Reporting

/// `report build`.
struct BuildCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "build", abstract: "Write the pages of all experiments, or of those named, and the index.")

  @OptionGroup var database: DatabaseOptions

  @Option(help: ArgumentHelp("Folder for the pages.", valueName: "folder"))
  var output = "reports"

  @Argument(help: "Experiments whose pages are written; all if none is named.")
  var experiments: [String] = []

  func run() throws {
    try database.withExperiments { results in
      let written = try ReportBuilder(output: output).build(results, selection: experiments)
      for path in written where path.hasSuffix(".md") { print(path) }
    }
  }
}
