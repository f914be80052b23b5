/*
 * Names for the addresses of static objects in Helgrind's and DRD's reports.
 *
 * The reports give many objects as a bare address (DRD all of them, Helgrind
 * its locks). Their frames name the file that the code came from, so its
 * symbols name them once it is known where valgrind loaded it: the load
 * address follows from a frame whose function the file has.
 */
#ifndef RACEGATE_VALGRIND_OBJECTS_H
#define RACEGATE_VALGRIND_OBJECTS_H

#include <elfutils/libdwfl.h>
#include <stdint.h>

struct vg_objects {
	char *path; // owned; of the file that is looked into
	Dwfl *dwfl; // its symbols, NULL when it could not be read
	uint64_t base;
	int known; // whether `base` is
};

void vg_objects_release(struct vg_objects *objects);
// Takes the place of a frame; the first file that has debug information is the one looked into.
void vg_objects_frame(struct vg_objects *objects, const char *path, uint64_t pc, const char *func,
		      int line);
// As symbols_object().
char *vg_objects_name(struct vg_objects *objects, uint64_t addr, uint64_t *size);

#endif
