#ifndef READ_LOG_H
#define READ_LOG_H

#include <stdint.h>

/// A piece of memory that the processes of one attempt share and append to: the files that they opened, each version once.
///
/// It begins with a `read_log_header`, whose maker sets `magic`; the table of what is known follows, then the entries. All of it is
/// sparse, so that only what is written takes room. Processes that are killed leave at most a gap, which a reader steps over: every entry
/// begins with a mark at a multiple of eight bytes, and the mark is written last.
#define READ_LOG_MAGIC UINT64_C(0x31474f4c44414552)
#define READ_LOG_MARK 0xA55A5EADu
#define READ_LOG_SLOTS (1u << 17)
#define READ_LOG_TABLE_OFFSET 4096u
#define READ_LOG_ENTRIES_OFFSET (READ_LOG_TABLE_OFFSET + READ_LOG_SLOTS * 8u)
#define READ_LOG_ENTRY_BYTES (128u << 20)
#define READ_LOG_BYTES (READ_LOG_ENTRIES_OFFSET + READ_LOG_ENTRY_BYTES)

/// Names the log in the environment of a process.
#define READ_LOG_VARIABLE "ORCHESTRATE_READ_LOG"

/// What happened to a file.
enum read_log_kind {
  /// Opened for reading.
  READ_LOG_READ = 1,
  /// Opened for reading and writing, not emptied.
  READ_LOG_UPDATE = 2,
  /// Opened for writing, made, or replaced.
  READ_LOG_WRITTEN = 3,
  /// A process runs it, and writes this log.
  READ_LOG_PROGRAM = 4,
  /// A process was about to run it.
  READ_LOG_EXECUTED = 5,
  /// Loaded as a shared library.
  READ_LOG_LIBRARY = 6,
};

struct read_log_header {
  uint64_t magic;
  /// Bytes of entries handed out; may exceed `READ_LOG_ENTRY_BYTES`.
  uint64_t tail;
  /// Entries that found no room.
  uint64_t lost;
};

struct read_log_entry {
  uint32_t mark;
  uint16_t kind;
  uint16_t path_length;
  /// The version of the file that was opened; zero where it does not matter.
  uint64_t device;
  uint64_t inode;
  int64_t size;
  int64_t modified_ns;
  int64_t changed_ns;
  /// `path_length` bytes, absolute, as the process named it; padded to a multiple of eight.
  char path[];
};

/// Makes an empty log that lives in memory; returns its descriptor, or -1.
int read_log_create(void);

#endif
