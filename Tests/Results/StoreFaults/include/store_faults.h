#ifndef STORE_FAULTS_H
#define STORE_FAULTS_H

/// Preloaded into a program, makes its k-th change of a file below a folder fail. Environment variables:
///
/// - STORE_FAULT_FOLDER: the folder; nothing happens without it.
/// - STORE_FAULT_AT: k, from 1; 0 only counts.
/// - STORE_FAULT_KIND: ENOSPC, EIO, SHORT for a write that takes half of the bytes, or KILL for the end of the process before the change.
/// - STORE_FAULT_PROGRAM: name of the only program that it happens to; its children inherit the environment.
/// - STORE_FAULT_STICKY: if set, every later change fails as well, as on a full disk.
/// - STORE_FAULT_COUNT: a file outside the folder that receives the number of changes when the program ends.
int store_faults_count(void);

#endif
