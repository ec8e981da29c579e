#define _GNU_SOURCE
#include "cdisk.h"

#include <unistd.h>

int cdisk_synchronize_file_system(int descriptor) { return syncfs(descriptor); }
