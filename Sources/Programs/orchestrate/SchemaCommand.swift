import ArgumentParser
import ExperimentSpec
import JSON
import Printing

/// `orchestrate schema`: what a spec may say.
struct SchemaCommand: AsyncParsableCommand {
  /// Who reads it.
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case json, markdown
  }

  static let configuration = CommandConfiguration(
    commandName: "schema", abstract: "Prints what a spec may say: the JSON Schema for editors, or tables for people.")

  @Option(help: "The JSON Schema, or tables of members in Markdown.")
  var format = Format.json

  func run() async throws {
    try await reportingFailures {
      switch format {
      case .json: try Terminal.write(data: SpecSchema.document.prettyText + "\n")
      case .markdown: try Terminal.write(data: SpecReference.document)
      }
    }
  }
}
