// The translator tables that have files of their own.
#pragma once

#include <span>

#include "importer/tensorflow/translation.h"

namespace sixtops::importer::tensorflow {

std::span<const TranslatorRow> layer_translators();
std::span<const TranslatorRow> movement_translators();

}  // namespace sixtops::importer::tensorflow
