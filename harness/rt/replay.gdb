# Commands for gdb when it follows a schedule: racegate replay SCHEDULE --gdb. The program's threads
# run on one kernel thread, so gdb's own "info threads" shows one; these show all of them.

set startup-with-shell off
set follow-fork-mode child
set detach-on-fork on
set print inferior-events off
set print thread-events off
unset environment LINES
unset environment COLUMNS
handle SIGALRM nostop noprint pass

define racegate-up
  set $racegate_frames = 0
  while $racegate_frames < 64 && $pc >= (unsigned long)&__start_rt_text && $pc < (unsigned long)&__stop_rt_text
    up-silently
    set $racegate_frames = $racegate_frames + 1
  end
  frame
end
document racegate-up
From the runtime's frames up to the program's.
end

define racegate-threads
  set $racegate_i = 0
  while $racegate_i < rt_iteration.nr_threads
    set $racegate_t = &rt_iteration.threads[$racegate_i]
    if $racegate_t == rt_self
      printf "* "
    else
      printf "  "
    end
    if $racegate_i == 0
      printf "main "
    else
      printf "T%d ", $racegate_i
    end
    if $racegate_t->state == RT_ENDED
      printf "has ended\n"
    else
      if $racegate_t->state == RT_BLOCKED
        printf "waits: "
      else
        printf "can run: "
      end
      if $racegate_t->pending.pc == 0 || $racegate_t->pending.pc == (unsigned long)$racegate_t->start
        printf "has not begun\n"
      else
        info line *($racegate_t->pending.pc - 1)
      end
    end
    set $racegate_i = $racegate_i + 1
  end
end
document racegate-threads
All threads of the program: * runs; where each is.
end

define racegate-thread
  racegate-back
  set $racegate_t = &rt_iteration.threads[$arg0]
  if $racegate_t != rt_self
    select-frame 0
    set $racegate_away = 1
    set $racegate_rsp = $rsp
    set $racegate_rip = $rip
    set $racegate_rbp = $rbp
    set $racegate_rbx = $rbx
    set $racegate_r12 = $r12
    set $racegate_r13 = $r13
    set $racegate_r14 = $r14
    set $racegate_r15 = $r15
    set $racegate_sp = (unsigned long *)$racegate_t->sp
    set $r15 = $racegate_sp[0]
    set $r14 = $racegate_sp[1]
    set $r13 = $racegate_sp[2]
    set $r12 = $racegate_sp[3]
    set $rbx = $racegate_sp[4]
    set $rbp = $racegate_sp[5]
    set $rip = $racegate_sp[6]
    set $rsp = (unsigned long)($racegate_sp + 7)
  end
  racegate-up
end
document racegate-thread
racegate-thread N: looks at thread N (0: main): its stack, its variables. Before the program goes
on, gdb is put back to the thread that runs. Only on x86-64.
end

define racegate-back
  if $_isvoid($racegate_away)
    set $racegate_away = 0
  end
  if $racegate_away
    select-frame 0
    set $rsp = $racegate_rsp
    set $rip = $racegate_rip
    set $rbp = $racegate_rbp
    set $rbx = $racegate_rbx
    set $r12 = $racegate_r12
    set $r13 = $racegate_r13
    set $r14 = $racegate_r14
    set $r15 = $racegate_r15
    set $racegate_away = 0
  end
end
document racegate-back
To the thread that runs.
end

define hook-continue
  racegate-back
end
define hook-step
  racegate-back
end
define hook-next
  racegate-back
end
define hook-stepi
  racegate-back
end
define hook-finish
  racegate-back
end

tbreak rt_begin
run
set follow-fork-mode parent
tbreak rt_stop_here
continue
racegate-up
echo racegate-threads shows all threads, racegate-thread N goes to one.\n
