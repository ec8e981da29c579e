import InputTracing
import JSON

extension Plan {
  /// What jobs were known to depend on when the plan was made, as canonical JSON for ``watching(_:)``; `nil` if nothing was watched.
  ///
  /// Every entry stands once in `entries`, every list once in `lists`, as positions of entries; `jobs` has for each stretch of jobs with the
  /// same list their number and the list's position, where 0 is the empty list.
  public var watchedJSON: String? {
    guard watchLists.lists.count > 1 else { return nil }
    var positions: [WatchedInput: Int] = [:]
    var entries: [JSONValue] = []
    for entry in watchLists.lists.joined() where positions[entry] == nil {
      positions[entry] = entries.count
      entries.append(entry.json)
    }
    var stretches: [(count: Int64, list: Int32)] = []
    for job in jobs {
      if stretches.last?.list == job.watched {
        stretches[stretches.count - 1].count += 1
      } else {
        stretches.append((1, job.watched))
      }
    }
    let lists = watchLists.lists.dropFirst().map { list in
      JSONValue.array(list.map { .integer(Int64(positions[$0] ?? 0)) })
    }
    return CanonicalJSON.text(
      of: [
        "entries": .array(entries), "lists": .array(lists),
        "jobs": .array(stretches.map { [.integer($0.count), .integer(Int64($0.list))] }),
      ])
  }

  /// Returns the plan with what its jobs were known to depend on at another time.
  ///
  /// - Parameter text: What ``watchedJSON`` gave for the same plan.
  /// - Returns: The plan; as it is if the text does not fit it.
  public func watching(_ text: String) -> Plan {
    guard let root = try? JSONValue(parsing: text), let values = root["entries"]?.arrayValue,
      let lists = root["lists"]?.arrayValue, let stretches = root["jobs"]?.arrayValue
    else { return self }
    let entries = values.compactMap { WatchedInput(json: $0) }
    guard entries.count == values.count else { return self }
    var stored: [[WatchedInput]] = [[]]
    for list in lists {
      let positions = list.arrayValue?.compactMap(\.intValue) ?? []
      guard positions.allSatisfy(entries.indices.contains) else { return self }
      stored.append(positions.map { entries[$0] })
    }
    var plan = self
    var next = 0
    for stretch in stretches {
      guard let count = stretch[0]?.intValue, let list = stretch[1]?.intValue, stored.indices.contains(list),
        count >= 0, count <= jobs.count - next
      else { return self }
      for index in next..<next + count { plan.jobs[index].watched = Int32(list) }
      next += count
    }
    plan.watchLists = WatchLists(stored: stored)
    return plan
  }
}
