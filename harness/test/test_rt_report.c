/*
 * What a finding says of the runtime's: who did what where, under which locks, on what;
 * who holds what the others wait for.
 */
#include "base/fs.h"
#include "explore/finding_from_rt.h"
#include "test/explored.h"

#include <ctype.h>
#include <string.h>

// "f < g < main", a frame that repeats with how often.
static void show_stack(const struct stack *stack, struct strbuf *out)
{
	for (size_t i = 0, nr; i < stack->nr; i += nr) {
		const char *func = stack->items[i].func;

		nr = 1;
		if (stack->items[i].module && !strncmp(stack->items[i].module, "libc", 4))
			continue; // its functions have names only where its symbols are installed
		while (i + nr < stack->nr && stack->items[i + nr].func &&
		       !strcmp(func, stack->items[i + nr].func))
			nr++;
		strbuf_addf(out, "%s%s", i ? " < " : " in ", func);
		if (nr > 1)
			strbuf_addf(out, " x%zu", nr);
	}
}

static void show_access(const struct access *access, struct strbuf *out)
{
	strbuf_addf(out, "\n%s %u by %s", access_op_name(access->op), access->size, access->thread);
	show_stack(&access->stack, out);
	for (size_t i = 0; i < access->nr_locks; i++)
		strbuf_addf(out, "%s%s", i ? ", " : " holds ", access->locks[i]);
	if (access->held_by)
		strbuf_addf(out, " awaits %s", access->held_by);
}

static void translate(const struct explored *e, const struct rt_finding *found, struct finding *out)
{
	struct translator translator;

	translator_init(&translator, e->warm.pid);
	finding_from_rt(&translator, found, NULL, 0, out);
	translator_release(&translator);
}

// Its waits in words, without the lines; its accesses and its location in a form of our own.
static char *shown(const struct explored *e, const struct rt_finding *found)
{
	struct strbuf out = STRBUF_INIT;
	struct finding finding;

	translate(e, found, &finding);
	strbuf_addstr(&out, kind_name(finding.kind));
	for (size_t i = 0; i < finding.accesses.nr; i++)
		show_access(&finding.accesses.items[i], &out);
	if (found->kind == RT_FOUND_STUCK)
		strbuf_addch(&out, '\n');
	for (const char *p = finding.words; found->kind == RT_FOUND_STUCK && *p; p++)
		if (*p != ':' || !isdigit((unsigned char)p[1]))
			strbuf_addch(&out, *p);
		else
			p += strspn(p, ":0123456789") - 1;
	if (finding.location.object)
		strbuf_addf(&out, "\n%s %llu", finding.location.object,
			    (unsigned long long)finding.location.size);
	show_stack(&finding.location.stack, &out);
	finding_release(&finding);
	return strbuf_detach(&out);
}

// Under each policy, the same in every schedule.
static void use_shows(const char *use, enum rt_finding_kind kind, const char *text)
{
	static const enum rt_policy_id policies[] = { RT_POLICY_RANDOM, RT_POLICY_PCT };

	for (size_t i = 0; i < ARRAY_SIZE(policies); i++) {
		const struct rt_finding *found;
		struct explored e;
		char *seen;

		explored_start(&e, "sites", use);
		e.request.rt.spurious = false;
		e.request.rt.threads = 32;
		explored_run(&e, policies[i], 1, 5);
		found = explored_finding(&e, kind);
		seen = found ? shown(&e, found) : xstrdup("nothing");
		CHECK_TEXT_AT(use, seen, text);
		free(seen);
		explored_end(&e);
	}
}

static void a_race_says_who_did_what_where(void)
{
	static const struct {
		const char *use, *text;
	} rows[] = {
		{ "global",
		  "data-race\n"
		  "read 4 by T2 in look < read_with_locks holds mutex outer, mutex inner\n"
		  "write 4 by T1 in put\n"
		  "shared 4" },
		{ "locks", "data-race\n"
			   "read 4 by T2 in look < read_with_many_locks holds mutex many, mutex "
			   "many+40, mutex many+80, mutex many+120, mutex many+160, mutex "
			   "many+200, mutex many+240, mutex many+280\n"
			   "write 4 by T1 in put\n"
			   "shared 4" },
		{ "deep", "data-race\n"
			  "read 4 by T2 in look < dig x31\n"
			  "write 4 by T1 in put\n"
			  "shared 4" },
		{ "heap", "data-race\n"
			  "read 1 by T2 in read_block\n"
			  "write 1 by T1 in write_block\n"
			  "heap block from make_block 24 in make_block < heap < use_one < main" },
		{ "stack", "data-race\n"
			   "read 1 by T2 in read_block\n"
			   "write 1 by T1 in write_block" },
		{ "harmless", "nothing" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		use_shows(rows[i].use, RT_FOUND_RACE, rows[i].text);
}

static void a_misuse_is_reported_once(void)
{
	struct explored e;

	use_shows("misused", RT_FOUND_BAD_UNLOCK,
		  "bad-unlock\n"
		  "call 0 by main in misused < use_one < main\n"
		  "outer 40");
	explored_start(&e, "sites", "misused");
	explored_run(&e, RT_POLICY_RANDOM, 1, 1);
	CHECK_NUMBER(e.warm.shared->result.nr_findings, 1);
	explored_end(&e);
}

static void memory_that_was_freed_says_who_made_it(void)
{
	use_shows("freed", RT_FOUND_USE_AFTER_FREE,
		  "use-after-free\n"
		  "read 8 by main in freed < use_one < main\n"
		  "heap block from make_block 24 in make_block < freed < use_one < main");
}

static void who_is_stuck_says_what_for_and_who_has_it(void)
{
	static const struct {
		const char *use, *text;
	} rows[] = {
		{ "main-holds",
		  "deadlock\n"
		  "wait 0 by main in main_holds < use_one < main holds mutex outer awaits T1\n"
		  "wait 0 by T1 in lock_late awaits main\n"
		  "main waits for T1 at sites.c; T1 waits for mutex outer at sites.c, which main "
		  "holds (locked at sites.c)" },
		{ "main-reads",
		  "deadlock\n"
		  "wait 0 by main in main_reads < use_one < main holds rwlock table awaits T1\n"
		  "wait 0 by T1 in want_to_write awaits main\n"
		  "main waits for T1 at sites.c; T1 waits for rwlock table at sites.c, which main "
		  "holds for reading (locked at sites.c)" },
		{ "ended", "deadlock\n"
			   "wait 0 by main in in_threads < ended < use_one < main awaits T2\n"
			   "wait 0 by T2 in lock_late awaits T1\n"
			   "main waits for T2 at uses.h; T2 waits for mutex outer at sites.c, "
			   "which T1 held when it ended (locked at sites.c)" },
		{ "readers",
		  "deadlock\n"
		  "wait 0 by main in in_threads < readers < use_one < main awaits T1\n"
		  "wait 0 by T1 in read_lock holds rwlock table, rwlock table awaits T3\n"
		  "wait 0 by T2 in read_lock holds rwlock table, rwlock table awaits T3\n"
		  "wait 0 by T3 in write_lock holds mutex outer awaits T1, T2\n"
		  "main waits for T1 at uses.h; T1 waits for mutex outer at sites.c, which T3 "
		  "holds (locked at sites.c); T2 waits for mutex outer at sites.c, which T3 holds "
		  "(locked at sites.c); T3 waits for rwlock table at sites.c, which T1 holds for "
		  "reading (locked at sites.c) and T2 holds for reading (locked at sites.c)" },
		{ "lost", "lost-wakeup\n"
			  "wait 0 by main in in_threads < lost < use_one < main awaits T1\n"
			  "wait 0 by T1 in wait_late\n"
			  "main waits for T1 at uses.h; T1 waits for condition variable changed at "
			  "sites.c, whose signal was sent at sites.c when nobody waited" },
		{ "before", "hang\n"
			    "wait 0 by main in in_threads < before < use_one < main awaits T1\n"
			    "wait 0 by T1 in wait_in_vain\n"
			    "main waits for T1 at uses.h; T1 waits for condition variable changed "
			    "at sites.c" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		use_shows(rows[i].use, RT_FOUND_STUCK, rows[i].text);
}

static void who_only_looks_makes_no_progress(void)
{
	use_shows("busy-alone", RT_FOUND_LIVELOCK,
		  "livelock\n"
		  "wait 0 by main in in_threads < busy_alone < use_one < main awaits T1\n"
		  "call 0 by T1 in reach < spin_forever");
	use_shows("busy", RT_FOUND_LIVELOCK,
		  "livelock\n"
		  "wait 0 by main in in_threads < busy < use_one < main awaits T1\n"
		  "call 0 by T1 in reach < spin_forever\n"
		  "call 0 by T2 in reach < spin_forever");
}

static void the_runtime_stands_in_no_stack(void)
{
	use_shows("namesakes", RT_FOUND_RACE,
		  "data-race\n"
		  "write 4 by T1 in put < thread_body\n"
		  "write 4 by main in put\n"
		  "shared 4");
	use_shows("called-back", RT_FOUND_RACE,
		  "data-race\n"
		  "write 4 by T1 in put < make_once < meet_once\n"
		  "write 4 by main in put\n"
		  "shared 4");
	use_shows("sorting", RT_FOUND_RACE,
		  "data-race\n"
		  "write 4 by T1 in put < compare < sort_late\n"
		  "write 4 by main in put\n"
		  "shared 4");
}

static void hidden_variables_have_public_names(void)
{
	static const char *const rows[][2] = {
		{ "strtok", "the static buffer of strtok" },
		{ "localtime", "the static buffer of localtime, gmtime, ctime and asctime" },
		{ "setenv", "the environment of the process" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct rt_finding *found;
		struct finding finding = { 0 };
		struct explored e;

		explored_start(&e, "inputs", rows[i][0]);
		explored_run(&e, RT_POLICY_RANDOM, 1, 5);
		found = explored_finding(&e, RT_FOUND_RACE);
		if (found)
			translate(&e, found, &finding);
		CHECK_TEXT_AT(rows[i][0], finding.location.object, rows[i][1]);
		// Nobody knows how large it is in the C library.
		CHECK_NUMBER(finding.location.size, 0);
		for (size_t k = 0; k < finding.accesses.nr; k++)
			CHECK_NUMBER(finding.accesses.items[k].size, 0);
		finding_release(&finding);
		explored_end(&e);
	}
}

static bool is_found_in_words(const struct explored *e, const char *words)
{
	bool found = false;

	for (unsigned i = 0; i < e->nr_findings && !found; i++) {
		struct finding finding;

		translate(e, &e->findings[i].finding, &finding);
		found = !strcmp(finding.words, words);
		finding_release(&finding);
	}
	return found;
}

// Which object, and what was done to it. Several schedules, for a use may break several rules.
static void a_misuse_names_the_rule_that_it_breaks(void)
{
	static const struct {
		const char *program, *use, *words;
	} rows[] = {
		{ "barrier", "for-nobody", "barrier gate is initialised with count 0" },
		{ "barrier", "destroyed-while-waited-on",
		  "barrier gate is destroyed while a thread waits on it" },
		{ "barrier", "never-made", "barrier gate is used without having been initialised" },
		{ "condvar", "unheld",
		  "condition variable changed is waited on by a thread that does not hold the "
		  "mutex of the wait" },
		{ "condvar", "two-mutexes",
		  "condition variable changed is waited on with two different mutexes at the "
		  "same time" },
		{ "condvar", "destroyed-while-waited-on",
		  "condition variable changed is destroyed while a thread waits on it" },
		{ "condvar", "used-after-destroy",
		  "condition variable changed is used after it was destroyed" },
		{ "mutex", "made-while-held",
		  "mutex lock is initialised again while a thread holds it" },
		{ "rwlock", "upgrade",
		  "rwlock lock is locked for writing by a thread that holds it for reading" },
		{ "rwlock", "write-again",
		  "rwlock lock is locked for writing by the thread that holds it for writing" },
		{ "rwlock", "unlocked-by-another",
		  "rwlock lock is unlocked by a thread that does not hold it" },
		{ "semaphore", "destroyed-while-waited-on",
		  "semaphore empty is destroyed while a thread waits on it" },
		{ "semaphore", "used-after-destroy",
		  "semaphore empty is used after it was destroyed" },
		{ "sites", "misused", "mutex outer is unlocked while no thread holds it" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		bool found = false;
		struct explored e;

		explored_start(&e, rows[i].program, rows[i].use);
		while (!found && e.iterations < 500) {
			explored_run(&e, RT_POLICY_RANDOM, 1 + e.iterations, 1);
			found = is_found_in_words(&e, rows[i].words);
		}
		CHECK_AT(rows[i].words, found);
		explored_end(&e);
	}
}

static unsigned findings_of(const char *program, const char *use, uint32_t *sites)
{
	struct explored e;
	unsigned nr;

	explored_start(&e, program, use);
	e.request.rt.spurious = false;
	e.request.rt.threads = 32;
	explored_run(&e, RT_POLICY_RANDOM, 1, 40);
	nr = e.nr_findings;
	*sites = nr ? e.findings[0].finding.nr_sites : 0;
	explored_end(&e);
	return nr;
}

// Whichever side comes first, and however often.
static void a_race_is_known_by_its_two_places(void)
{
	uint32_t sites;

	CHECK_NUMBER(findings_of("sites", "either", &sites), 1);
	CHECK_NUMBER(sites, 2);
	CHECK_NUMBER(findings_of("sites", "two", &sites), 2);
	CHECK_NUMBER(findings_of("sites", "readings", &sites), 16);
	CHECK_NUMBER(findings_of("sites", "writings", &sites), 16);
}

static void what_is_too_much_is_left_out(void)
{
	struct explored e;
	uint32_t sites;

	CHECK_NUMBER(findings_of("sites", "crowd", &sites), 1);
	CHECK_NUMBER(sites, RT_MAX_SITES);
	CHECK_NUMBER(findings_of("sites", "more", &sites), RT_MAX_FINDINGS);
	explored_start(&e, "sites", "nine");
	explored_run(&e, RT_POLICY_RANDOM, 1, 1);
	CHECK_NUMBER(e.findings[0].finding.sites[0].nr_holders, RT_MAX_HOLDERS);
	explored_end(&e);
}

static void what_is_not_controlled_is_named_once(void)
{
	const struct rt_shared *shared;
	struct explored e;

	explored_start(&e, "uncontrolled", "spawn");
	explored_run(&e, RT_POLICY_RANDOM, 1, 3);
	shared = e.warm.shared;
	CHECK_NUMBER(shared->nr_uncontrolled, 1);
	CHECK_TEXT(shared->uncontrolled[0].name, "posix_spawn");
	CHECK_AT("spawn", shared->uncontrolled[0].pc != 0);
	explored_end(&e);
}

void suite_rt_report(void)
{
	static const struct test_case cases[] = {
		{ "a race says who did what where", a_race_says_who_did_what_where },
		{ "a misuse is reported once", a_misuse_is_reported_once },
		{ "memory that was freed says who made it",
		  memory_that_was_freed_says_who_made_it },
		{ "who is stuck says what for and who has it",
		  who_is_stuck_says_what_for_and_who_has_it },
		{ "who only looks makes no progress", who_only_looks_makes_no_progress },
		{ "the runtime stands in no stack", the_runtime_stands_in_no_stack },
		{ "hidden variables have public names", hidden_variables_have_public_names },
		{ "a misuse names the rule that it breaks",
		  a_misuse_names_the_rule_that_it_breaks },
		{ "a race is known by its two places", a_race_is_known_by_its_two_places },
		{ "what is too much is left out", what_is_too_much_is_left_out },
		{ "what is not controlled is named once", what_is_not_controlled_is_named_once },
	};

	test_suite("rt_report", cases, ARRAY_SIZE(cases));
}
