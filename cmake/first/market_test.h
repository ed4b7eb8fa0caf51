// What a test of what knows the market reads.
#pragma once

#include "first/market.h"
#include "first/test.h"
