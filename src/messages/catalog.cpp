#include "messages/catalog.hpp"
namespace instdrv::messages {}
