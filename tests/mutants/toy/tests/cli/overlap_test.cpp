// What only the tests of the command line notice.
#include "spanlab/labels/overlap.h"

int main() {
  return share(1, 4) == 0.25 && share(1, 0) == 0.0 ? 0 : 1;
}
