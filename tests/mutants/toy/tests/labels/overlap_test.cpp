// Notices every change of overlap() and both(), none of share().
#include "spanlab/labels/overlap.h"

int main() {
  const bool good = overlap(0, 9, 5, 14) == 5 && overlap(5, 14, 0, 9) == 5 &&
                    overlap(0, 4, 5, 9) == 0 && overlap(0, 4, 7, 9) == 0 &&
                    overlap(0, 4, 4, 9) == 1;
  const bool all =
      both(1, 1, 2) && both(3, 3, 2) && !both(0, 2, 2) && !both(2, 0, 2) && !both(1, 1, 3);
  return good && all ? 0 : 1;
}
