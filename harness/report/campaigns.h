/*
 * How soon the explorer's campaigns detect the bug of a case: for one cell, and as
 * a table of all cases on a scoreboard.
 */
#ifndef RACEGATE_REPORT_CAMPAIGNS_H
#define RACEGATE_REPORT_CAMPAIGNS_H

#include "judge/scoreboard.h"
#include "report/ink.h"

#include <jansson.h>

// "20/20 campaigns, median 2, most 9": that detected it, schedules until then; of one that did
// "first by schedule 2". No campaign: nothing.
void campaigns_words(const struct campaign_list *campaigns, struct strbuf *out);
// {campaigns, detected, schedules, median, max}; new reference.
json_t *campaigns_json(const struct campaign_list *campaigns);
// [{case, racy, fixed}] of all cases that the explorer answered for; new reference.
json_t *campaigns_table_json(const struct scoreboard *board);

// A row for each case that the explorer answered for, and a total. Nothing without any.
void campaigns_table(const struct scoreboard *board, const struct ink *ink, struct strbuf *out);
void campaigns_markdown(const struct scoreboard *board, struct strbuf *out);

#endif
