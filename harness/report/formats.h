/*
 * The formats of a report, one row each: its name, its file in the session
 * folder (NULL: none), whether several sessions may follow each other in one
 * document. `render_<name>()` renders it.
 */
#ifndef RACEGATE_FORMATS_H
#define RACEGATE_FORMATS_H

#define FORMATS(X)                                                                                 \
	X(text, NULL, true)                                                                        \
	X(json, "report.json", false)                                                              \
	X(junit, "junit.xml", false)                                                               \
	X(markdown, "summary.md", true)

// "text json …" in a text for people.
#define FORMAT_NAMES                   FORMATS(FORMAT_NAME)
#define FORMAT_NAME(name, file, joins) " " #name

#endif
