// What a file that knows the market reads.
#pragma once

#include "first/std.h"
#include "market/market.h"
