// Preloaded into the processes of jobs; nothing is called by name.
