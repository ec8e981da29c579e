import ResultsStore

/// The database's record of what an attempt used; the scheduler has a type of the same name.
typealias StoredResourceUsage = ResourceUsage

/// The database's record of the machine around a timed attempt; the scheduler has a type of the same name.
typealias StoredTimingConditions = TimingConditions
