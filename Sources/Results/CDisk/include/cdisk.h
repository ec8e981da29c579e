/// System calls about disks that Swift's Glibc module does not import.
#ifndef CDISK_H
#define CDISK_H

/// Waits until everything that was written to the file system of an open file is on the disk. Returns 0, or -1 with errno set.
int cdisk_synchronize_file_system(int descriptor);

#endif
