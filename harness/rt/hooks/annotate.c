/*
 * The annotations of dynamic_annotations.h, which some programs carry for any
 * race detector that may be there: those that say something about order, about
 * accesses to be left alone, or about fresh memory.
 */
#include "core/iteration.h"
#include "hb/report.h"
#include "hb/shadow.h"

void __tsan_acquire(void *address);
void __tsan_release(void *address);
void __tsan_ignore_thread_begin(void);
void __tsan_ignore_thread_end(void);

// NOLINTBEGIN(readability-identifier-naming): not our names.
#define HEAD       const char *file, int line
#define UNUSED     (void)file, (void)line
#define NOTHING(x) (void)(x)

#define ANNOTATE_AS(name, parameters, body)                                                        \
	void name parameters;                                                                      \
	RT_EXPORT void name parameters                                                             \
	{                                                                                          \
		UNUSED;                                                                            \
		body                                                                               \
	}
#define ANNOTATE(name, parameters, body) ANNOTATE_AS(Annotate##name, parameters, body)

ANNOTATE(HappensBefore, (HEAD, void *address), { __tsan_release(address); })
ANNOTATE(HappensAfter, (HEAD, void *address), { __tsan_acquire(address); })
ANNOTATE_AS(WTFAnnotateHappensBefore, (HEAD, void *address), { __tsan_release(address); })
ANNOTATE_AS(WTFAnnotateHappensAfter, (HEAD, void *address), { __tsan_acquire(address); })
ANNOTATE(CondVarSignal, (HEAD, void *address), { __tsan_release(address); })
ANNOTATE(CondVarSignalAll, (HEAD, void *address), { __tsan_release(address); })
ANNOTATE(CondVarWait, (HEAD, void *address, void *lock), {
	NOTHING(lock);
	__tsan_acquire(address);
})
ANNOTATE(IgnoreReadsBegin, (HEAD), { __tsan_ignore_thread_begin(); })
ANNOTATE(IgnoreReadsEnd, (HEAD), { __tsan_ignore_thread_end(); })
ANNOTATE(IgnoreWritesBegin, (HEAD), { __tsan_ignore_thread_begin(); })
ANNOTATE(IgnoreWritesEnd, (HEAD), { __tsan_ignore_thread_end(); })
ANNOTATE(BenignRace, (HEAD, volatile void *address, const char *why), {
	NOTHING(why);
	rt_note_benign((uintptr_t)address, 1);
})
ANNOTATE(BenignRaceSized, (HEAD, volatile void *address, size_t size, const char *why), {
	NOTHING(why);
	rt_note_benign((uintptr_t)address, size);
})
ANNOTATE_AS(WTFAnnotateBenignRaceSized,
	    (HEAD, volatile void *address, size_t size, const char *why), {
		    NOTHING(why);
		    rt_note_benign((uintptr_t)address, size);
	    })
ANNOTATE(NewMemory, (HEAD, void *address, size_t size), {
	if (rt_controlled())
		rt_shadow_clear((uintptr_t)address, size);
})

// What says nothing that counts here; the arguments do not matter.
#define IGNORE(name)                                                                               \
	void Annotate##name(void);                                                                 \
	RT_EXPORT void Annotate##name(void)                                                        \
	{                                                                                          \
	}

IGNORE(EnableRaceDetection)
IGNORE(ExpectRace)
IGNORE(FlushExpectedRaces)
IGNORE(FlushState)
IGNORE(IgnoreSyncBegin)
IGNORE(IgnoreSyncEnd)
IGNORE(MemoryIsInitialized)
IGNORE(MemoryIsUninitialized)
IGNORE(MutexIsNotPHB)
IGNORE(MutexIsUsedAsCondVar)
IGNORE(NoOp)
IGNORE(PCQCreate)
IGNORE(PCQDestroy)
IGNORE(PCQGet)
IGNORE(PCQPut)
IGNORE(PublishMemoryRange)
IGNORE(RWLockAcquired)
IGNORE(RWLockCreate)
IGNORE(RWLockCreateStatic)
IGNORE(RWLockDestroy)
IGNORE(RWLockReleased)
IGNORE(ThreadName)
IGNORE(TraceMemory)
IGNORE(UnpublishMemoryRange)
// NOLINTEND(readability-identifier-naming)

double ValgrindSlowdown(void); // NOLINT(readability-identifier-naming)
RT_EXPORT double ValgrindSlowdown(void)
{
	return 1;
}

int RunningOnValgrind(void); // NOLINT(readability-identifier-naming)
RT_EXPORT int RunningOnValgrind(void)
{
	return 0;
}
