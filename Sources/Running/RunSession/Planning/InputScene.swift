import Digest
import Foundation
package import InputTracing
package import JobGraph
package import Scheduling

/// The project, programs and variables on which results may depend, as this process sees them.
package struct InputScene: Sendable {
  package let project: ProjectFolder
  let programs: ProgramSearch
  let inherited: InheritedEnvironment

  package init(projectRoot: String, results: String, inherited: InheritedEnvironment) {
    let results = URL(fileURLWithPath: results).standardizedFileURL.path
    project = ProjectFolder(
      root: projectRoot, results: [results], digests: FileDigests(cachePath: "\(results)/file-digests"))
    programs = ProgramSearch(
      searchPath: inherited.variables["PATH"] ?? "",
      own: (ProgramLocation.ownPrograms, ProgramLocation.executableDirectory))
    self.inherited = inherited
  }

  /// How planning looks at them.
  package var watch: InputWatch {
    InputWatch(
      inputs: StaticInputs(project: project, programs: programs),
      variables: WatchedVariables.inputs(of: inherited.variables, named: inherited.names))
  }

  /// What they are now.
  package func current() -> CurrentInputs {
    CurrentInputs(project: project, programs: programs, environment: inherited.variables)
  }

  /// Saves what is known of files for later processes.
  package func keepDigests() { project.digests.save() }

  /// How a run follows them.
  package func tracing() -> AttemptTracing {
    AttemptTracing(project: project, programs: programs, environment: inherited.variables)
  }
}
