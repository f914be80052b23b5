/*
 * The protocol between an explored program and its driver.
 *
 * The driver creates a memory file of sizeof(struct rt_shared) and a socket pair, and
 * starts the program with RACEGATE_EXPLORE="MAPFD,SOCKETFD,OUTFD,ERRFD" in its
 * environment. The program stops before main() and is then the "warmed process".
 * For each byte on the socket it performs `request`: it forks one iteration after the
 * other, fills `result`, and answers with a byte. No version is negotiated: a program
 * must be rebuilt unless its note (RT_NOTE_NAME) names this protocol and its size.
 *
 * Code addresses are those of the warmed process; `base` is the load address of the
 * program itself.
 */
#ifndef RACEGATE_RT_PROTOCOL_H
#define RACEGATE_RT_PROTOCOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RT_ENV       "RACEGATE_EXPLORE"
#define RT_NOTE_NAME "racegate"
// The driver sets LD_BIND_NOW to this if it is unset: symbols are resolved once, not per iteration.
#define RT_BIND_NOW "racegate"

// Increment RT_PROTOCOL when a meaning changes and the size of rt_shared does not.
enum { RT_NOTE_PROTOCOL = 1, RT_PROTOCOL = 6 };

enum {
	RT_MAX_THREADS = 256,
	RT_MAX_STACK = 32,
	RT_MAX_LOCKS = 8,
	RT_MAX_HOLDERS = 8,
	RT_MAX_SITES = 16,
	RT_MAX_FINDINGS = 16,
	RT_MAX_WATCHES = 32,
	RT_MAX_KNOWN = 1024,
	RT_MAX_ENTRIES = 1 << 20,
	RT_MAX_EVENTS = 1 << 20,
	RT_MAX_DECISIONS = 1 << 16,
	RT_MAX_MARKS = 4096,
	RT_MAX_NAME = 64,
};

/*
 * The policies, X(ID, NAME, TITLE, USE, LEAST, MOST, SLOTS, DESCRIPTION): the runtime
 * defines an rt_policy_NAME for each; TITLE is its name in guarantees. LEAST and MOST
 * limit its depth, for which PCT's bound must hold; 0: it has no depth. SLOTS is its
 * part of the portfolio, a character per slot: its depth in this slot (0: none), or a
 * dot if the slot belongs to another policy.
 */
#define RT_POLICY_TABLE(X)                                                                         \
	X(RANDOM, random, "random walk", RT_SAMPLES, 0, 0, "0....0...",                            \
	  "switches with a fixed probability, to any thread")                                      \
	X(PCT, pct, "PCT", RT_SAMPLES, 1, 16, "..2.3.1.4",                                         \
	  "random priorities and few changes of them (Burckhardt et al., ASPLOS 2010)")            \
	X(POS, pos, "POS", RT_SAMPLES, 0, 0, ".0.0...0.",                                          \
	  "random priorities of operations (Yuan, Yang, Gu, CAV 2018)")                            \
	X(ROUND_ROBIN, round_robin, "", RT_INTERNAL, 0, 0, "",                                     \
	  "each thread runs a fixed number of steps")                                              \
	X(REPLAY, replay, "", RT_INTERNAL, 0, 0, "", "schedule_in, and nothing else")              \
	X(DFS, dfs, "", RT_SEARCHES, 0, 0, "", "schedule_in, then no preemption")                  \
	X(GUIDED, guided, "", RT_INTERNAL, 0, 0, "", "no preemption, except for the deviations")   \
	X(PREFIX, prefix, "", RT_INTERNAL, 0, 0, "", "schedule_in, then the policy `then`")

// What a policy is used for. Users can select the first two.
enum rt_policy_use {
	RT_SAMPLES,  // each seed is a sample of the schedules
	RT_SEARCHES, // enumerates schedules, none twice
	RT_INTERNAL,
};

enum rt_policy_id {
#define RT_POLICY_ID(id, name, title, use, least, most, slots, description) RT_POLICY_##id,
	RT_POLICY_TABLE(RT_POLICY_ID)
#undef RT_POLICY_ID
		RT_POLICY_NR
};

/*
 * A part of a schedule: the same decision, `times` times in a row. `who` is the thread
 * that runs next. With RT_CHOICE set it is another decision, by `who & RT_VALUE`:
 * RT_VALUE: the next deadline comes early; RT_SPURIOUS: the wait that the running thread
 * begins ends at once, without a signal; else the number of the waiter that is woken.
 */
struct rt_entry {
	uint32_t who, times;
};

#define RT_CHOICE   0x10000u
#define RT_VALUE    0xffffu
#define RT_SPURIOUS 0xfffeu

/*
 * A deviation from the schedule without preemptions. At decision `nth` (from 0) of
 * thread `thread`, `who` runs next, instead of the thread itself or, if that cannot run,
 * of the first one that can. RT_VALUE as `who`: the next deadline comes early.
 * RT_SPURIOUS: the wait ends without a signal. RT_CHOICE with a value: this choice.
 */
struct rt_deviation {
	uint32_t thread, nth, who;
};

struct rt_request {
	uint32_t policy;
	uint32_t depth;      // PCT: d
	uint32_t then;       // prefix: enum rt_policy_id
	uint32_t quantum;    // round robin: steps
	uint32_t iterations; // at most; the first one that shows something new ends the request
	uint64_t seed;       // of the campaign
	uint64_t first;      // the number of the first iteration; rt_iteration_seed() says the rest
	uint64_t max_steps;  // of an iteration, which is then ended
	uint64_t steps;      // PCT: k, the expected steps of an iteration
	uint32_t threads;    // to prepare: the most that an iteration can have
	uint32_t wall_ms;    // real time after which an iteration is ended
	bool uncounted;      // do not count in `outcomes` and `findings`
	bool trace;          // record `events` and `marks`
	bool decisions;      // record `decisions`
	bool early_timeouts; // a timed wait may time out while other threads can run
	// For a debugger: call rt_stop_here() at the finding with this fingerprint, or at this
	// step, with an empty stdin. 0: do not.
	uint64_t stop_finding, stop_step;
	bool spurious; // a wait on a POSIX condition variable may end without a signal
	// What is left out by request: more such waits than these, time-outs that come early.
	uint32_t most_spurious;
	bool due_timeouts;
	uint32_t nr_schedule_in, nr_deviations;
	uint32_t nr_watches;
	uint64_t watches[RT_MAX_WATCHES]; // steps, ascending, whose sites are recorded
};

// The finaliser of splitmix64 (Steele, Lea, Flood, OOPSLA 2014), after Murmur's: each bit of `z`
// changes about half of the bits.
static inline uint64_t rt_mix(uint64_t z)
{
	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

/*
 * Where the random numbers of iteration `nr` of a campaign begin. rt_random() counts from there
 * in steps of one constant: were the beginnings that far apart, or any small multiple of it, the
 * streams of neighbours would be one stream shifted, and their schedules no independent samples.
 */
static inline uint64_t rt_iteration_seed(uint64_t campaign, uint64_t nr)
{
	return rt_mix(rt_mix(campaign + 0x9e3779b97f4a7c15) + nr);
}

// How an iteration ended.
enum rt_ending {
	RT_END_RUNNING,  // nothing was recorded
	RT_END_EXIT,     // code: exit status
	RT_END_SIGNAL,   // code: signal
	RT_END_STUCK,    // no thread can run
	RT_END_STEPS,    // more than max_steps
	RT_END_LIVELOCK, // all threads only re-read values that do not change
	RT_END_THREADS,  // more threads than were prepared: request more
	RT_END_DIVERGED, // the schedule could not be followed; `diverged_at`
	RT_END_WALL,     // out of real time: an uncontrolled call blocks
	RT_END_LIMIT,    // the runtime ran out of something; `limit` names it
};

enum rt_op {
	RT_OP_READ,
	RT_OP_WRITE,
	RT_OP_ATOMIC_READ,
	RT_OP_ATOMIC_WRITE,
	RT_OP_LOCK,
	RT_OP_UNLOCK,
	RT_OP_WAIT,
	RT_OP_WAKE,
	RT_OP_CREATE,
	RT_OP_JOIN,
	RT_OP_FREE,
	RT_OP_YIELD,
	RT_OP_SLEEP,
	RT_OP_END,
	RT_OP_CALL,
	RT_OP_SPURIOUS, // a wait has ended without a signal
	RT_OP_NR
};

enum rt_object_type {
	RT_NO_OBJECT,
	RT_MUTEX,
	RT_RWLOCK,
	RT_COND,
	RT_BARRIER,
	RT_SEMAPHORE,
	RT_SPIN,
	RT_ONCE,
	RT_THREAD,
	RT_FILE,
	RT_TIME,
	RT_ATOMIC,
	RT_FD,    // a descriptor; its number is the address
	RT_CHILD, // a process; its id, -1 for any
	RT_SIGNAL,
	RT_FUTEX, // its word
};

enum rt_finding_kind {
	RT_FOUND_RACE,
	RT_FOUND_STUCK, // deadlock, lost wakeup or hang, depending on the waits
	RT_FOUND_LIVELOCK,
	RT_FOUND_USE_AFTER_FREE,
	RT_FOUND_DOUBLE_FREE,
	RT_FOUND_DOUBLE_LOCK,
	RT_FOUND_BAD_UNLOCK,
	RT_FOUND_DESTROY_LOCKED,
	RT_FOUND_INVALID_LOCK,
	RT_FOUND_RWLOCK_MISUSE,
	RT_FOUND_CONDVAR_MISUSE,
	RT_FOUND_BARRIER_MISUSE,
	RT_FOUND_SEMAPHORE_MISUSE,
	RT_FOUND_LOCK_HELD,
	RT_FOUND_THREAD_LEAK,
	RT_FOUND_SIGNAL_UNSAFE,
	RT_FOUND_API_MISUSE,
	RT_FOUND_CRASH,
	RT_FOUND_ASSERTION,
	RT_FOUND_NR
};

/*
 * The rules that a misuse can break, X(ID, WORDS): the object that it is about, and then WORDS,
 * say what happened.
 */
#define RT_RULE_TABLE(X)                                                                           \
	X(NONE, "") /* the kind says it all */                                                     \
	X(GONE, "is used after it was destroyed")                                                  \
	X(OTHER_TYPE, "is used as an object of another type")                                      \
	X(MADE_HELD, "is initialised again while a thread holds it")                               \
	X(MADE_AWAITED, "is initialised again while a thread waits on it")                         \
	X(DESTROYED_HELD, "is destroyed while a thread holds it")                                  \
	X(DESTROYED_AWAITED, "is destroyed while a thread waits on it")                            \
	X(NOT_MADE, "is used without having been initialised")                                     \
	X(NO_COUNT, "is initialised with count 0")                                                 \
	X(LOCKED_TWICE, "is locked again by the thread that holds it")                             \
	X(NOT_LOCKED, "is unlocked while no thread holds it")                                      \
	X(NOT_HOLDER, "is unlocked by a thread that does not hold it")                             \
	X(READ_BY_WRITER, "is locked for reading by the thread that holds it for writing")         \
	X(WRITTEN_BY_READER, "is locked for writing by a thread that holds it for reading")        \
	X(WRITTEN_BY_WRITER, "is locked for writing by the thread that holds it for writing")      \
	X(WAIT_WITHOUT_MUTEX, "is waited on by a thread that does not hold the mutex of the wait") \
	X(WAIT_WITH_MUTEXES, "is waited on with two different mutexes at the same time")           \
	X(NOT_OPEN, "is closed with sem_close() but is not an open named semaphore")               \
	X(NO_THREAD, "is named by an invalid handle")                                              \
	X(JOINED, "is used after it was joined")

enum rt_rule {
#define RT_RULE_ID(id, words) RT_RULE_##id,
	RT_RULE_TABLE(RT_RULE_ID)
#undef RT_RULE_ID
		RT_RULE_NR
};

/*
 * Variables that stand for what the C library keeps to itself, X(VARIABLE, NAME): reports
 * call them NAME.
 */
#define RT_HIDDEN_TABLE(X)                                                                         \
	X(state_of_strtok, "the static buffer of strtok")                                          \
	X(state_of_time_conversion, "the static buffer of localtime, gmtime, ctime and asctime")   \
	X(environment, "the environment of the process")

struct rt_lock_site {
	uint64_t object, pc; // the lock, and where it was taken
	uint32_t type;       // enum rt_object_type
};

// The thread that has what another waits for: the owner of a lock, each reader, the joined thread.
struct rt_holder {
	uint32_t thread;
	bool ended; // it has ended and will never release it
	bool reads;
	uint64_t pc; // where it took it
};

// A thread at a place: one side of a race, one waiter of a deadlock.
struct rt_site {
	uint32_t thread, op, size; // op: enum rt_op; size in bytes, 0 when it is no access
	uint32_t nr_stack, nr_locks;
	uint64_t address, step;
	uint64_t stack[RT_MAX_STACK]; // return addresses, innermost first
	struct rt_lock_site locks[RT_MAX_LOCKS];
	uint32_t object_type; // of what a wait or a broken rule is about
	// Of a wait:
	bool signal_lost; // the condition variable was signalled when no thread waited
	uint64_t lost_pc; // where the signal was sent
	uint32_t nr_holders;
	struct rt_holder holders[RT_MAX_HOLDERS];
};

struct rt_finding {
	uint32_t kind; // enum rt_finding_kind
	uint32_t code; // crash: the signal
	uint32_t nr_sites;
	uint32_t rule;        // enum rt_rule: what a misuse breaks
	uint64_t fingerprint; // of kind and code addresses, the same in each iteration
	struct rt_site sites[RT_MAX_SITES];
	// The heap block that the address lies in; size 0: none.
	uint64_t block_size;
	struct rt_site allocated; // its stack
};

struct rt_event {
	uint64_t address, pc;
	uint32_t step;
	uint16_t thread;
	uint8_t op, size;
};

// What an event does not say and some tools are known not to understand.
enum rt_mark_kind {
	RT_MARK_FENCE,     // a fence between threads
	RT_MARK_C11,       // the object is one of <threads.h>
	RT_MARK_RECOVERED, // the robust mutex was taken over from a thread that is gone
	RT_MARK_CANCELLED, // the thread of this number was told to end
};

struct rt_mark {
	uint64_t address; // of the object; the thread's number; 0: none
	uint32_t step;    // that it belongs to
	uint16_t thread;
	uint8_t kind;
};

// A decision, with its alternatives, for searches and deviations.
struct rt_decision {
	uint64_t ready;  // bit per thread, of the first 64
	uint32_t nth;    // of the decisions of `before`, from 0
	uint16_t chosen; // thread; RT_VALUE, RT_SPURIOUS: that happened; or the choice
	uint16_t before; // who ran
	// How many choices there were. 0: `chosen` is a thread or RT_VALUE. 1: it is RT_SPURIOUS,
	// or 0 if the wait did not end without a signal, for which the schedule has no entry.
	uint16_t choices;
	bool preemptible; // the thread that ran before could have continued
	bool costs;       // and wanted to: another thread in its place is a preemption
	bool timed;       // a deadline could have come early
};

// A call that is not controlled.
struct rt_uncontrolled {
	char name[RT_MAX_NAME];
	uint64_t pc;
};

struct rt_result {
	uint32_t iterations;   // done; the other members describe the last one
	uint64_t seed;         // its own: rt_iteration_seed()
	uint32_t ending, code; // enum rt_ending
	char limit[RT_MAX_NAME];
	uint32_t threads;
	uint64_t steps, switches, preemptions;
	uint64_t deprioritised;         // times that a thread that could run was deprioritised
	uint64_t spurious;              // waits that ended without a signal
	uint64_t early;                 // deadlines that came before their time
	uint64_t most_steps, all_steps; // over the iterations of the request
	uint64_t irregular;             // of them: those that had any of the last three
	uint32_t most_threads;
	uint64_t event_hash;  // of everything that happened, in order
	uint64_t diverged_at; // step
	uint64_t prefix_end;  // prefix: steps done when schedule_in ended
	uint64_t outcome;     // hash of ending and output
	uint32_t nr_findings, nr_schedule_out, nr_events, nr_marks;
	uint32_t nr_decisions; // made; only the first RT_MAX_DECISIONS are recorded
	uint64_t out_len, err_len;
	bool processes; // it forked; child processes are not controlled
	struct rt_site diverged_site;
	struct rt_finding findings[RT_MAX_FINDINGS];
	struct rt_site watched[RT_MAX_WATCHES];
};

// Known outcomes and findings: a request ends early only for new ones.
struct rt_known {
	uint64_t hash;  // of an outcome, or a finding's fingerprint; 0: free
	uint64_t count; // iterations that showed it
};

/*
 * The entry of the hash in a table of RT_MAX_KNOWN entries, or the free entry for it.
 * NULL: the table is full.
 */
static inline struct rt_known *rt_known_entry(struct rt_known *table, uint64_t hash)
{
	for (unsigned i = hash % RT_MAX_KNOWN, n = 0; n < RT_MAX_KNOWN;
	     i = (i + 1) % RT_MAX_KNOWN, n++)
		if (!table[i].hash || table[i].hash == hash)
			return &table[i];
	return NULL;
}

struct rt_shared {
	uint64_t base;
	// See rt_set_tls(): the iteration lost its thread pointer; set it by a system call.
	bool tls_lost, tls_by_kernel;
	struct rt_request request;
	struct rt_result result;
	struct rt_known outcomes[RT_MAX_KNOWN];
	struct rt_known findings[RT_MAX_KNOWN];
	uint64_t found; // iterations that counted and showed a finding, whichever and how many
	struct rt_entry schedule_out[RT_MAX_ENTRIES]; // close to the other memory that each
						      // iteration writes
	char own_names[256]; // functions that the program has in place of controlled ones
	uint32_t nr_uncontrolled;
	struct rt_uncontrolled uncontrolled[32];
	struct rt_entry schedule_in[RT_MAX_ENTRIES];
	struct rt_deviation deviations[RT_MAX_DECISIONS]; // ascending by thread and number
	struct rt_event events[RT_MAX_EVENTS];
	struct rt_mark marks[RT_MAX_MARKS];
	struct rt_decision decisions[RT_MAX_DECISIONS];
};

#endif
