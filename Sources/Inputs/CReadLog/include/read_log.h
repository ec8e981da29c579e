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

/// What happened to a file. Entries stand in the order in which things happened, as far as one process waits for another.
enum read_log_kind {
  /// Opened for reading.
  READ_LOG_READ = 1,
  /// Opened for reading and writing, not emptied.
  READ_LOG_UPDATE = 2,
  /// Opened for writing and emptied, made, replaced, or removed.
  READ_LOG_WRITTEN = 3,
  /// A process runs it, and writes this log.
  READ_LOG_PROGRAM = 4,
  /// A process was about to run it.
  READ_LOG_EXECUTED = 5,
  /// Loaded as a shared library.
  READ_LOG_LIBRARY = 6,
  /// Only looked at: whether it is there, how large and how old it is.
  READ_LOG_LOOKED = 7,
  /// Opened for writing with the content that it had, whose version stands here.
  READ_LOG_EXTENDED = 8,
  /// Renamed: the path is the old one, a zero byte and the new one; there is a version if it is a regular file.
  READ_LOG_MOVED = 9,
  /// A folder that a process went to or opened, or a path that it asked to be resolved; `inode` is where the path has led to.
  READ_LOG_FOLLOWED = 10,
  /// The same of a folder whose names were, or may have been, listed.
  READ_LOG_LISTED = 12,
  /// Looked at by a program that decides by age, such as `make`.
  READ_LOG_DATED = 13,
  /// A link whose target was asked for; the version is that of the link.
  READ_LOG_LINK = 11,
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
  /// `path_length` bytes, absolute, as the process named it, in the system's bytes; padded to a multiple of eight.
  char path[];
};

/// Makes an empty log that lives in memory; returns its descriptor, or -1.
int read_log_create(void);

#endif
