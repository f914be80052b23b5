#include "test/run_one.h"

#include "base/mem.h"

#include <limits.h>
#include <stdio.h>
#include <unistd.h>

// A run under the perturbation that `setting` names.
struct perturbed {
	struct run_one one;
	char preload[PATH_MAX + 32], setting[96];
	const char *env[4];
};

static void perturbed_init(struct perturbed *p, const char *program, const char *arg,
			   const char *setting, void (*look)(const struct run_result *result))
{
	char path[PATH_MAX] = "";

	CU_ASSERT_PTR_NOT_NULL(realpath("build/librg-perturb.so", path));
	p->one = run_one(program, arg, look);
	snprintf(p->preload, sizeof(p->preload), "LD_PRELOAD=%s", path);
	snprintf(p->setting, sizeof(p->setting), "%s", setting ? setting : "NOTHING=");
	p->env[0] = "PATH=/usr/bin:/bin";
	p->env[1] = p->preload;
	p->env[2] = p->setting;
	p->env[3] = NULL;
	p->one.spec.env = p->env;
}

static void run_perturbed(const char *program, const char *arg, const char *setting,
			  void (*look)(const struct run_result *result))
{
	struct perturbed p;

	perturbed_init(&p, program, arg, setting, look);
	CU_ASSERT_EQUAL(run_one_go(&p.one, 1), 0);
	CU_ASSERT_EQUAL(p.one.done, 1);
}

static void all_is_well(const struct run_result *result)
{
	CU_ASSERT_EQUAL(result->how, ENDING_EXIT);
	CU_ASSERT_STRING_EQUAL(result->out.buf, "all well\n");
}

static void a_correct_program_stays_correct(void)
{
	char setting[96];

	for (int seed = 0; seed < 12; seed++) {
		snprintf(setting, sizeof(setting), "RACEGATE_PERTURB=seed=%d", seed);
		run_perturbed(FIXTURE("correct"), NULL, setting, all_is_well);
	}
	run_perturbed(FIXTURE("correct"), NULL,
		      "RACEGATE_PERTURB=seed=1,noise=500,timer=20,nap=100,gate=2000,start=200",
		      all_is_well);
}

static void nothing_happens_without_a_setting(void)
{
	run_perturbed(FIXTURE("correct"), NULL, NULL, all_is_well);
}

static void is_proven(const struct run_result *result)
{
	CU_ASSERT_EQUAL(result->how, ENDING_HANG);
	CU_ASSERT(result->hang.proven);
}

static void a_deadlock_still_comes_to_rest(void)
{
	run_perturbed(FIXTURE("stuck"), "deadlock",
		      "RACEGATE_PERTURB=seed=1,noise=500,timer=20,nap=100", is_proven);
	run_perturbed(FIXTURE("stuck"), "pipes",
		      "RACEGATE_PERTURB=seed=1,noise=500,timer=20,nap=100", is_proven);
}

static void shows_interruptions(const struct run_result *result)
{
	CU_ASSERT_EQUAL(result->how, ENDING_EXIT);
	CU_ASSERT_PTR_NOT_NULL(strstr(result->out.buf, "interrupted"));
}

static void a_running_thread_is_interrupted(void)
{
	run_perturbed(FIXTURE("cut"), NULL, "RACEGATE_PERTURB=seed=1,timer=50,nap=100",
		      shows_interruptions);
}

static void shows_none(const struct run_result *result)
{
	CU_ASSERT_STRING_EQUAL(result->out.buf, "left alone\n");
}

static void without_a_timer_it_is_not(void)
{
	run_perturbed(FIXTURE("cut"), NULL, "RACEGATE_PERTURB=seed=1,timer=0", shows_none);
	run_perturbed(FIXTURE("cut"), NULL, NULL, shows_none);
}

void suite_perturb(void)
{
	static const struct test_case cases[] = {
		{ "a correct program stays correct", a_correct_program_stays_correct },
		{ "nothing happens without a setting", nothing_happens_without_a_setting },
		{ "a deadlock still comes to rest", a_deadlock_still_comes_to_rest },
		{ "a running thread is interrupted", a_running_thread_is_interrupted },
		{ "without a timer it is not", without_a_timer_it_is_not },
	};

	test_suite("perturb", cases, ARRAY_SIZE(cases));
}
