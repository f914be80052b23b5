// Which descriptors are ends of one thing, and what order it makes. errno stays as it is.
#ifndef RACEGATE_RT_CHANNELS_H
#define RACEGATE_RT_CHANNELS_H

#include "rt.h"

#include <sys/socket.h>

// The running thread is about to write to it, to close or to connect it; `to`: of sendto(), or
// NULL.
void rt_channel_write(int fd, const struct sockaddr *to, socklen_t length);
// It has read from it.
void rt_channel_read(int fd);

// Two sockets that socketpair() has made.
void rt_channel_pair(int one, int other);
// A socket that is connected, or will be, and what accept() made of one.
void rt_channel_connected(int fd);
void rt_channel_accepted(int listener, int fd);

// `to` is a second number of what `from` is; the number is free again.
void rt_channel_duplicated(int from, int to);
void rt_channel_closed(int fd);

#endif
