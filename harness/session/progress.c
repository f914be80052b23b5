#include "session/progress.h"

#include "base/clock.h"
#include "base/strbuf.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { BAR = 24, FALLBACK_WIDTH = 80 };

void progress_start(struct progress *progress, bool quiet)
{
	struct winsize size;

	*progress = (struct progress){
		.quiet = quiet,
		.live = !quiet && isatty(STDERR_FILENO),
		.width = FALLBACK_WIDTH,
		.started_ns = clock_now(),
	};
	if (progress->live && !ioctl(STDERR_FILENO, TIOCGWINSZ, &size) && size.ws_col > 20)
		progress->width = size.ws_col;
}

static void wipe(struct progress *progress)
{
	if (progress->drawn)
		fputs("\r\033[K", stderr);
	progress->drawn = false;
}

void progress_line(struct progress *progress, const char *fmt, ...)
{
	va_list ap;

	if (progress->quiet)
		return;
	wipe(progress);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
}

static void add_time_left(struct strbuf *line, double elapsed, double done)
{
	double left = done > 0.02 ? elapsed / done * (1 - done) : -1;

	if (left < 0)
		strbuf_addstr(line, "  time left unknown");
	else if (left < 90)
		strbuf_addf(line, "  %.0f s left", left);
	else
		strbuf_addf(line, "  %.0f min left", left / 60);
}

void progress_bar(struct progress *progress, double done, const char *what)
{
	struct strbuf line = STRBUF_INIT, shown = STRBUF_INIT;
	double elapsed = (double)(clock_now() - progress->started_ns) / (double)NS_PER_S;
	int filled = (int)(done * BAR);

	if (!progress->live)
		return;
	strbuf_addch(&line, '[');
	for (int i = 0; i < BAR; i++)
		strbuf_addch(&line, i < filled ? '#' : '.');
	strbuf_addf(&line, "] %3.0f %%  %llu runs, %.0f/s", done * 100,
		    (unsigned long long)progress->runs,
		    elapsed > 0 ? (double)progress->runs / elapsed : 0);
	add_time_left(&line, elapsed, done);
	strbuf_addf(&line, "  %s", what);
	strbuf_addpad(&shown, line.buf, progress->width - 1);
	fprintf(stderr, "\r%s", shown.buf);
	progress->drawn = true;
	strbuf_release(&line);
	strbuf_release(&shown);
}

void progress_end(struct progress *progress)
{
	wipe(progress);
}
