#include "base/standard.h"

#include <fcntl.h>
#include <unistd.h>

void standard_open(void)
{
	int fd;

	// It is the lowest that is free.
	do
		fd = open("/dev/null", O_RDONLY);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}
