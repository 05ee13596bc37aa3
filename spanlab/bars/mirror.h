// A series seen in a mirror: what rose falls.
#pragma once

#include "spanlab/bars/series.h"

namespace spanlab {

/// Every price p becomes c - p, highs and lows change places; c = highest high + lowest low keeps
/// all prices above 0 and in their range. Times and volumes stay.
Series mirrored(const Series& series);

}  // namespace spanlab
