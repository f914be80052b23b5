// Text output of the TSan hook: no stdio, no allocation, no libc function that TSan intercepts.
#ifndef RACEGATE_TSAN_OUT_H
#define RACEGATE_TSAN_OUT_H

#include "seal.h"

#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

#define MAX_PCS 64

struct out {
	int fd;
	unsigned nr;
	uint64_t hash; // of the bytes since the last seal
	char buf[16384];
};

static void out_flush(struct out *out)
{
	for (unsigned done = 0; done < out->nr;) {
		long n = syscall(SYS_write, out->fd, out->buf + done,
				 (unsigned long)(out->nr - done));

		if (n <= 0)
			break;
		done += (unsigned)n;
	}
	out->nr = 0;
}

// Writes whole lines where it can: an `exit` of another thread may come between two writes.
static void put_char(struct out *out, char c)
{
	if (out->nr == sizeof(out->buf))
		out_flush(out);
	out->buf[out->nr++] = c;
	out->hash = seal_hash(out->hash, c);
	if (c == '\n' && out->nr > sizeof(out->buf) / 2)
		out_flush(out);
}

static void put_text(struct out *out, const char *text)
{
	while (*text)
		put_char(out, *text++);
}

static void put_number(struct out *out, uint64_t value, unsigned base)
{
	char digits[24];
	unsigned nr = 0;

	put_char(out, ' ');
	if (base == 16)
		put_text(out, "0x");
	do {
		digits[nr++] = "0123456789abcdef"[value % base];
		value /= base;
	} while (value);
	while (nr)
		put_char(out, digits[--nr]);
}

static void put_int(struct out *out, long value)
{
	if (value < 0)
		put_text(out, " -1");
	else
		put_number(out, (uint64_t)value, 10);
}

static void put_addr(struct out *out, const void *addr)
{
	put_number(out, (uintptr_t)addr, 16);
}

static void put_name(struct out *out, const char *name)
{
	put_char(out, ' ');
	if (!name || !*name)
		put_char(out, '-');
	for (; name && *name; name++) {
		unsigned char c = (unsigned char)*name;

		if (c > ' ' && c < 0x7f && c != '%' && !(c == '-' && !name[1])) {
			put_char(out, (char)c);
			continue;
		}
		put_char(out, '%');
		put_char(out, "0123456789abcdef"[c >> 4]);
		put_char(out, "0123456789abcdef"[c & 15]);
	}
}

// Ends the line with a seal; without a key there is none.
static void put_seal(struct out *out, uint64_t key, uint64_t seal)
{
	put_text(out, key ? " " : "");
	for (int shift = 60; key && shift >= 0; shift -= 4)
		put_char(out, "0123456789abcdef"[seal >> shift & 15]);
	put_char(out, '\n');
	out->hash = SEAL_HASH;
}

// Ends the record with the trace and clears it for the next one.
static void put_trace(struct out *out, void **trace)
{
	for (int i = 0; i < MAX_PCS && trace[i]; i++) {
		put_addr(out, trace[i]);
		trace[i] = NULL;
	}
	put_char(out, '\n');
}

#endif
