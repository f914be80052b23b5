/*
 * Errors of fallible functions.
 *
 * A fallible function returns 0 or -1 and takes a `struct err *` as its last
 * parameter: untouched on success, on failure one whole sentence that starts
 * with the place ("cases/x/case.yaml:12:5: ..."). Only cli/ prints it.
 */
#ifndef RACEGATE_ERR_H
#define RACEGATE_ERR_H

// Who can fix it; decides the exit code.
enum err_class {
	ERR_INPUT = 1, // wrong usage, a broken case or configuration file: exit 2
	ERR_HARNESS,   // the harness could not do its work: exit 3
};

struct err {
	enum err_class class;
	char text[2048]; // cut with "..." when longer
};

#define ERR_INIT                                                                                   \
	{                                                                                          \
		.class = 0                                                                         \
	}

// Both fill `err` and return -1, so that a caller can `return err_input(...)`.
int err_input(struct err *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
int err_harness(struct err *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

// Puts "<prefix>: " in front of what `err` already says; returns -1.
int err_prefix(struct err *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
