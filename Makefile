# racegate: `make help` says what there is.
CC      = gcc
CSTD    = -std=c17 -D_GNU_SOURCE
WARN    = -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wswitch-enum
CFLAGS  = -O2 -g
WERROR  =
B       = build
# Short lines; `make V=1` shows the commands.
Q       = $(if $(V),,@)
SAY     = @$(if $(V),:,printf '  %-4s %s\n')

STAGES  = base model catalog tool build cc run detect explore judge session report
LIBS    = -lcyaml -lyaml -ljansson -lexpat -ldw -lelf -lm
ALL_C   = $(CSTD) $(WARN) $(WERROR) $(CFLAGS) -Iharness -I. -MMD -MP

LIB_SRC  = $(filter-out harness/explore/main.c harness/cc/main.c,$(foreach s,$(STAGES),$(wildcard harness/$(s)/*.c))) $(filter-out harness/cli/main.c,$(wildcard harness/cli/*.c))
TEST_SRC = $(wildcard harness/test/test_*.c) harness/test/main.c
FIXTURES = $(patsubst harness/test/fixtures/%.c,$(B)/fixtures/%,$(wildcard harness/test/fixtures/prog_*.c))
# A program of its own; the tests take it without its main().
CLAIMS_OBJ = $(patsubst harness/%.c,$(B)/obj/%.o,$(filter-out harness/claims/main.c,$(wildcard harness/claims/*.c)))
LIB_OBJ  = $(LIB_SRC:harness/%.c=$(B)/obj/%.o)
TEST_OBJ = $(TEST_SRC:harness/%.c=$(B)/obj/%.o)

.DEFAULT_GOAL = all
.PHONY: all help setup report check claims bench seeds lint clean

all: $(B)/racegate $(B)/racegate-cc $(B)/racegate-explore $(B)/tsan_report.o $(B)/librg-perturb.so $(B)/explore_rt.o ## build the harness and its runtime

help: ## this help
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

setup: ## install what is missing (root) or print the command that does
	@ci/setup.sh

report: setup ## run the catalogue and print the report: a quick look; with FULL=1 every run
	@$(MAKE) --no-print-directory -j"$$(nproc)" all
ifdef FULL
	@rc=0; $(B)/racegate check >/dev/null || rc=$$?; \
	$(B)/racegate report reports/latest; exit $$rc
else
	@rc=0; $(B)/racegate check --quick --as-found || rc=$$?; \
	echo 'This was a quick look; `make report FULL=1` takes about 15 minutes.'; exit $$rc
endif

check: setup ## the tests
	@$(MAKE) --no-print-directory -j"$$(nproc)" all $(B)/test-racegate
	@ci/check.sh

claims: setup ## measure what the seed documents claim about time
	@$(MAKE) --no-print-directory $(if $(V),,-s) -j"$$(nproc)" $(B)/claims
	@$(B)/claims

bench: all $(B)/bench-pool $(B)/bench-explore ## measure the overhead of the harness
	@ci/bench.sh

seeds: setup ## how soon the explorer detects each case, from 20 seeds (takes minutes)
	@$(MAKE) --no-print-directory $(if $(V),,-s) -j"$$(nproc)" all
	@ci/seeds.sh

lint: ## formatting, static analysis, rules of the tree
	@ci/lint.sh

clean: ## remove what was built
	rm -rf $(B)

$(B)/racegate: $(B)/obj/cli/main.o $(B)/libracegate.a
	$(SAY) LD $@
	$(Q)$(CC) $(CFLAGS) -o $@ $^ $(LIBS)

# Started for each file of a project: without the libraries, which it does not use.
$(B)/racegate-cc: $(B)/obj/cc/main.o $(B)/libracegate.a
	$(SAY) LD $@
	$(Q)$(CC) $(CFLAGS) -o $@ $^

$(B)/racegate-explore: $(B)/obj/explore/main.o $(B)/libracegate.a
	$(SAY) LD $@
	$(Q)$(CC) $(CFLAGS) -o $@ $^ $(LIBS)

$(B)/libracegate.a: $(LIB_OBJ)
	@rm -f $@
	$(SAY) AR $@
	$(Q)ar rcs $@ $^

$(B)/test-racegate: $(TEST_OBJ) $(CLAIMS_OBJ) $(B)/libracegate.a | $(FIXTURES)
	$(SAY) LD $@
	$(Q)$(CC) $(CFLAGS) -o $@ $^ $(LIBS) -lcunit

$(B)/claims: $(B)/obj/claims/main.o $(CLAIMS_OBJ) $(B)/libracegate.a
	$(SAY) LD $@
	$(Q)$(CC) $(CFLAGS) -o $@ $^ $(LIBS)

$(B)/bench-pool: $(B)/obj/test/bench_pool.o $(B)/libracegate.a
	$(SAY) LD $@
	$(Q)$(CC) $(CFLAGS) -o $@ $^ $(LIBS)

$(B)/bench-explore: $(B)/obj/test/bench_explore.o $(B)/obj/test/test_explored.o $(B)/libracegate.a | $(B)/fixtures/prog_forks $(B)/explore_rt.o
	$(SAY) LD $@
	$(Q)$(CC) $(CFLAGS) -o $@ $^ $(LIBS)

# What is linked or loaded into the programs under test stands alone.
$(B)/tsan_report.o: harness/tsan/report_hook.c $(wildcard harness/tsan/*.h)
	@mkdir -p $(@D)
	$(SAY) CC $@
	$(Q)$(CC) $(CSTD) $(WARN) $(WERROR) -O2 -g -fPIC -c $< -o $@

$(B)/librg-perturb.so: $(wildcard harness/perturb/*.c) $(wildcard harness/perturb/*.h)
	@mkdir -p $(@D)
	$(SAY) CC $@
	$(Q)$(CC) $(CSTD) $(WARN) $(WERROR) -O2 -g -fPIC -shared -fvisibility=hidden -pthread $(filter %.c,$^) -o $@ -ldl

# Its code has a section of its own, so that a place in it is told from one in the program.
# Its hooks are called at every access: -O2 whatever CFLAGS say, and no sanitizer of its own.
# The C library's headers must not define inline what it defines itself: __NO_INLINE__.
# Whoever calls one of our own functions must be on the stack, not jump there: who is it?
RT_SRC = $(wildcard harness/rt/*/*.c)
RT_OBJ = $(RT_SRC:harness/rt/%.c=$(B)/rt/%.o)

$(B)/explore_rt.o: $(RT_OBJ) harness/rt/sections.ld
	$(SAY) LD $@
	$(Q)ld -r -T harness/rt/sections.ld -o $@ $(RT_OBJ)

$(B)/rt/%.o: harness/rt/%.c
	@mkdir -p $(@D)
	$(SAY) CC $@
	$(Q)$(CC) -std=gnu17 -D_GNU_SOURCE $(filter-out -Wpedantic,$(WARN)) $(WERROR) -O2 -g -D__NO_INLINE__ -mcx16 -fno-builtin -fno-optimize-sibling-calls -fno-stack-protector -fcf-protection=none -Iharness/rt -MMD -MP -c $< -o $@

$(B)/fixtures/%: harness/test/fixtures/%.c
	@mkdir -p $(@D)
	$(SAY) CC $@
	$(Q)$(CC) -O1 -g -pthread $< -o $@

$(B)/obj/%.o: harness/%.c
	@mkdir -p $(@D)
	$(SAY) CC $@
	$(Q)$(CC) $(ALL_C) -c $< -o $@

-include $(wildcard $(B)/obj/*/*.d $(B)/rt/*/*.d)
