#include "hb/history.h"
#include "hb/report.h"

static struct rt_past *per_thread(void)
{
	return rt_alloc(rt_iteration.capacity * sizeof(struct rt_past));
}

const struct rt_past *rt_unordered_of(const struct rt_past *pasts)
{
	for (uint32_t i = 0; pasts && i < rt_iteration.nr_threads; i++)
		if (rt_past_clock(pasts[i]) && !rt_before_me(pasts[i]))
			return &pasts[i];
	return NULL;
}

const struct rt_past *rt_older_conflict(const struct rt_more *more, bool writing, bool atomic)
{
	const struct rt_past *other = rt_unordered_of(more->writes);

	if (!other && !atomic)
		other = rt_unordered_of(more->atomic_writes);
	if (!other && !atomic && writing)
		other = rt_unordered_of(more->atomic_reads);
	return other;
}

void rt_remember_in_turn(struct rt_var *var, struct rt_past now)
{
	if (!var->reads) {
		var->reads = per_thread();
		var->reads[rt_past_thread(var->read)] = var->read;
	}
	var->reads[rt_past_thread(now)] = now;
}

static struct rt_more *more_of(struct rt_var *var)
{
	if (!var->more)
		var->more = rt_alloc(sizeof(*var->more));
	return var->more;
}

static void remember_among(struct rt_past **pasts, struct rt_past past)
{
	if (!*pasts)
		*pasts = per_thread();
	(*pasts)[rt_past_thread(past)] = past;
}

void rt_remember_atomic(struct rt_var *var, struct rt_past now)
{
	struct rt_more *more = more_of(var);

	remember_among(rt_past_op(now) == RT_OP_ATOMIC_READ ? &more->atomic_reads
							    : &more->atomic_writes,
		       now);
}

/*
 * What comes after a race is a race with both: the write that is about to be forgotten is
 * kept beside the new one. The accesses before it are forgotten, as after any write.
 */
static void keep_write(struct rt_var *var)
{
	struct rt_more *more = more_of(var);
	const struct rt_past *kept =
		more->writes ? &more->writes[rt_past_thread(var->write)] : NULL;

	if (kept && kept->where == var->write.where &&
	    rt_past_clock(*kept) == rt_past_clock(var->write))
		return;
	remember_among(&more->writes, var->write);
	memset(more->known, 0, sizeof(more->known));
}

/*
 * Races that were reported: a program that has one has it again and again, which is
 * not worth another look at the call stacks.
 */
static bool is_reported(struct rt_past past, struct rt_past now, bool add)
{
	enum { REPORTED = 32 };
	static RT_ITERATION_STATE struct {
		uint32_t places[2];
		uint8_t ops[2];
		bool used;
	} reported[REPORTED];
	const uint32_t here = (uint32_t)now.where, there = (uint32_t)past.where;
	unsigned i = (here * 31 + there * 17 + rt_past_op(now)) % REPORTED;

	if (reported[i].used && reported[i].places[0] == here && reported[i].places[1] == there &&
	    reported[i].ops[0] == rt_past_op(now) && reported[i].ops[1] == rt_past_op(past))
		return true;
	if (add) {
		reported[i].places[0] = here;
		reported[i].places[1] = there;
		reported[i].ops[0] = (uint8_t)rt_past_op(now);
		reported[i].ops[1] = (uint8_t)rt_past_op(past);
		reported[i].used = true;
	}
	return false;
}

// Earlier accesses are known by their steps: a second run asks for their call stacks.
static void report(struct rt_past past, struct rt_past now, uintptr_t address)
{
	static RT_ITERATION_STATE struct rt_site *sites;

	if (is_reported(past, now, false))
		return;
	if (!sites)
		sites = rt_alloc(2 * sizeof(*sites));
	rt_site_here(&sites[0], rt_past_op(now), address, now.where >> 56,
		     rt_shared->base + (uint32_t)now.where);
	sites[1] = (struct rt_site){
		.thread = rt_past_thread(past),
		.op = rt_past_op(past),
		.size = (uint32_t)(past.where >> 56),
		.address = address,
		.step = past.when >> 32,
		.nr_stack = 1,
		.stack = { rt_shared->base + (uint32_t)past.where },
	};
	if (rt_report(RT_FOUND_RACE, sites, 2))
		is_reported(past, now, true);
}

static void report_older(const struct rt_more *more, const struct rt_past *other,
			 struct rt_past now, uintptr_t address)
{
	for (uint32_t i = 0; more->writes && i < rt_iteration.nr_threads; i++) {
		const struct rt_past *older = &more->writes[i];

		if (older->where != other->where && rt_past_clock(*older) && !rt_before_me(*older))
			report(*older, now, address);
	}
}

void rt_report_conflicts(struct rt_var *var, const struct rt_past *other, struct rt_past now,
			 uintptr_t address)
{
	const bool writing = rt_past_op(now) == RT_OP_WRITE;
	struct rt_more *more = var->more;
	const unsigned i = (rt_past_thread(now) & 1) << 1 | writing;

	if (!more || more->known[i].here != now.where || more->known[i].there != other->where) {
		report(*other, now, address);
		if (more) {
			report_older(more, other, now, address);
			more->known[i].here = now.where;
			more->known[i].there = other->where;
		}
	}
	if (writing && rt_past_clock(var->write) && !rt_before_me(var->write))
		keep_write(var);
}

static struct rt_past *copy_of(const struct rt_past *pasts)
{
	return pasts ? memcpy(per_thread(), pasts, rt_iteration.capacity * sizeof(*pasts)) : NULL;
}

void rt_own_vectors(struct rt_var *var)
{
	const struct rt_more *more = var->more;

	var->reads = copy_of(var->reads);
	if (!more)
		return;
	var->more = rt_alloc(sizeof(*var->more));
	*var->more = (struct rt_more){ .atomic_reads = copy_of(more->atomic_reads),
				       .atomic_writes = copy_of(more->atomic_writes),
				       .writes = copy_of(more->writes) };
}
