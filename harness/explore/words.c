// What a campaign says of its program and of itself.
#include "base/fs.h"
#include "base/strbuf.h"
#include "detect/detect.h"
#include "explore/campaign.h"

enum { MAX_OUTPUT = 4096 };

const char *campaign_policy_name(enum rt_policy_id policy)
{
	switch (policy) {
	case RT_POLICY_PCT:
		return "pct";
	case RT_POLICY_POS:
		return "pos";
	case RT_POLICY_RANDOM:
		return "random";
	case RT_POLICY_DFS:
		return "dfs";
	case RT_POLICY_ROUND_ROBIN:
	case RT_POLICY_REPLAY:
	case RT_POLICY_GUIDED:
	case RT_POLICY_PREFIX:
	case RT_POLICY_NR:
		break;
	}
	return "replay";
}

// To the judge a livelock, too, is a run that did not end.
static enum ending_how ending_of(enum rt_ending ending)
{
	switch (ending) {
	case RT_END_EXIT:
		return ENDING_EXIT;
	case RT_END_SIGNAL:
		return ENDING_SIGNAL;
	case RT_END_STUCK:
		return ENDING_HANG;
	case RT_END_LIMIT:
		return ENDING_LIMIT;
	case RT_END_RUNNING:
	case RT_END_STEPS:
	case RT_END_LIVELOCK:
	case RT_END_THREADS:
	case RT_END_DIVERGED:
	case RT_END_WALL:
		break;
	}
	return ENDING_TIMEOUT;
}

char *campaign_outcome_text(const struct campaign *c)
{
	const struct rt_result *r = &c->warm.shared->result;
	struct strbuf out = STRBUF_INIT, text = STRBUF_INIT;

	warm_output(c->warm.out, MAX_OUTPUT, &out);
	if (out.len && out.buf[out.len - 1] == '\n')
		out.len--;
	strbuf_add_escaped(&text, out.buf, out.len);
	strbuf_release(&out);
	ending_add_text(ending_of(r->ending), (int)r->code, r->limit, &text);
	return strbuf_detach(&text);
}

char *campaign_words(const struct finding *finding)
{
	struct strbuf words = STRBUF_INIT;
	const char *between = " at ";

	strbuf_addstr(&words, kind_name(finding->kind));
	for (size_t i = 0; i < finding->accesses.nr; i++) {
		const struct frame *frame = stack_program_frame(&finding->accesses.items[i].stack);

		if (!frame || !frame->file)
			continue;
		strbuf_addf(&words, "%s%s:%d", between, fs_base(frame->file), frame->line);
		between = ", ";
	}
	return strbuf_detach(&words);
}
