/// A plan seen from afar: one node for each stage.
struct StageGraph {
  struct Node {
    var name: String
    var jobs: [Int]
    var needs: [Int]
    var level: Int
  }

  private(set) var nodes: [Node] = []

  init(_ plan: Plan, _ selection: JobSelection? = nil) {
    var positions: [String: Int] = [:]
    for job in plan.jobs where selection?.isIncluded[job.index] ?? true {
      if positions[job.stage] == nil {
        positions[job.stage] = nodes.count
        nodes.append(Node(name: job.stage, jobs: [], needs: [], level: 0))
      }
      guard let position = positions[job.stage] else { continue }
      nodes[position].jobs.append(job.index)
      for need in job.needs {
        guard let other = positions[plan.jobs[need].stage], !nodes[position].needs.contains(other) else { continue }
        nodes[position].needs.append(other)
        nodes[position].level = max(nodes[position].level, nodes[other].level + 1)
      }
    }
  }
}
