import os

import lit.formats

config.name = "LinRec-Unit"
config.suffixes = []
config.test_source_root = os.path.join(config.linrec_binary_dir, "test", "unit")
config.test_exec_root = config.test_source_root
config.test_format = lit.formats.GoogleTest(".", "Tests")
for name in ["ASAN_OPTIONS", "UBSAN_OPTIONS", "OMP_NUM_THREADS", "LLVM_PROFILE_FILE"]:
    if name in os.environ:
        config.environment[name] = os.environ[name]
