import ResultsStore

/// The database's record of what an attempt used; the scheduler has a type of the same name.
typealias StoredResourceUsage = ResourceUsage
