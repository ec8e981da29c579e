/// What the workers offer: the versions of their tasks, as their hello messages declare them.
public struct ToolVersions: Sendable, Hashable {
  /// Version by worker and task.
  public var tasks: [String: [String: String]]

  /// Makes a table.
  ///
  /// - Parameter tasks: Version by worker and task.
  public init(tasks: [String: [String: String]] = [:]) {
    self.tasks = tasks
  }

  /// The version of a task; `nil` if the worker does not offer it.
  ///
  /// - Parameters:
  ///   - worker: The worker's name.
  ///   - task: The task's name.
  public subscript(worker: String, task: String) -> String? {
    tasks[worker]?[task]
  }
}
