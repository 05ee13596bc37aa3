// Functions whose mutants the room's test notices, only the command line's test, or none.
#pragma once

/// Bars that two ranges, first to last bar, have in common.
int overlap(int a_first, int a_last, int b_first, int b_last);

/// Whether both ranges have bars and in sum at least `least`.
bool both(int a, int b, int least);

/// Share of `part` in `all`.
double share(int part, int all);
