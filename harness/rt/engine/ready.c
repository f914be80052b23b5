// Which of the ready threads: what the policies share.
#include "engine/ready.h"

unsigned rt_ready_at(unsigned index)
{
	for (unsigned word = 0; word < RT_MAX_THREADS / 64; word++) {
		uint64_t bits = rt_iteration.ready[word];
		unsigned nr = (unsigned)__builtin_popcountll(bits);

		if (index >= nr) {
			index -= nr;
			continue;
		}
		while (index--)
			bits &= bits - 1;
		return word * 64 + (unsigned)__builtin_ctzll(bits);
	}
	__builtin_unreachable();
}

unsigned rt_most_urgent(void)
{
	unsigned best = RT_MAX_THREADS;

	for (unsigned word = 0; word * 64 < rt_iteration.nr_threads; word++)
		for (uint64_t bits = rt_iteration.ready[word]; bits; bits &= bits - 1) {
			unsigned id = word * 64 + (unsigned)__builtin_ctzll(bits);

			if (best == RT_MAX_THREADS ||
			    rt_iteration.threads[id].priority > rt_iteration.threads[best].priority)
				best = id;
		}
	return best;
}
