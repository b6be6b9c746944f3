// rknn_create_mem and its kin, rknn_destroy_mem, rknn_mem_sync.
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstring>

#include "capi/open_context.h"
#include "capi/process_figures.h"

namespace sixtops::testing {
namespace {

TEST(Memory, OfOurOwnCanBeMappedAgain) {
  const OpenContext context(code_model());
  rknn_tensor_mem* mem = rknn_create_mem(context, 100);
  ASSERT_NE(mem, nullptr);
  EXPECT_EQ(mem->size, 100U);
  EXPECT_EQ(mem->offset, 0);
  EXPECT_EQ(mem->flags, RKNN_TENSOR_MEMORY_FLAGS_ALLOC_INSIDE);
  std::memset(mem->virt_addr, 7, 100);
  rknn_tensor_mem* again = rknn_create_mem_from_fd(context, mem->fd, nullptr, 50, 10);
  ASSERT_NE(again, nullptr);
  EXPECT_EQ(again->offset, 10);
  EXPECT_EQ(again->flags, RKNN_TENSOR_MEMORY_FLAGS_FROM_FD);
  EXPECT_EQ(static_cast<char*>(again->virt_addr)[again->offset], 7);
  EXPECT_EQ(rknn_destroy_mem(context, again), RKNN_SUCC);
  EXPECT_EQ(rknn_destroy_mem(context, mem), RKNN_SUCC);
}

TEST(Memory, FromOutsideIsNeverFreed) {
  const OpenContext context(code_model());
  char bytes[64] = {};
  rknn_tensor_mem* mem = rknn_create_mem_from_phys(context, 0x1000, bytes, sizeof(bytes));
  ASSERT_NE(mem, nullptr);
  EXPECT_EQ(mem->virt_addr, bytes);
  EXPECT_EQ(mem->phys_addr, 0x1000U);
  EXPECT_EQ(mem->flags, RKNN_TENSOR_MEMORY_FLAGS_FROM_PHYS);
  EXPECT_EQ(rknn_destroy_mem(context, mem), RKNN_SUCC);
  const int fd = memfd_create("test", 0);
  ASSERT_EQ(ftruncate(fd, 4096), 0);
  void* mapping = mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  mem = rknn_create_mem_from_fd(context, fd, mapping, 4000, 96);
  ASSERT_NE(mem, nullptr);
  EXPECT_EQ(mem->virt_addr, mapping);
  EXPECT_EQ(rknn_destroy_mem(context, mem), RKNN_SUCC);
  EXPECT_EQ(munmap(mapping, 4096), 0);
  EXPECT_EQ(close(fd), 0);
}

TEST(Memory, RefusesWhatMakesNoSense) {
  const OpenContext context(code_model());
  EXPECT_EQ(rknn_create_mem(context, 0), nullptr);
  EXPECT_EQ(rknn_create_mem2(context, uint64_t{1} << 33, 0), nullptr);
  EXPECT_EQ(rknn_create_mem2(context, 16, 1U << 20), nullptr);
  EXPECT_EQ(rknn_create_mem2(0, 16, 0), nullptr);
  EXPECT_EQ(rknn_create_mem_from_fd(context, -1, nullptr, 16, 0), nullptr);
  EXPECT_EQ(rknn_create_mem_from_fd(context, 0, nullptr, 16, -1), nullptr);
  EXPECT_EQ(rknn_create_mem_from_phys(context, 4096, nullptr, 16), nullptr);
  EXPECT_EQ(rknn_create_mem_from_mb_blk(context, nullptr, 0), nullptr);
  rknn_tensor_mem* mem = rknn_create_mem(context, 16);
  EXPECT_EQ(rknn_create_mem_from_fd(context, mem->fd, nullptr, 16, 1), nullptr);  // one byte too many
  EXPECT_EQ(rknn_mem_sync(context, mem, RKNN_MEMORY_SYNC_BIDIRECTIONAL), RKNN_SUCC);
  EXPECT_EQ(rknn_mem_sync(context, mem, static_cast<rknn_mem_sync_mode>(0)), RKNN_ERR_PARAM_INVALID);
  EXPECT_EQ(rknn_mem_sync(context, nullptr, RKNN_MEMORY_SYNC_TO_DEVICE), RKNN_ERR_PARAM_INVALID);
  rknn_tensor_mem foreign = *mem;
  EXPECT_EQ(rknn_mem_sync(context, &foreign, RKNN_MEMORY_SYNC_TO_DEVICE), RKNN_ERR_PARAM_INVALID);
  EXPECT_EQ(rknn_destroy_mem(context, &foreign), RKNN_ERR_PARAM_INVALID);
  EXPECT_EQ(rknn_destroy_mem(context, nullptr), RKNN_ERR_PARAM_INVALID);
  EXPECT_EQ(rknn_destroy_mem(context, mem), RKNN_SUCC);
  EXPECT_EQ(rknn_destroy_mem(context, mem), RKNN_ERR_PARAM_INVALID);  // twice
}

TEST(Memory, OutlivesItsContextAndIsStillFreed) {
  rknn_tensor_mem* mem = nullptr;
  {
    const OpenContext context(code_model());
    mem = rknn_create_mem(context, 16);
  }
  static_cast<char*>(mem->virt_addr)[15] = 1;
  const int before = open_descriptors();
  EXPECT_EQ(rknn_destroy_mem(1, mem), RKNN_ERR_CTX_INVALID);
  EXPECT_EQ(open_descriptors(), before - 1);
}

TEST(Memory, TenThousandAllocationsWithoutAContextLeakNoDescriptor) {
  const OpenContext context(code_model());
  const int before = open_descriptors();
  for (int i = 0; i < (kIsSanitized ? 2000 : 10000); ++i) {
    rknn_tensor_mem* mem = rknn_create_mem2(0, 4096, RKNN_MEM_FLAG_ALLOC_NO_CONTEXT);
    ASSERT_NE(mem, nullptr) << i;
    ASSERT_EQ(rknn_destroy_mem(context, mem), RKNN_SUCC);
  }
  EXPECT_EQ(open_descriptors(), before);
}

TEST(Memory, ForWeightsAndInternalTensors) {
  const OpenContext context(two_inputs_model(), RKNN_FLAG_MEM_ALLOC_OUTSIDE);
  rknn_mem_size size = {};
  ASSERT_EQ(rknn_query(context, RKNN_QUERY_MEM_SIZE, &size, sizeof(size)), RKNN_SUCC);
  rknn_tensor_mem* mem = rknn_create_mem(context, size.total_weight_size + size.total_internal_size + 1);
  EXPECT_EQ(rknn_set_weight_mem(context, mem), RKNN_SUCC);
  EXPECT_EQ(rknn_set_internal_mem(context, mem), RKNN_SUCC);
  EXPECT_EQ(rknn_set_weight_mem(context, nullptr), RKNN_ERR_PARAM_INVALID);
  EXPECT_EQ(rknn_set_internal_mem(context, nullptr), RKNN_ERR_PARAM_INVALID);
  const OpenContext inside(two_inputs_model());
  EXPECT_EQ(rknn_set_weight_mem(inside, mem), RKNN_ERR_PARAM_INVALID);
  const OpenContext internal(two_inputs_model(), RKNN_FLAG_INTERNAL_ALLOC_OUTSIDE);
  EXPECT_EQ(rknn_set_internal_mem(internal, mem), RKNN_SUCC);
  EXPECT_EQ(rknn_set_weight_mem(internal, mem), RKNN_ERR_PARAM_INVALID);
  EXPECT_EQ(rknn_destroy_mem(context, mem), RKNN_SUCC);
}

}  // namespace
}  // namespace sixtops::testing
